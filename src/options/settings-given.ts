import { resolve } from "node:path"
import { expandHome } from "../platform/platform.ts"
import { definitions } from "./given.ts"
import type { Sources } from "./look-up.ts"

/**
 * Not saved with a profile as they were given: the sign-in tells the account and the role; `remember` stands in
 * `[default]` only.
 */
const notSaved = new Set(["account", "role", "remember"])

/**
 * The settings that this run was given by the command line or by `PUM_*` variables, as `[profile NAME]` of `~/.pum-aws`
 * takes them: texts by key. Paths become absolute.
 * @param withUsername whether the user name is one of them; else the sign-in tells it
 */
export function settingsGiven(
  { given, variable }: Pick<Sources, "given" | "variable">,
  home: string,
  withUsername: boolean,
): Record<string, string> {
  const options: Readonly<Record<string, unknown>> = given
  const settings: Record<string, string> = {}
  for (const [name, { key, env = [] }] of definitions) {
    if (key === undefined || notSaved.has(key) || (key === "username" && !withUsername)) continue
    const own = env.filter(each => each.startsWith("PUM_"))
    const text = options[name] ?? own.map(each => variable(each)?.text).find(Boolean)
    if (text === undefined) continue
    settings[key] = key === "ca_bundle" ? resolve(expandHome(String(text), home)) : String(text)
  }
  if (given.noReadOnly) settings.read_only = "no"
  return settings
}
