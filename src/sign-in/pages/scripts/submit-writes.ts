import type { Control, FormOutline, Outline } from "../outline/outline.ts"
import { conditionWords, type Program, type Range } from "./program.ts"
import { ScriptRun } from "./run.ts"
import { receiverBefore, scriptTargetOf } from "./targets.ts"

/** What a page's scripts write into a form's fields when it is sent. */
export interface SubmitWrites {
  /** By names of fields: what is written whatever the user does. */
  readonly constants: Readonly<Record<string, string>>
  /** Names of fields whose value a script makes, such as a hash of what was typed. */
  readonly made: ReadonlySet<string>
}

/** Functions whose result is still what was typed. */
const keepingFunctions = new Set(
  "trim trimStart trimEnd replace replaceAll normalize toUpperCase toLowerCase toString String Number parseInt substring substr slice split match filter map from test encodeURIComponent concat join padStart val getElementById querySelector getElementsByName $ jQuery".split(
    " ",
  ),
)
/** Listeners of a page, and tokens of a value, beyond which no more are read: a hostile page has thousands. */
const readLimits = { listeners: 50, tokens: 200, before: 60 }
/** Functions that call another one for each element of a list, which may be empty. */
const listCallers = new Set(["forEach", "map", "each", "some", "every", "filter"])
const conditionMarks = new Set(["&&", "||", "??", "?"])
const writable = new Set(["hidden", "text", "password", "tel", "number", "email"])

/** Reads what the scripts of a page write into one of its forms. */
export class SubmitReader {
  private readonly program: Program
  private readonly form: FormOutline
  private readonly listeners: readonly Range[]
  private withoutButton: SubmitWrites | undefined

  /** @param program with the handlers of the form and of its buttons */
  constructor(outline: Outline, program: Program, form: FormOutline) {
    this.program = program
    this.form = form
    this.listeners = listenersOf(outline, program, form)
  }

  /** @param button that is pressed */
  writesAt(button: Control | undefined): SubmitWrites {
    const onclick = button?.element.attribs.onclick
    if (onclick !== undefined) return this.follow(onclick)
    this.withoutButton ??= this.follow(undefined)
    return this.withoutButton
  }

  private follow(onclick: string | undefined): SubmitWrites {
    const run = new SubmitRun(this.program, this.form)
    const { onsubmit } = this.form.element.attribs
    for (const code of [onclick, onsubmit]) {
      const handler = code === undefined ? undefined : this.program.handlers.get(code)
      if (handler !== undefined) run.range(handler, 0)
    }
    for (const listener of this.listeners) run.range(listener, 0)
    return { constants: Object.fromEntries(run.constants), made: run.made }
  }
}

/** `form.onsubmit = …`, `form.addEventListener("submit", …)`, `$(form).submit(…)`. */
function listenersOf(outline: Outline, program: Program, form: FormOutline): readonly Range[] {
  const { tokens, functions, named } = program
  const text = (at: number) => tokens[at]?.text ?? ""
  const found: Range[] = []
  for (let at = 0, read = 0; at < tokens.length && read < readLimits.listeners; at++) {
    const start = listenerAt(text, at)
    if (start === undefined) continue
    const listener = functions.get(start) ?? named.get(text(start))?.[0]
    if (listener === undefined) continue
    read++
    if (scriptTargetOf(outline, program, receiverBefore(program, at - 1)).form === form)
      found.push(listener.body)
  }
  return found
}

/** Where the function begins that a script has run at a submission. */
function listenerAt(text: (at: number) => string, at: number): number | undefined {
  if (text(at - 1) !== ".") return undefined
  if (text(at) === "onsubmit") return text(at + 1) === "=" ? at + 2 : undefined
  if (text(at + 1) !== "(") return undefined
  if (text(at) === "submit") return at + 2
  return ["addEventListener", "on", "bind"].includes(text(at)) && text(at + 2) === "submit"
    ? at + 4
    : undefined
}

/** Follows code that runs at a submission. */
class SubmitRun extends ScriptRun {
  readonly constants = new Map<string, string>()
  readonly made = new Set<string>()
  protected readonly isOver = false
  private readonly fields = new Map<string, string>()
  private conditionEnd = 0
  /** Whether a condition may have ended the function before. */
  private mayHaveEnded = false

  constructor(program: Program, form: FormOutline) {
    super(program)
    for (const { name, type, element } of form.controls) {
      if (name === "" || !writable.has(type)) continue
      this.fields.set(name, name)
      if (element.attribs.id !== undefined) this.fields.set(element.attribs.id, name)
    }
  }

  protected look(at: number, delay: number): void {
    if (conditionWords.has(this.text(at)) && at >= this.conditionEnd) this.enterCondition(at)
    // After "return false" the form is not sent.
    if (this.text(at) === "return" && this.text(at + 1) !== "false" && at < this.conditionEnd)
      this.mayHaveEnded = true
    const isValue = this.text(at) === "value" && this.text(at + 1) === "="
    const isCall = this.text(at) === "val" && this.text(at + 1) === "(" && this.text(at + 2) !== ")"
    if (this.text(at - 1) !== "." || !(isValue || isCall)) return
    const field = this.fieldBefore(at - 1)
    if (field !== undefined) this.written(field, { start: at + 2, at, delay })
  }

  /** What is called on a condition, or is one of several functions of a name, is not followed. */
  protected takeCall(at: number): boolean {
    const name = this.text(at)
    const bodies = this.program.named.get(name)?.length ?? 0
    return listCallers.has(name) || bodies > 1 || (bodies === 1 && this.isConditional(at))
  }

  private isConditional(at: number): boolean {
    return at < this.conditionEnd || this.isGuarded(at)
  }

  /** `back && …`, `a ? … : …`. What `return a() && …` calls is done whenever the form is sent. */
  private isGuarded(at: number): boolean {
    const marks: string[] = []
    let before = at - 1
    for (; before > at - readLimits.before && !this.endsStatement(before); before--) {
      if (this.kind(before) !== "mark") continue
      if (conditionMarks.has(this.text(before))) marks.push(this.text(before))
      before = Math.min(before, this.program.partner.get(before) ?? before)
    }
    return marks.some(mark => mark !== "&&" || this.text(before + 1) !== "return")
  }

  /** Whether a statement ends with this token, also without a semicolon. */
  private endsStatement(at: number): boolean {
    if (this.kind(at) === "mark" && ![")", "]"].includes(this.text(at)))
      return ["", ";", "{", "}"].includes(this.text(at))
    return at < 0 || (this.startsLine(at + 1) && this.kind(at + 1) !== "mark")
  }

  private enterCondition(at: number): void {
    const open = this.text(at + 1) === "(" ? this.behind(at + 1) : at + 1
    let end = open
    if (this.text(open) === "{") end = this.behind(open)
    else while (end < this.program.tokens.length && this.text(end) !== ";") end = this.behind(end)
    this.conditionEnd = end
  }

  /** `this.cmd`, `getElementById("cmd")`, `elements["cmd"]`, `$("#cmd")`, `$("[name=cmd]")`. */
  private fieldBefore(end: number): string | undefined {
    const last = this.text(end - 1)
    const isNamed = last === ")" || last === "]"
    const name = isNamed && this.kind(end - 2) === "string" ? this.text(end - 2) : last
    const bare = /^(?:\w*\[name=["']?|#)?([\w$:.-]+)(?:["']?\])?$/.exec(name)?.[1]
    return bare === undefined ? undefined : this.fields.get(bare)
  }

  private written(field: string, { start, at, delay }: { start: number; at: number; delay: number }): void {
    if (this.kind(start) !== "string" || !this.endsValue(start + 1)) {
      this.constants.delete(field)
      if (this.callsOthers(start)) this.made.add(field)
    } else if (delay === 0 && !this.mayHaveEnded && !this.isConditional(at) && !this.made.has(field))
      this.constants.set(field, this.text(start))
  }

  /** Whether a value is made by a function that is not known to keep it. */
  private callsOthers(start: number): boolean {
    const end = Math.min(this.program.tokens.length, start + readLimits.tokens)
    for (let at = start; at < end && this.text(at) !== ";"; at++) {
      if (at > start && this.startsLine(at)) return false
      const isCalled = this.kind(at) === "word" && this.text(at) !== "function" && this.text(at + 1) === "("
      if (isCalled && !keepingFunctions.has(this.text(at))) return true
    }
    return false
  }
}
