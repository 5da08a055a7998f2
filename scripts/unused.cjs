// Stands in for what axios loads and this program never uses: form-data, for multipart bodies, whose table of media
// types would be a tenth of the package, and follow-redirects, because redirects are followed by hand.
module.exports = class Unused {}
