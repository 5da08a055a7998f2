import { PumError } from "../errors.ts"
import type { OptionDefinition } from "./option-definition.ts"

/** A value as the user wrote it. */
export interface WrittenValue {
  readonly text: string
  /** Where it stands, for messages: `--role`, `PUM_ROLE`, `~/.pum-aws line 3, role`. */
  readonly source: string
  /** Added to the hint if the text came through a shell. */
  readonly shellHint?: string | undefined
}

/**
 * What the text means to this option.
 * @throws PumError `usage` that names the source
 */
export function parseWritten(
  { parse }: OptionDefinition,
  { text, source, shellHint }: WrittenValue,
): unknown {
  try {
    return parse?.(text)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    const commentHint = /\s[#;]/.test(text) ? "a comment stands on a line of its own" : undefined
    const hints = [commentHint ?? error.hint, shellHint].filter(hint => hint !== undefined)
    const hint = hints.length === 0 ? undefined : hints.join("; ")
    throw new PumError("usage", `${source}: ${error.message}`, { hint })
  }
}
