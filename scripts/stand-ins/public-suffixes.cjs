// Stands in for tldts, the public suffix list of tough-cookie (135 kB). The jar of one sign-in rejects no public
// suffixes; it asks for a host's registrable domain only to know where the walk from domain to sub-domain begins.
// Beginning at the last two labels is right for every domain, and looks up one entry more for `co.uk`.
exports.getDomain = host => {
  const labels = host.split(".")
  return labels.length < 2 || /^[\d.]+$|:/.test(host) ? null : labels.slice(-2).join(".")
}
