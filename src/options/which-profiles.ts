import { PumError } from "../errors.ts"
import type { ConfigFile, ConfigSection } from "./config-file.ts"
import type { Found } from "./env-file.ts"

/** What was decided about one of several profiles. */
export interface ProfileOptions {
  readonly profile: string
  readonly account: string | undefined
  readonly role: string | undefined
  readonly region: string | undefined
  /** Seconds. */
  readonly duration: number
  /** Whether its own entry says nothing of the role: then its name is how that role's name begins. */
  readonly byName: boolean
}

const ways = ["profile", "profiles", "all"] as const

/**
 * Whether this run is for one profile, for those of --profiles, or for every role. An option wins over the
 * environment; two of them in one place contradict each other.
 * @throws PumError `usage`
 */
export function whichProfiles(
  given: Readonly<Record<string, string | boolean | undefined>>,
  inEnvironment: (variable: string) => Found | undefined,
): (typeof ways)[number] {
  const options = ways.filter(way => given[way] !== undefined)
  refuseTwo(options.map(way => `--${way}`))
  const [option] = options
  if (option !== undefined) return option
  const said = ["PUM_PROFILE", "PUM_PROFILES"]
    .map(inEnvironment)
    .filter(found => found !== undefined && found.text !== "")
  refuseTwo(said.map(found => found?.place ?? ""))
  return inEnvironment("PUM_PROFILES")?.text ? "profiles" : "profile"
}

function refuseTwo([one, other]: readonly string[]): void {
  if (one === undefined || other === undefined) return
  throw new PumError("usage", `${one} and ${other} exclude each other`, {
    hint: "one run stores one profile, those of --profiles, or with --all one for each role",
  })
}

/** What each of several profiles may have for itself. */
const ownKeys = new Set(["account", "role", "region", "duration"])

/**
 * What the entries of several profiles say about the sign-in, which they share.
 * @throws PumError `usage` where they ask for different ones
 */
export function sharedSection(names: readonly string[], { profiles, defaults }: ConfigFile): ConfigSection {
  const shared = new Map<string, Found>()
  const keys = names.flatMap(name => [...(profiles.get(name)?.keys() ?? [])])
  for (const key of new Set(keys.filter(each => !ownKeys.has(each)))) {
    let first: { readonly name: string; readonly value: Found | undefined } | undefined
    for (const name of names) {
      // The user name of [default] is the last one that was typed: it decides nothing.
      const fallback = key === "username" ? undefined : defaults.get(key)
      const value = [profiles.get(name)?.get(key), fallback].find(found => found?.text)
      if (value === undefined && key === "username") continue
      first ??= { name, value }
      if (first.value?.text === value?.text) continue
      throw new PumError("usage", `${first.name} and ${name} differ in ${key}, and one sign-in serves both`, {
        hint: "store them in two runs",
      })
    }
    if (first?.value !== undefined) shared.set(key, first.value)
  }
  return shared
}
