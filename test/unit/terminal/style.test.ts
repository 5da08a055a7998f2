import { expect, it } from "vitest"
import { colourCodes, styleFor } from "../../../src/terminal/style.ts"

/** The eight colours of xterm and of the Linux console, red, green and blue from 0 to 255. */
const palettes = {
  xterm: {
    31: [205, 0, 0],
    32: [0, 205, 0],
    33: [205, 205, 0],
    34: [0, 0, 238],
    35: [205, 0, 205],
    36: [0, 205, 205],
  },
  linux: {
    31: [170, 0, 0],
    32: [0, 170, 0],
    33: [170, 85, 0],
    34: [0, 0, 170],
    35: [170, 0, 170],
    36: [0, 170, 170],
  },
  "Windows Terminal": {
    31: [197, 15, 31],
    32: [19, 161, 14],
    33: [193, 156, 0],
    34: [0, 55, 218],
    35: [136, 23, 152],
    36: [58, 150, 221],
  },
} as const

/** Relative luminance (WCAG 2.2). */
function luminance(colour: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map(value => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)

it.each(Object.entries(palettes))("every colour can be read on white and on black: %s", (_, palette) => {
  const used = Object.values(colourCodes).flatMap(code => (code in palette ? [palette[code as 31]] : []))
  expect(used).toHaveLength(2)
  for (const colour of used) {
    expect(contrast(luminance(colour), 1)).toBeGreaterThan(2.5)
    expect(contrast(luminance(colour), 0)).toBeGreaterThan(2.5)
  }
})

it.each([
  [true, false, {}, true],
  [false, false, {}, false],
  [true, true, {}, false],
  [true, false, { NO_COLOR: "1" }, false],
  [true, false, { NO_COLOR: "" }, true],
])("terminal %s, plain %s, %j: colours %s", (isTerminal, plain, env, coloured) => {
  const { accent, faint, lively } = styleFor(isTerminal, plain, env)
  expect([lively, accent("a"), faint("b")]).toEqual(
    coloured ? [true, "\x1b[35ma\x1b[39m", "\x1b[2mb\x1b[22m"] : [false, "a", "b"],
  )
})
