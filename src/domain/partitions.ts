import { PumError } from "../errors.ts"

/** A part of AWS with regions, accounts and servers of its own. */
export interface Partition {
  /** How the names of its regions begin. */
  readonly regionPrefix: string
  /** The region for a profile that names no region of this partition. */
  readonly defaultRegion: string
  /** Ends the host names of its APIs. */
  readonly dnsSuffix: string
  /** Takes assertions from browsers; a region's own host has the region in front: `eu-north-1.signin.aws.amazon.com`. */
  readonly signInHost: string
  /** Trades a session for a sign-in token for the console. */
  readonly federationHost: string
  readonly consoleHost: string
}

export const defaultRegion = "eu-central-1"

/**
 * AWS' partitions by name, the second part of an ARN. Prefixes, regions and suffixes are those of the endpoint rules in
 * AWS' SDKs; hosts are from the IAM User Guide ("Enable custom identity broker access to the AWS console") and, for
 * `aws-eusc`, from the rules of the SDK's sign-in service, which know hosts of a region only.
 */
export const partitions: ReadonlyMap<string, Partition> = new Map(
  Object.entries({
    aws: {
      regionPrefix: "",
      defaultRegion,
      dnsSuffix: "amazonaws.com",
      signInHost: "signin.aws.amazon.com",
      federationHost: "signin.aws.amazon.com",
      consoleHost: "console.aws.amazon.com",
    },
    "aws-us-gov": {
      regionPrefix: "us-gov-",
      defaultRegion: "us-gov-west-1",
      dnsSuffix: "amazonaws.com",
      signInHost: "signin.amazonaws-us-gov.com",
      federationHost: "signin.amazonaws-us-gov.com",
      consoleHost: "console.amazonaws-us-gov.com",
    },
    "aws-cn": {
      regionPrefix: "cn-",
      defaultRegion: "cn-north-1",
      dnsSuffix: "amazonaws.com.cn",
      signInHost: "signin.amazonaws.cn",
      federationHost: "signin.amazonaws.cn",
      consoleHost: "console.amazonaws.cn",
    },
    "aws-eusc": {
      regionPrefix: "eusc-",
      defaultRegion: "eusc-de-east-1",
      dnsSuffix: "amazonaws.eu",
      signInHost: "signin.amazonaws-eusc.eu",
      federationHost: "eusc-de-east-1.signin.amazonaws-eusc.eu",
      consoleHost: "console.amazonaws-eusc.eu",
    },
  }),
)

/** @throws PumError `awsRefused` if the partition is not in the table */
export function partitionNamed(name: string): Partition {
  const partition = partitions.get(name)
  if (partition !== undefined) return partition
  throw new PumError("awsRefused", `roles of the partition ${name} are not supported`)
}

/** The name of the partition that a region belongs to. A region with none of the prefixes belongs to `aws`. */
export function partitionOfRegion(region: string): string {
  for (const [name, { regionPrefix }] of partitions)
    if (regionPrefix !== "" && region.startsWith(regionPrefix)) return name
  return "aws"
}

/**
 * The address of STS in one region.
 * @throws PumError `awsRefused`
 */
export function regionalStsEndpoint(partition: string, region: string): string {
  return `https://sts.${region}.${partitionNamed(partition).dnsSuffix}`
}
