import type { Control } from "../outline/outline.ts"
import type { Program } from "./program.ts"
import type { Token } from "./tokens.ts"

/** A page can have as many controls as its script has tokens: a program is read once for all of them. */
const namesIn = oncePerProgram(({ tokens }) => new Set(tokens.flatMap(namesAt)))

/** Of one name; a hostile page has thousands. */
const mostWrites = 100

/** By names: positions of `value`, `val` and the like. */
const writesIn = oncePerProgram(({ tokens }): ReadonlyMap<string, readonly number[]> => {
  const found = new Map<string, number[]>()
  for (let at = 0; at < tokens.length; at++) {
    if (!isWriting(tokens, at)) continue
    for (const name of new Set(tokens.slice(Math.max(0, at - 3), at).flatMap(namesAt))) {
      const known = found.get(name)
      if (known === undefined) found.set(name, [at])
      else if (known.length < mostWrites) known.push(at)
    }
  }
  return found
})

function namesAt({ kind, text }: Token): readonly string[] {
  if (kind === "mark" || kind === "number") return []
  return kind === "word" ? [text] : text.split(/[^\w$-]+/)
}

function oncePerProgram<Result>(read: (program: Program) => Result): (program: Program) => Result {
  const results = new WeakMap<Program, Result>()
  return program => {
    const known = results.get(program)
    if (known !== undefined) return known
    const result = read(program)
    results.set(program, result)
    return result
  }
}

export const namesOf = ({ element, name }: Control) =>
  [name, element.attribs.id ?? ""].filter(text => text !== "")

/** Whether a script names a control, by its id or name. */
export function isMentioned(program: Program, control: Control): boolean {
  return namesOf(control).some(name => namesIn(program).has(name))
}

/** Where a script gives a control a value: positions of `value`, `val` and the like. */
export function writesTo(program: Program, control: Control): readonly number[] {
  return namesOf(control).flatMap(name => writesIn(program).get(name) ?? [])
}

/** Whether a script gives values to controls, whichever. */
export function writesValues(program: Program): boolean {
  return someToken(program, (_, at) => isWriting(program.tokens, at))
}

/** Whether a script asks the network or a device, and submits a form somewhere. */
export function submitsAfterAsking(program: Program): boolean {
  const isSubmission = ({ kind, text }: Token) => kind === "word" && submitMethods.has(text)
  return asksElsewhere(program) && someToken(program, isSubmission)
}

/** What ADFS' own script does for the links to other adapters does not count. */
function someToken(
  { tokens, named, functions }: Program,
  fits: (token: Token, at: number) => boolean,
): boolean {
  const own = new Set(named.get("SelectOption") ?? [])
  let ownEnd = 0
  return tokens.some((token, at) => {
    const inner = functions.get(at)
    if (inner !== undefined && own.has(inner)) ownEnd = Math.max(ownEnd, inner.end)
    return at >= ownEnd && fits(token, at)
  })
}

/** Methods of a form that send it. */
export const submitMethods = new Set(["submit", "requestSubmit"])

const writtenProperties = new Set(["value", "checked", "disabled", "name"])
const writingMethods = new Set(["val", "prop", "attr", "setAttribute", "appendChild", "append"])

/** `.value =`, `.val(…)` and the like. */
export function isWriting(tokens: readonly Token[], at: number): boolean {
  const text = tokens[at]?.text ?? ""
  const next = tokens[at + 1]?.text
  if (tokens[at - 1]?.text !== "." || tokens[at]?.kind !== "word") return false
  if (writtenProperties.has(text)) return next === "="
  return writingMethods.has(text) && next === "(" && tokens[at + 2]?.text !== ")"
}

/** What a script asks the network or a device with: what it does after the answer cannot be foretold. */
const askingWords = new Set(
  "fetch XMLHttpRequest ajax getJSON EventSource WebSocket sendBeacon credentials PublicKeyCredential u2f".split(
    " ",
  ),
)

/** Whether a script of the page asks the network or a device. */
export const asksElsewhere = oncePerProgram(({ tokens }) =>
  tokens.some(({ kind, text }, at) => {
    if (kind !== "word") return false
    const isShortCall =
      (text === "get" || text === "post") && ["$", "jQuery"].includes(tokens[at - 2]?.text ?? "")
    return askingWords.has(text) || (isShortCall && tokens[at - 1]?.text === ".")
  }),
)
