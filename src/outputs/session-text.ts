import type { Aliases } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import type { Mode } from "../options/modes.ts"
import type { Options } from "../options/options.ts"
import { sessionVariables } from "./environment.ts"
import { exportLines } from "./export.ts"
import { sessionAsJson } from "./json.ts"

/** The modes that print a session for a person's shell or script. */
export type TextMode = Extract<Mode, { readonly kind: "export" | "json" }>

export interface TextSettings {
  readonly options: Pick<Options, "aliases" | "profile">
  /** Names of accounts by id. */
  readonly names: Aliases
}

/**
 * What --export or --json prints.
 * @throws PumError `usage` for a value that cannot be quoted for the shell
 */
export function sessionText(session: Session, mode: TextMode, { options, names }: TextSettings): string {
  return mode.kind === "export"
    ? exportLines(mode.shell, sessionVariables(session, names))
    : sessionAsJson(session, options.profile, options.aliases)
}
