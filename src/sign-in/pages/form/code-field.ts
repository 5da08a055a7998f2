import { type Folded, foldedName, type Meaning } from "../outline/meaning.ts"
import type { Control } from "../outline/outline.ts"
import {
  account,
  answer,
  chosen,
  code,
  digits,
  oneTime,
  password,
  pin,
  userName,
} from "../outline/vocabulary.ts"

const dated = /^(?:date|datetime-local|month|week|time)$/
/** A question that the user chose an answer to: `What is the name of your first pet?` */
const asks = /[?？؟]\s*$/
/** A label of more words is a sentence, which may name other things. */
const mostLabelWords = 4
/** What a page says of a field for digits. */
const numeric = /^(?:numeric|decimal|tel|number)$/

/** What a field seems to ask for, from the likeliest for a code that works once to the least likely. */
const ranks = {
  /** By `autocomplete`. */
  markedAsCode: 5,
  namedAsCode: 4,
  labelledAsCode: 3,
  /** Nothing tells what it asks for: a field for digits, one that shows what is typed, one that hides it. */
  forDigits: 2,
  shown: 1,
  hidden: 0,
  forPassword: -1,
  forPin: -2,
  /** Who the user is, what the user knows, a date. */
  ofUser: -3,
  forNewSecret: -4,
} as const

/**
 * Which of a page's fields asks for the code that works once: the one of the highest rank. Beside a user name, the code
 * may be called a password.
 * @returns undefined if no field does, such as in a form for a new PIN
 */
export function codeFieldOf(
  controls: readonly Control[],
  labelOf: (control: Control) => string,
): Control | undefined {
  const ranked = controls.map(control => {
    const label = labelOf(control)
    return { control, label, rank: rankOf(control, label) }
  })
  const highest = Math.max(...ranked.map(({ rank }) => rank))
  const [found, ...others] = ranked.filter(({ rank }) => rank === highest)
  if (found === undefined) return undefined
  const { control, label } = found
  if (highest >= ranks.hidden) return control
  // Each field asks for something else, as far as the page says: a code may still be called so, if it is one alone.
  if (others.length > 0 || ranked.some(({ rank }) => rank === ranks.forNewSecret)) return undefined
  if (highest === ranks.forPassword) return isShortLabelOf(account, label) ? undefined : control
  if (highest === ranks.ofUser)
    return ranked.length > 1 || isSurelyOfUser(control, label) ? undefined : control
  return control
}

/** Whether a field that is alone on its page is surely for no code. Its label counts for less there. */
function isSurelyOfUser(control: Control, label: string): boolean {
  if (control.type === "email" || dated.test(control.type)) return true
  const name = nameOf(control)
  if (answer.isIn(name) || control.type === "password") return false
  if (userName.isIn(name)) return true
  if (isForDigits(control) || digits.isIn(foldedName(label))) return false
  return asks.test(label) || isShortLabelOf(userName, label)
}

/** Whether a label that is no sentence has a word of this meaning. */
function isShortLabelOf(meaning: Meaning, label: string): boolean {
  const { words } = foldedName(label)
  return words.length <= mostLabelWords && words.some(word => meaning.isWord(word))
}

/** Whether the page says of a field that it is for a code that works once. */
export function isCodeField(control: Control, label: string): boolean {
  return rankOf(control, label) >= ranks.labelledAsCode
}

function rankOf(control: Control, shownLabel: string): number {
  const { type, element } = control
  const autocomplete = element.attribs.autocomplete?.trim().toLowerCase()
  if (autocomplete === "one-time-code") return ranks.markedAsCode
  const name = nameOf(control)
  const label = foldedName(shownLabel)
  const isSaid = (meaning: Meaning) => meaning.isIn(name) || meaning.isIn(label)
  const isNew = autocomplete === "new-password" || isSaid(chosen)
  if (type === "email") return ranks.ofUser
  if (isSaid(pin)) return isNew ? ranks.forNewSecret : ranks.forPin
  if (isCodeText(name)) return ranks.namedAsCode
  if (isCodeText(label)) return ranks.labelledAsCode
  if (dated.test(type) || asks.test(shownLabel)) return ranks.ofUser
  if (isNew && (isSaid(password) || type === "password")) return ranks.forNewSecret
  if (isSaid(userName)) return ranks.ofUser
  if (isSaid(password)) return ranks.forPassword
  if (type === "password") return ranks.hidden
  return isForDigits(control) ? ranks.forDigits : ranks.shown
}

const nameOf = ({ name, element }: Control) => foldedName(`${name} ${element.attribs.id ?? ""}`)

/** A word may be a code and a password at once, such as `adgangskode`: it is a password. */
function isCodeText(text: Folded): boolean {
  if (oneTime.isIn(text) || text.words.some(word => code.isWord(word) && !password.isWord(word))) return true
  return code.isPartOf(text) && !password.isPartOf(text)
}

/** Takes fewer characters than a code has: one of a grid card, or of a password. */
export const isShort = ({ element: { attribs } }: Control) => /^[1-3]$/.test(attribs.maxlength?.trim() ?? "")

function isForDigits({ element: { attribs }, type }: Control): boolean {
  const { inputmode = "", pattern = "", maxlength = "" } = attribs
  return (
    numeric.test(inputmode) ||
    numeric.test(type) ||
    /\\d|0-9/.test(pattern) ||
    /^[4-9]$/.test(maxlength.trim())
  )
}
