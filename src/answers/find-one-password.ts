import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import { findProgram } from "../platform/programs.ts"

/** An item of 1Password, and the program that reads it. */
export interface OnePassword {
  /** Absolute path of `op`. */
  readonly op: string
  readonly account: string
  readonly item: string
}

/** @returns undefined if 1Password is switched off or not installed, or if something else gives the password */
export function findOnePassword(
  options: Pick<Options, "onePassword" | "passwordCommand" | "passwordStdin">,
  env: Environment,
): OnePassword | undefined {
  const { onePassword, passwordCommand, passwordStdin } = options
  if (onePassword === undefined || passwordCommand !== undefined || passwordStdin) return undefined
  const op = findProgram("op", env)
  return op === undefined ? undefined : { op, ...onePassword }
}
