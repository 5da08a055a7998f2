import { homedir } from "node:os"
import { join } from "node:path"
import { python, whoAmI, whoAmIByCli1 } from "./aws-cli.ts"
import { whoAmI as whoAmIBySdk } from "./sdk.ts"

/** The program of test/systems/clients/go, as scripts/install-clients.sh builds it. */
export const goClient = join(
  process.env.PUM_TEST_GO_CLIENT ?? join(homedir(), ".cache/pum-aws-go-client"),
  "who-am-i",
)

const javaFolder = process.env.PUM_TEST_JAVA_CLIENT ?? join(homedir(), ".cache/pum-aws-java-client")
/** The command line of the program of test/systems/clients/java. The options make it start fast. */
export const javaClient = [
  "java",
  "-XX:TieredStopAtLevel=1",
  "-XX:+UseSerialGC",
  "-cp",
  `${javaFolder}/*:${javaFolder}`,
  "WhoAmI",
] as const

const boto3 = (profile: string) =>
  `import boto3; print(boto3.Session(profile_name='${profile}').client('sts').get_caller_identity()['Arn'])`

/** By the name of an AWS tool, a line of shell that prints who AWS takes the user of a profile for. */
export const awsClients: Readonly<Record<string, (profile: string) => string>> = {
  "the AWS CLI 2": profile => `${whoAmI} --profile ${profile}`,
  "the AWS CLI 1": profile => `${whoAmIByCli1} --profile ${profile}`,
  boto3: profile => `${python} -c "${boto3(profile)}"`,
  "the SDK for JavaScript 3": profile => `${process.execPath} ${whoAmIBySdk} ${profile}`,
  "the SDK for Go 2": profile => `${goClient} sdk arn ${profile}`,
  "Terraform's aws-sdk-go-base": profile => `${goClient} terraform arn ${profile}`,
  "the SDK for Java 2": profile => `${javaClient.map(word => `'${word}'`).join(" ")} arn ${profile}`,
}
