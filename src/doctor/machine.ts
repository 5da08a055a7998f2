import { existsSync } from "node:fs"
import { release } from "node:os"
import { join } from "node:path"
import type { Environment } from "../platform/platform.ts"
import { findProgram } from "../platform/programs.ts"
import { keyringFolder } from "../remembered/keychain.ts"
import { type Check, fine, named, type Observation, warning } from "./check.ts"

export interface MachineSettings {
  readonly env: Environment
  readonly version: string
  /** Path of the program that runs. */
  readonly script: string
  /** Whether questions can be asked. */
  readonly hasTerminal: boolean
  readonly usesOnePassword: boolean
  /** Whether something is to be remembered, which needs the keychain. */
  readonly remembers: boolean
}

/** What this process runs on, and the programs that could give it answers. They are looked for, not started. */
export function checkMachine(settings: MachineSettings): Check[] {
  const { env, version, hasTerminal, usesOnePassword, remembers } = settings
  const onePassword = findProgram("op", env)
  return [
    ...named("program", [
      fine(
        `pum-aws ${version}, Node.js ${process.versions.node}, ${process.platform} ${process.arch} ${release()}`,
      ),
    ]),
    ...named("terminal", [
      hasTerminal
        ? fine(env.TERM === "dumb" ? "there is one, for plain lines only (TERM is dumb)" : "there is one")
        : warning(
            "there is none: questions cannot be asked",
            "give every answer by an option, a setting or stdin",
          ),
    ]),
    ...named("1Password", [
      !usesOnePassword
        ? fine("it is not used")
        : fine(
            onePassword === undefined ? "its program op is not on the PATH" : "its program op is on the PATH",
          ),
    ]),
    ...named("keychain", [checkKeyring(hasKeyring(settings.script), remembers)]),
  ]
}

function checkKeyring(isThere: boolean, isNeeded: boolean): Observation {
  if (isThere) return fine("@napi-rs/keyring is installed beside pum-aws")
  if (!isNeeded) return fine("none is used")
  return warning(
    "nothing can be remembered: @napi-rs/keyring is not installed beside pum-aws",
    "install both together with npm install -g, or set remember to off",
  )
}

function hasKeyring(script: string): boolean {
  try {
    return existsSync(join(keyringFolder(script), "package.json"))
  } catch {
    return false
  }
}
