import type { Control } from "./outline.ts"

const codeNames = new Set("otp totp hotp oath token challenge tan".split(" "))
/** `passcode`, `tokencode`, `engangskode`, `kertakoodi`, `kod`. */
const codeEnding = /(?:code|kode|koodi|kod|otp|token)$/
/** `one-time`, `einmalkennwort`, `engangspassord`, `eenmalig`, `jednorazowe`. */
const oneTime = /^(?:onetime|einmal|engang|engångs|eenmalig|kerta|jednoraz)/
/** A PIN is the same each time, and so is a `pincode`. */
const pin = /^pin/

/**
 * Which of a page's fields asks for the code that works once: the one that says so by `autocomplete`, else by its name or
 * id, else by its label; else the first that is not for a PIN.
 * @returns undefined if there is no field
 */
export function codeFieldOf(
  controls: readonly Control[],
  labelOf: (control: Control) => string,
): Control | undefined {
  const ranked = controls.map(control => ({ control, rank: rankOf(control, labelOf(control)) }))
  const highest = Math.max(...ranked.map(({ rank }) => rank))
  return ranked.find(({ rank }) => rank === highest)?.control
}

/** Whether the page says of a field that it is for a code that works once. */
export function isCodeField(control: Control, label: string): boolean {
  return rankOf(control, label) > 0
}

function rankOf({ element: { attribs }, name }: Control, label: string): number {
  if (attribs.autocomplete?.trim().toLowerCase() === "one-time-code") return 3
  const texts = [`${name} ${attribs.id ?? ""}`, label].map(wordsIn)
  if (texts.some(words => words.some(word => pin.test(word)))) return -1
  const at = texts.findIndex(words => words.some(isCodeWord))
  return at < 0 ? 0 : 2 - at
}

const isCodeWord = (word: string) => codeNames.has(word) || codeEnding.test(word) || oneTime.test(word)

function wordsIn(text: string): string[] {
  const spaced = text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase()
  return spaced.replace(/\bone[-_ ]time/g, "onetime").split(/[^\p{L}]+/u)
}
