// AssumeRoleWithSAML is not signed: the assertion is the proof.
class Unused {}

module.exports = { SignatureV4: Unused, SignatureV4Base: Unused }
