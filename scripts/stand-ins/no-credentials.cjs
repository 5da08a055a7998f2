// Stands in for the SDK's search for credentials: AssumeRoleWithSAML is not signed, and must not read ~/.aws.
exports.defaultProvider = () => async () => {
  throw new Error("left out of the bundle")
}
exports.SignatureV4MultiRegion = class SignatureV4MultiRegion {}
