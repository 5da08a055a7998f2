import type { Environment, Options } from "../options/options.ts"
import { findProgram } from "./find-program.ts"

/** 1Password's item, and the program that reads it. */
export interface FoundVault {
  readonly op: string
  readonly account: string
  readonly item: string
}

type Choice = Pick<Options, "onePassword" | "passwordCommand" | "passwordStdin">

/** 1Password where it is to be asked: nothing else gives the password, and its `op` is on the PATH. */
export function findVault(
  { onePassword, passwordCommand, passwordStdin }: Choice,
  env: Environment,
): FoundVault | undefined {
  if (onePassword === undefined || passwordCommand !== undefined || passwordStdin) return undefined
  const op = findProgram("op", env.PATH ?? env.Path)
  return op === undefined ? undefined : { op, ...onePassword }
}
