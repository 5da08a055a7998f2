// Prints who AWS takes its caller for. It asks as any program of a user does: the AWS SDK for JavaScript finds
// credentials and region in the environment and in the AWS files. `node who-am-i.mjs [profile]`
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts"
import { HttpsProxyAgent } from "https-proxy-agent"

// The version of the SDK is pinned: what its next one will need is no news here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true"
const [profile] = process.argv.slice(2)
const client = new STSClient({
  ...(profile === undefined ? {} : { profile }),
  // The SDK does not read this variable.
  requestHandler: { httpsAgent: new HttpsProxyAgent(process.env.HTTPS_PROXY) },
})
try {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}))
  console.log(Arn)
} catch (error) {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
}
