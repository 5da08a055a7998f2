import { PumError } from "../errors.ts"
import { defaultRegion, partitionNamed, partitionOfRegion } from "./partitions.ts"

export const regionPattern = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/

/** How many calls to STS may run at the same time. */
export const maxConcurrentStsCalls = 8

/**
 * The region to ask STS in, before the role is known.
 * @param requested named by option, environment or `~/.pum-aws`
 * @param stored the profile's own, from `~/.aws/config`
 */
export function preferredRegion(requested: string | undefined, stored: string | undefined): string {
  return requested ?? stored ?? defaultRegion
}

/**
 * The region to use with a role of this partition: `region` if it lies in the partition, else the partition's default.
 * @param isRequested whether the user named the region
 * @throws PumError `usage` if the user named a region of another partition, `awsRefused` if the partition is unknown
 */
export function regionInPartition(partition: string, region: string, isRequested: boolean): string {
  const { defaultRegion: fallback } = partitionNamed(partition)
  if (partitionOfRegion(region) === partition) return region
  if (!isRequested) return fallback
  throw new PumError("usage", `the region ${region} is not in the role's partition ${partition}`, {
    hint: `use --region ${fallback}, for example`,
  })
}
