import { PumError } from "../errors.ts"
import type { ConfigFile, ConfigSection } from "./config-file.ts"
import { lookUp, type Sources } from "./look-up.ts"
import type { WrittenValue } from "./option-definition.ts"
import { isReadOnly } from "./read-policy.ts"

/** The options that each of several profiles has for itself. */
export interface ProfileOptions {
  readonly profile: string
  readonly account: string | undefined
  readonly role: string | undefined
  readonly region: string | undefined
  /** Seconds. */
  readonly duration: number
  readonly readOnly: boolean
  /** Whether its section names neither account nor role: then its name is the first word of its role's name. */
  readonly byName: boolean
}

/** Keys that several profiles may have for themselves. All others are about the sign-in, which they share. */
const ownKeys = new Set(["account", "role", "region", "duration", "read_only"])

/** @throws PumError `usage` that names the source of a bad value */
export function readProfileOptions(profile: string, sources: Sources): ProfileOptions {
  const { profiles, defaults } = sources.config
  const section = profiles.get(profile)
  const sections = [section, defaults]
  const byName = section?.get("account") === undefined && section?.get("role") === undefined
  return {
    profile,
    account: lookUp("account", sources, sections),
    role: lookUp("role", sources, byName ? [] : sections),
    region: lookUp("region", sources, sections),
    duration: lookUp("duration", sources, sections),
    readOnly: isReadOnly(sources, sections),
    byName,
  }
}

/**
 * Reads those of every `[profile NAME]` when they are needed: a file may have hundreds, and be read for each of as many
 * profiles on demand.
 */
export function entriesReader(sources: Sources): () => ReadonlyMap<string, ProfileOptions> {
  let entries: ReadonlyMap<string, ProfileOptions> | undefined
  return () => {
    const names = [...sources.config.profiles.keys()]
    entries ??= new Map(names.map(name => [name, readProfileOptions(name, sources)]))
    return entries
  }
}

/**
 * The section that stands for those of several profiles: what they say about the sign-in.
 * @throws PumError `usage` if they disagree
 */
export function sharedSection(names: readonly string[], { profiles, defaults }: ConfigFile): ConfigSection {
  const shared = new Map<string, WrittenValue>()
  const keys = names.flatMap(name => [...(profiles.get(name)?.keys() ?? [])])
  for (const key of new Set(keys.filter(each => !ownKeys.has(each)))) {
    const value = sharedValue(key, names, { profiles, defaults })
    if (value !== undefined) shared.set(key, value)
  }
  return shared
}

function sharedValue(
  key: string,
  names: readonly string[],
  { profiles, defaults }: Pick<ConfigFile, "profiles" | "defaults">,
): WrittenValue | undefined {
  // The user name of [default] is only offered: a profile without one of its own agrees with every other.
  const isUsername = key === "username"
  const values = names
    .map(name => {
      const candidates = [profiles.get(name)?.get(key), isUsername ? undefined : defaults.get(key)]
      return { name, value: candidates.find(candidate => candidate?.text) }
    })
    .filter(({ value }) => value !== undefined || !isUsername)
  const [first] = values
  const differing = values.find(({ value }) => value?.text !== first?.value?.text)
  if (first === undefined || differing === undefined) return first?.value
  throw new PumError(
    "usage",
    `the profiles ${first.name} and ${differing.name} differ in ${key}, but share one sign-in`,
    { hint: "store them in two runs" },
  )
}
