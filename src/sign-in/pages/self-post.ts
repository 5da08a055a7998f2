import type { Control, FormOutline, Outline } from "./outline.ts"
import { type Program, type Range, type ScriptFunction, timers } from "./program.ts"
import { asksElsewhere, isWriting } from "./script-acts.ts"
import { receiverBefore, scriptTargetOf } from "./script-targets.ts"

/** A page's script submits the form without the user, once the page is there. */
export interface SelfPost {
  /** Milliseconds from the page's arrival. */
  readonly delay: number
  /** The button that the script clicks. */
  readonly button: Control | undefined
  /** Whether the script gives a control of the form a value before. */
  readonly writes: boolean
}

/** What a page's script does longer after its arrival is a time-out of the page, and no waiting for the user. */
const maxDelay = 60_000
/** Of functions that call each other. */
const maxDepth = 100
/** For a delay that the script computes. */
const usualDelay = 3_000

/**
 * Whether a script posts the form by itself: `submit()` in code that runs when the page is loaded, at once or by a timer.
 * What runs at a click or at a submission does not count, nor what waits for another answer of the network.
 */
export function findSelfPost(
  outline: Outline,
  program: Program,
  form: FormOutline,
  range: Range = program.main,
): SelfPost | undefined {
  const run = new ScriptRun(outline, program, form)
  run.range(range, 0)
  return run.found
}

const loadEvents = new Set(["load", "DOMContentLoaded", "pageshow", "readystatechange", "ready"])
const loadProperties = new Set(["onload", "onpageshow", "onreadystatechange"])
const pageObjects = new Set(["window", "document", "self", "top", "globalThis", "body", "documentElement"])
/** Functions that call their first argument at once or soon. */
const callers = new Set(
  "requestAnimationFrame requestIdleCallback queueMicrotask setImmediate ready $ jQuery forEach map each some every filter Promise".split(
    " ",
  ),
)
/** Functions that ask the user. */
const questions = new Set(["confirm", "prompt"])

/** Follows code without running it, as far as the first submission of the form. */
class ScriptRun {
  found: SelfPost | undefined
  private readonly outline: Outline
  private readonly program: Program
  private readonly form: FormOutline
  private readonly asksElsewhere: boolean
  private depth = 0
  private writes = false
  private readonly done = new Set<ScriptFunction>()

  constructor(outline: Outline, program: Program, form: FormOutline) {
    this.outline = outline
    this.program = program
    this.form = form
    this.asksElsewhere = asksElsewhere(program)
  }

  /** Follows a part of the scripts. @param delay milliseconds from the page's arrival */
  range({ start, end }: Range, delay: number): void {
    for (let at = start; at < end && this.found === undefined; at++) {
      const inner = this.program.functions.get(at)
      if (inner !== undefined) {
        if (this.runsWhereItStands(inner)) this.function(inner, delay)
        at = inner.end - 1
      } else if (this.kind(at) === "word") {
        if (isWriting(this.program.tokens, at)) this.writes ||= this.writesToForm(at)
        if (this.text(at) === "await" && this.asksElsewhere) return
        if (this.text(at + 1) === "(") {
          if (questions.has(this.text(at)) && this.text(at - 1) !== ".") return
          this.call(at, delay)
        } else if (this.text(at + 1) === "=" && this.isLoadProperty(at)) this.argument(at + 2, delay)
      }
    }
  }

  private function(found: ScriptFunction, delay: number): void {
    if (this.done.has(found) || this.depth === maxDepth) return
    this.done.add(found)
    this.depth++
    this.range(found.body, delay)
    this.depth--
  }

  /** `(function () { … })()`, or a function that is assigned to `window.onload`. */
  private runsWhereItStands({ start, end }: ScriptFunction): boolean {
    const before = this.text(start - 1) === "async" ? start - 2 : start - 1
    const after = this.text(end) === ")" && this.text(before) === "(" ? end + 1 : end
    if (this.text(after) === "(") return true
    if (this.text(after) === "." && ["call", "apply"].includes(this.text(after + 1))) return true
    return this.text(before) === "=" && this.isLoadProperty(before - 1)
  }

  private isLoadProperty(at: number): boolean {
    if (!loadProperties.has(this.text(at))) return false
    return this.text(at - 1) !== "." || pageObjects.has(this.text(at - 2))
  }

  private call(at: number, delay: number): void {
    const name = this.text(at)
    const args = this.argumentsAt(at + 1)
    const [first, second] = args
    if (this.submits(at, args)) this.submission(at, first, delay)
    else if (timers.has(name)) {
      if (first !== undefined) this.argument(first, delay + this.delayAt(second))
    } else if (callers.has(name) || (name === "then" && !this.asksElsewhere)) {
      if (first !== undefined) this.argument(first, delay)
    } else if (["addEventListener", "attachEvent", "on", "one", "bind"].includes(name)) {
      const event = first === undefined ? "" : this.text(first).replace(/^on/, "")
      if (loadEvents.has(event) && this.isOnPage(at) && second !== undefined) this.argument(second, delay)
    } else if (name === "load" && this.isOnPage(at)) {
      if (first !== undefined) this.argument(first, delay)
    } else for (const own of this.program.named.get(name) ?? []) this.function(own, delay)
  }

  /** Runs what is given as a function: a function, the name of one, or the text of a script. */
  private argument(start: number, delay: number): void {
    const at = this.text(start) === "async" ? start + 1 : start
    const own = this.program.functions.get(at)
    const text = this.program.texts.get(at)
    if (own !== undefined) this.function(own, delay)
    if (text !== undefined) this.range(text, delay)
    this.boundSubmission(start, delay)
    let last = at
    while (this.text(last + 1) === "." && this.kind(last + 2) === "word") last += 2
    for (const named of this.program.named.get(this.text(last)) ?? []) this.function(named, delay)
  }

  /** `form.submit.bind(form)` */
  private boundSubmission(start: number, delay: number): void {
    const end = this.endOf(start)
    const open = this.text(end - 1) === ")" ? (this.program.partner.get(end - 1) ?? start) : start
    const at = open - 3
    if (at <= start || this.text(open - 1) !== "bind") return
    if (["submit", "requestSubmit"].includes(this.text(at))) this.submission(at, undefined, delay)
  }

  private submits(at: number, args: readonly number[]): boolean {
    const name = this.text(at)
    const isMethod = this.text(at - 1) === "." || this.text(at - 1) === "?."
    if (!isMethod) return false
    if (name === "submit" || name === "click") return args.length === 0
    if (name === "requestSubmit") return true
    if (name === "trigger") return ["submit", "click"].includes(this.text(args[0] ?? -1))
    return ["call", "apply"].includes(name) && ["submit", "requestSubmit"].includes(this.text(at - 2))
  }

  private submission(at: number, first: number | undefined, delay: number): void {
    if (delay > maxDelay) return
    const { outline, program, form } = this
    const isCalled = ["call", "apply"].includes(this.text(at)) && first !== undefined
    const receiver = isCalled ? receiverBefore(program, this.endOf(first)) : receiverBefore(program, at - 1)
    const isClick = this.text(at) === "click" || this.text(first ?? -1) === "click"
    const target = scriptTargetOf(outline, program, receiver)
    if (isClick) {
      const button = form.controls.find(({ element }) => element === target.control)
      if (button !== undefined && ["submit", "image"].includes(button.type))
        this.found = { delay, button, writes: this.writes }
    } else if (target.form === form) this.found = { delay, button: undefined, writes: this.writes }
  }

  private writesToForm(at: number): boolean {
    const { control } = scriptTargetOf(this.outline, this.program, receiverBefore(this.program, at - 1))
    return control === undefined || this.form.controls.some(({ element }) => element === control)
  }

  private endOf(start: number): number {
    let at = start
    while (at < this.program.tokens.length && ![",", ")"].includes(this.text(at))) {
      at = (this.program.partner.get(at) ?? at) + 1
    }
    return at
  }

  /** First tokens of the arguments of a call. */
  private argumentsAt(open: number): number[] {
    const close = this.program.partner.get(open) ?? open
    const starts: number[] = []
    let isNew = true
    for (let at = open + 1; at < close; at++) {
      if (isNew) starts.push(at)
      isNew = this.text(at) === "," && this.kind(at) === "mark"
      const end = this.program.functions.get(at)?.end
      at = Math.max(this.program.partner.get(at) ?? at, end === undefined ? at : end - 1)
    }
    return starts
  }

  /** `3000`, `3 * 1000`, or a variable that holds a number. */
  private delayAt(start: number | undefined): number {
    if (start === undefined) return 0
    let at = start
    if (this.kind(at) === "word") at = this.program.assigned.get(this.text(at)) ?? at
    let delay = 1
    for (; ; at += 2) {
      const value = this.kind(at) === "number" ? Number(this.text(at).replaceAll("_", "")) : Number.NaN
      if (Number.isNaN(value)) return usualDelay
      delay *= value
      if (this.text(at + 1) !== "*") return delay
    }
  }

  /** Whether a method belongs to the page: `window.…`, `document.…`, `$(window).…`, or to nothing. */
  private isOnPage(at: number): boolean {
    if (this.text(at - 1) !== ".") return true
    const before = this.text(at - 2) === ")" ? at - 3 : at - 2
    return pageObjects.has(this.text(before))
  }

  private text(at: number): string {
    return this.program.tokens[at]?.text ?? ""
  }

  private kind(at: number): string | undefined {
    return this.program.tokens[at]?.kind
  }
}
