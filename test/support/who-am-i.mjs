// Prints who AWS takes its caller for. It asks as any program of a user does: the AWS SDK for JavaScript finds
// credentials and region in the environment and in the AWS files. `node who-am-i.mjs [profile]`
import { readFileSync } from "node:fs"
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts"
import { HttpsProxyAgent } from "https-proxy-agent"

// The version of the SDK is pinned: what its next one will need is no news here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true"
const [profile] = process.argv.slice(2)
// The SDK does not read these variables.
const { HTTPS_PROXY, AWS_CA_BUNDLE } = process.env
const httpsAgent = new HttpsProxyAgent(HTTPS_PROXY)
if (AWS_CA_BUNDLE) httpsAgent.options.ca = readFileSync(AWS_CA_BUNDLE)
const client = new STSClient({
  ...(profile === undefined ? {} : { profile }),
  requestHandler: { httpsAgent },
})
try {
  const { Arn } = await client.send(new GetCallerIdentityCommand({}))
  console.log(Arn)
} catch (error) {
  console.error(`${error.name}: ${error.message}`)
  process.exitCode = 1
}
