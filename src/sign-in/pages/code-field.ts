import type { Control } from "./outline.ts"

const codeNames = new Set("otp totp hotp oath token challenge tan".split(" "))
/** `onetime`, `einmalkennwort`, `engangspassord`, `eenmalig`, `jednorazowe`, `vienreizejais`, `unica`. */
const oneTime =
  /^(?:onetime|einmal|engang|eenmalig|kerta|jednoraz|jednokrat|vienreiz|vienkart|uhekord|egyszer|uniqu|unic|monouso|однораз)/
/** `passcode`, `tokencode`, `engangskode`, `kertakoodi`; `koden`, `kodas`, `codul`, `codigo`. */
const codeWord =
  /(?:code|kode|koodi|kood|kod|otp|token)$|^(?:kod\p{L}{0,3}|koodi\p{L}{0,3}|codes|codul|codului|codigo|codice|код\p{L}{0,2})$/u
/** A PIN is the same each time, and so is a `pincode`. */
const pin = /^pin/
/** Passwords last, too, also Danish ones that end in `kode`. */
const password =
  /^(?:pass(?!code|kod)|pwd|parol|parool|slaptazod|salasan|losen|adgangskode|kodeord|wachtwoord|kennwort|senha|contrasen|has[lł]o|hesl|jelsz|lozink|парол)/
/** Who the user is. */
const name = /^(?:user|login|e?mail|phone|telefon|mobil)/
/** What a page says of a field for digits. */
const numeric = /^(?:numeric|decimal|tel|number)$/

const isMarked = 5
const isNamed = 4
const isLabelled = 3

/**
 * Which of a page's fields asks for the code that works once: the one that says so by `autocomplete`, else by its name or
 * id, else by its label; else, in a language that is not known here, the first that shows what is typed, one for digits
 * before others, and that is not for a PIN, a password or a name.
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
  return rankOf(control, label) >= isLabelled
}

function rankOf(control: Control, label: string): number {
  const { attribs } = control.element
  if (attribs.autocomplete?.trim().toLowerCase() === "one-time-code") return isMarked
  const texts = [`${control.name} ${attribs.id ?? ""}`, label].map(wordsIn)
  if (texts.some(words => words.some(word => pin.test(word)))) return -1
  if (isCode(texts[0] ?? [])) return isNamed
  if (isCode(texts[1] ?? [])) return isLabelled
  if (texts.some(words => words.some(word => password.test(word) || name.test(word)))) return -1
  if (control.type === "password") return 0
  return isForDigits(control) ? 2 : 1
}

function isCode(words: readonly string[]): boolean {
  return words.some(
    word => codeNames.has(word) || oneTime.test(word) || (codeWord.test(word) && !password.test(word)),
  )
}

function isForDigits({ element: { attribs }, type }: Control): boolean {
  const { inputmode = "", pattern = "", maxlength = "" } = attribs
  return (
    numeric.test(inputmode) ||
    numeric.test(type) ||
    /\\d|0-9/.test(pattern) ||
    /^[4-9]$/.test(maxlength.trim())
  )
}

/** In lower case, without the marks on letters. */
function wordsIn(text: string): string[] {
  const spaced = text
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
  return spaced
    .toLowerCase()
    .replace(/\bone[-_ ]time/g, "onetime")
    .split(/[^\p{L}]+/u)
}
