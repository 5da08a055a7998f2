/** Colours, named by what they mean. */
export interface Style {
  /** Whether colours and a spinner are shown. */
  readonly lively: boolean
  readonly accent: (text: string) => string
  readonly success: (text: string) => string
  readonly warning: (text: string) => string
  readonly faint: (text: string) => string
}

/** Colours are for terminals; `NO_COLOR` and `TERM=dumb` turn them off. */
export function styleFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  const lively = isTerminal && !env.NO_COLOR && env.TERM !== "dumb"
  const coloured = (code: number) => (text: string) =>
    lively ? `\x1b[${code}m${text}\x1b[${code === 2 ? 22 : 39}m` : text
  return { lively, accent: coloured(36), success: coloured(32), warning: coloured(33), faint: coloured(2) }
}
