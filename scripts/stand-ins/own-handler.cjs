// The client is given a handler (src/aws/sts-http-handler.ts), whose answers hold their bytes.
const NodeHttpHandler = { create: handler => handler }

module.exports = { NodeHttpHandler, NodeHttp2Handler: NodeHttpHandler, streamCollector: () => {} }
