import { PumError } from "../errors.ts"

/** Whose language `--export` speaks. */
export const shells = ["bash", "zsh", "sh", "fish", "powershell", "cmd", "dotenv"] as const
export type Shell = (typeof shells)[number]

/** What becomes of the credentials. */
export type Mode =
  /** Stored in a profile of the AWS files. */
  | { readonly kind: "profile" }
  /** In the environment of a program. */
  | { readonly kind: "command"; readonly file: string; readonly args: readonly string[] }

/** What stood on the command line, by option. */
export type Given = Readonly<Record<string, string | boolean | undefined>>

/**
 * The one mode that was asked for.
 * @param command what stood behind `--`
 * @throws PumError `usage` where there are several, or one that makes no sense
 */
export function modeOf(_given: Given, command: readonly string[] | undefined): Mode {
  if (command === undefined) return { kind: "profile" }
  const [file, ...args] = command
  if (file === undefined || file === "")
    throw new PumError("usage", "no command stands behind --", {
      hint: "for example: pum-aws -- aws sts get-caller-identity",
    })
  return { kind: "command", file, args }
}
