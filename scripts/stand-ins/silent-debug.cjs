// Stands in for debug, by which libraries print what they do if the environment has DEBUG. https-proxy-agent prints the
// proxy's password.
module.exports = () => () => {}
