import { PumError } from "../errors.ts"

/** One option: how it is written, and what its value means. */
export interface OptionDefinition {
  readonly short?: `-${string}`
  /** Absent: the command line cannot give it. */
  readonly long?: `--${string}`
  /** In square brackets if it may be left out. Absent: the option is a switch. */
  readonly value?: `<${string}>` | `[${string}]`
  /** Environment variables, the strongest first. */
  readonly env?: readonly string[]
  /** Added to the hint about a bad value on the command line. */
  readonly shellHint?: string
  /** Key in `[profile NAME]` and `[default]` of `~/.pum-aws`. */
  readonly key?: string
  /**
   * The meaning of a text; `true` is the text of an option without a value. Absent: a switch of the command line only.
   * @throws PumError `usage`
   */
  readonly parse?: (text: string) => unknown
  /** As a text that `parse` takes. */
  readonly default?: string
  /** Whether it may be given several times. */
  readonly repeats?: true
  /** Whether it says which session is meant, though only the command line can give it. */
  readonly choosesSession?: true
  readonly help?: string
}

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
