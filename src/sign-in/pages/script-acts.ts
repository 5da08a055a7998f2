import type { Control } from "./outline.ts"
import type { Program } from "./script-program.ts"
import type { Token } from "./script-tokens.ts"

/** Whether a script names a control, by its id or name; or names it to give it a value. */
export function isMentioned(
  { tokens }: Program,
  { element, name }: Control,
  where: "anywhere" | "written",
): boolean {
  const names = new Set([name, element.attribs.id ?? ""].filter(text => text !== ""))
  return tokens.some(({ kind, text }, at) => {
    if (kind === "mark" || kind === "number") return false
    const isNamed = kind === "word" ? names.has(text) : text.split(/[^\w$-]+/).some(part => names.has(part))
    if (!isNamed || where === "anywhere") return isNamed
    return [1, 2, 3].some(step => isWriting(tokens, at + step))
  })
}

/** Whether a script gives values to controls, whichever. */
export function writesValues(program: Program): boolean {
  return someToken(program, at => isWriting(program.tokens, at))
}

/** Whether a script asks the network or a device, and submits a form somewhere. */
export function submitsAfterAsking(program: Program): boolean {
  const submissions = new Set(["submit", "requestSubmit"])
  return (
    asksElsewhere(program) &&
    someToken(
      program,
      at => program.tokens[at]?.kind === "word" && submissions.has(program.tokens[at]?.text ?? ""),
    )
  )
}

/** What ADFS' own script does for the links to other adapters does not count. */
function someToken({ tokens, named, functions }: Program, fits: (at: number) => boolean): boolean {
  const own = new Set(named.get("SelectOption") ?? [])
  for (let at = 0; at < tokens.length; at++) {
    const inner = functions.get(at)
    if (inner !== undefined && own.has(inner)) at = inner.end - 1
    else if (fits(at)) return true
  }
  return false
}

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
export function asksElsewhere({ tokens }: Program): boolean {
  return tokens.some(({ kind, text }, at) => {
    if (kind !== "word") return false
    const isShortCall =
      (text === "get" || text === "post") && ["$", "jQuery"].includes(tokens[at - 2]?.text ?? "")
    return askingWords.has(text) || (isShortCall && tokens[at - 1]?.text === ".")
  })
}
