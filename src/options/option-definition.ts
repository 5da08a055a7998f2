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
