import { PumError } from "../errors.ts"

interface Partition {
  /** What the names of its regions begin with. */
  readonly prefix: string
  readonly suffix: string
  /** Where the console is, and where its sign-in is. */
  readonly host: string
  readonly signIn: string
  /** Used where the profile names no region of this partition. */
  readonly region: string
}

export const defaultRegion = "eu-central-1"

/** AWS' partitions: names are the second part of an ARN. Unlisted prefixes belong to `aws`. */
const partitions: Readonly<Record<string, Partition>> = {
  aws: {
    prefix: "",
    suffix: "amazonaws.com",
    region: defaultRegion,
    host: "console.aws.amazon.com",
    signIn: "signin.aws.amazon.com",
  },
  "aws-us-gov": {
    prefix: "us-gov-",
    suffix: "amazonaws.com",
    region: "us-gov-west-1",
    host: "console.amazonaws-us-gov.com",
    signIn: "signin.amazonaws-us-gov.com",
  },
  "aws-cn": {
    prefix: "cn-",
    suffix: "amazonaws.com.cn",
    region: "cn-north-1",
    host: "console.amazonaws.cn",
    signIn: "signin.amazonaws.cn",
  },
}

export const regionPattern = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/

function partitionOf(region: string): string {
  const found = Object.entries(partitions).find(
    ([, { prefix }]) => prefix !== "" && region.startsWith(prefix),
  )
  return found?.[0] ?? "aws"
}

/**
 * The region to use with a role of this partition: the profile's own where it lies in the partition, else the
 * partition's first.
 * @throws PumError `usage` when the user asked for a region that the role cannot be used in
 */
export function regionFor(partition: string, region: string, asked: boolean): string {
  const known = partitions[partition]
  if (known === undefined)
    throw new PumError("awsRefused", `roles of the partition ${partition} are not supported`)
  if (partitionOf(region) === partition) return region
  if (!asked) return known.region
  throw new PumError("usage", `the region ${region} is not in the role's partition ${partition}`, {
    hint: `use --region ${known.region}, for example`,
  })
}

/** How many calls to STS may be on their way at one time. */
export const callsAtOnce = 8

/** The region to ask STS in: the one that was named, else the profile's own. */
export function regionOf(asked: string | undefined, own: string | undefined): string {
  return asked ?? own ?? defaultRegion
}

export function endpointOf(partition: string, region: string): string {
  return `https://sts.${region}.${partitions[partition]?.suffix ?? "amazonaws.com"}`
}

/** Hosts of the console and of its sign-in. */
export function consoleOf(partition: string): { readonly host: string; readonly signIn: string } {
  const found = partitions[partition] ?? partitions.aws
  if (found === undefined) throw new RangeError(`no partition ${partition}`)
  return found
}
