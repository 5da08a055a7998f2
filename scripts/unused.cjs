// Stands in for form-data: axios loads it for multipart bodies, which this program never sends. With its table of
// media types it would be a tenth of the package.
module.exports = class FormData {}
