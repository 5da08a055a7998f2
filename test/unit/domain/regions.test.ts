import { describe, expect, it } from "vitest"
import { regionalStsEndpoint } from "../../../src/domain/partitions.ts"
import { preferredRegion, regionInPartition, regionPattern } from "../../../src/domain/regions.ts"

describe("regionInPartition", () => {
  it.each([
    ["aws", "eu-north-1", false, "https://sts.eu-north-1.amazonaws.com"],
    ["aws", "us-east-1", true, "https://sts.us-east-1.amazonaws.com"],
    ["aws", "us-gov-west-1", false, "https://sts.eu-central-1.amazonaws.com"],
    ["aws-us-gov", "eu-central-1", false, "https://sts.us-gov-west-1.amazonaws.com"],
    ["aws-us-gov", "us-gov-east-1", true, "https://sts.us-gov-east-1.amazonaws.com"],
    ["aws-cn", "eu-central-1", false, "https://sts.cn-north-1.amazonaws.com.cn"],
    ["aws-cn", "cn-northwest-1", true, "https://sts.cn-northwest-1.amazonaws.com.cn"],
    ["aws-eusc", "eu-central-1", false, "https://sts.eusc-de-east-1.amazonaws.eu"],
    ["aws", "eusc-de-east-1", false, "https://sts.eu-central-1.amazonaws.com"],
  ])("a role of %s with the region %s (asked for: %s) uses %s", (partition, region, asked, endpoint) => {
    expect(regionalStsEndpoint(partition, regionInPartition(partition, region, asked))).toBe(endpoint)
  })

  it("says so when the region asked for is of no use with the role", () => {
    expect(() => regionInPartition("aws-cn", "eu-north-1", true)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: "the region eu-north-1 is not in the role's partition aws-cn",
        hint: "use --region cn-north-1, for example",
      }),
    )
  })

  it("refuses partitions whose servers it does not know", () => {
    expect(() => regionInPartition("aws-moon", "eu-north-1", false)).toThrow(
      expect.objectContaining({
        code: "awsRefused",
        message: "roles of the partition aws-moon are not supported",
      }),
    )
  })
})

describe("preferredRegion", () => {
  it("takes what was asked for, else the profile's own, else eu-central-1", () => {
    expect(preferredRegion("eu-north-1", "eu-west-1")).toBe("eu-north-1")
    expect(preferredRegion(undefined, "eu-west-1")).toBe("eu-west-1")
    expect(preferredRegion(undefined, undefined)).toBe("eu-central-1")
  })
})

describe("regionPattern", () => {
  it.each(["eu-central-1", "us-gov-west-1", "ap-southeast-4", "cn-northwest-1", "eusc-de-east-1"])(
    "takes %s",
    region => {
      expect(region).toMatch(regionPattern)
    },
  )
  it.each([
    "",
    "eu",
    "eu-central",
    "eu-central-1.evil.com",
    "EU-CENTRAL-1",
    "eu-central-1\n",
    "x/eu-central-1",
  ])("refuses %j", region => {
    expect(region).not.toMatch(regionPattern)
  })
})
