import { type Environment, ownPlatform } from "../platform/platform.ts"
import { type Marks, marksFor } from "./marks.ts"

/** Clears the screen from the cursor on. */
export const clearBelow = "\x1b[J"
export const showCursor = "\x1b[?25h"

/** Marks, and colours named by what they mean. */
export interface Style {
  readonly marks: Marks
  /** Whether colours and a spinner are shown. */
  readonly lively: boolean
  readonly accent: (text: string) => string
  readonly success: (text: string) => string
  readonly warning: (text: string) => string
  readonly faint: (text: string) => string
}

/**
 * Codes that can be read on a light and on a dark screen: of the eight colours only red and magenta contrast with white
 * and with black.
 */
export const colourCodes = { accent: 35, success: 1, warning: 31, faint: 2 } as const

/**
 * Colours are for terminals; `NO_COLOR` and plain lines turn them off.
 * @param plain whether lines are plain: nothing is redrawn
 */
export function styleFor(isTerminal: boolean, plain: boolean, env: Environment): Style {
  const lively = isTerminal && !plain && !env.NO_COLOR
  const coloured = (code: number) => (text: string) =>
    lively ? `\x1b[${code}m${text}\x1b[${code < 30 ? 22 : 39}m` : text
  return {
    marks: marksFor(env, ownPlatform),
    lively,
    accent: coloured(colourCodes.accent),
    success: coloured(colourCodes.success),
    warning: coloured(colourCodes.warning),
    faint: coloured(colourCodes.faint),
  }
}
