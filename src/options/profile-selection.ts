import { notTogether } from "./given.ts"
import { lookUp, type Sources } from "./look-up.ts"
import { optionTable } from "./option-table.ts"

/** The profiles that a run is for. */
export type ProfileSelection =
  /** `undefined`: not named. */
  | { readonly kind: "one"; readonly profile: string | undefined }
  /** Those of --profiles. */
  | { readonly kind: "named"; readonly names: readonly string[] }
  /** One for each role: --all. */
  | { readonly kind: "all" }

/**
 * Chooses between --profile, --profiles and --all. An option wins over the environment.
 * @throws PumError `usage` if two of them come from the same source
 */
export function selectProfiles(sources: Sources): ProfileSelection {
  switch (selectorOf(sources)) {
    case "profile":
      return { kind: "one", profile: lookUp("profile", sources, []) }
    case "profiles":
      return { kind: "named", names: lookUp("profiles", sources, []) ?? [] }
    case "all":
      return { kind: "all" }
  }
}

const selectors = ["profile", "profiles", "all"] as const

function selectorOf({ given, variable }: Sources): (typeof selectors)[number] {
  const options = selectors.filter(name => given[name] !== undefined)
  refuseTwo(options.map(name => optionTable[name].long))
  const [option] = options
  if (option !== undefined) return option
  const [profile, profiles] = ([optionTable.profile, optionTable.profiles] as const).map(({ env }) =>
    variable(env[0]),
  )
  if (profile?.text && profiles?.text) refuseTwo([profile.source, profiles.source])
  return profiles?.text ? "profiles" : "profile"
}

function refuseTwo([one, other]: readonly string[]): void {
  if (one === undefined || other === undefined) return
  throw notTogether(
    [one, other],
    "leave one of them out: --profile stores one profile, --profiles several, --all one for each role",
  )
}
