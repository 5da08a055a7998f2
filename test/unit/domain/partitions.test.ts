import { STSClient } from "@aws-sdk/client-sts"
import { beforeAll, describe, expect, it, vi } from "vitest"
import {
  partitionNamed,
  partitionOfRegion,
  partitions,
  regionalStsEndpoint,
} from "../../../src/domain/partitions.ts"

beforeAll(() => {
  vi.stubEnv("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true")
})

/** Where the SDK, by the endpoint rules it carries, would send a call to STS. */
function sdkEndpoint(Region: string): string {
  const { endpointProvider } = new STSClient({ region: Region }).config
  const { url } = endpointProvider({ Region, UseDualStack: false, UseFIPS: false, UseGlobalEndpoint: false })
  return url.origin
}

describe("the table of partitions", () => {
  it.each([...partitions])("agrees with the SDK about %s", (name, { defaultRegion }) => {
    expect(partitionOfRegion(defaultRegion)).toBe(name)
    expect(regionalStsEndpoint(name, defaultRegion)).toBe(sdkEndpoint(defaultRegion))
  })

  it.each([
    ["aws", "signin.aws.amazon.com", "signin.aws.amazon.com", "console.aws.amazon.com"],
    [
      "aws-us-gov",
      "signin.amazonaws-us-gov.com",
      "signin.amazonaws-us-gov.com",
      "console.amazonaws-us-gov.com",
    ],
    ["aws-cn", "signin.amazonaws.cn", "signin.amazonaws.cn", "console.amazonaws.cn"],
    [
      "aws-eusc",
      "signin.amazonaws-eusc.eu",
      "eusc-de-east-1.signin.amazonaws-eusc.eu",
      "console.amazonaws-eusc.eu",
    ],
  ])("knows sign-in and console of %s", (name, signInHost, federationHost, consoleHost) => {
    expect(partitionNamed(name)).toMatchObject({ signInHost, federationHost, consoleHost })
  })

  it.each(["aws-moon", "", "constructor"])("does not know the partition %j", name => {
    expect(() => partitionNamed(name)).toThrow(
      expect.objectContaining({
        code: "awsRefused",
        message: `roles of the partition ${name} are not supported`,
      }),
    )
  })
})
