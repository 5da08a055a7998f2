import { resolve } from "node:path"
import { PumError } from "../errors.ts"
import type { ConfigSection } from "./config-file.ts"
import { lookUp, type Sources } from "./look-up.ts"
import type { Remember } from "./parse-values.ts"

/**
 * What this run remembers. What is remembered signs the user in, so only the user switches it on: by the option, or in
 * `[default]` of `~/.pum-aws`. The environment could be that of a cloned repository, and so could a file that it names.
 * @returns `undefined` if nothing says so
 * @throws PumError `usage` if it is set anywhere else
 */
export function readRemember(sources: Sources, home: string): Remember | undefined {
  const { config, configFile, variable } = sources
  const inEnvironment = variable("PUM_REMEMBER")
  if (inEnvironment?.text) throw refused(inEnvironment.source)
  for (const section of config.profiles.values()) {
    const written = section.get("remember")
    if (written?.text) throw refused(written.source)
  }
  const written = config.defaults.get("remember")
  if (written?.text && configFile.path !== resolve(home, ".pum-aws")) throw refused(written.source)
  return lookUp("remember", sources, [config.defaults])
}

/**
 * Whether to ask before a remembered sign-in is used.
 * @param section of the profiles of this run; `undefined` with --all: they are known after the sign-in only, so one
 *   profile that wants the question is enough
 */
export function readConfirm(
  sources: Sources,
  section: ConfigSection | undefined,
  isForAll: boolean,
): boolean {
  const { profiles, defaults } = sources.config
  const sections = isForAll ? [undefined, ...profiles.values()] : [section]
  return sections.some(each => lookUp("confirm", sources, [each, defaults]))
}

function refused(source: string): PumError {
  return new PumError("usage", `${source}: remembering cannot be switched on here`, {
    hint: "use the option --remember, or write remember in [default] of ~/.pum-aws in your home folder",
  })
}
