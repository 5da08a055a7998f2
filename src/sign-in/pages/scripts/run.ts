import { asksElsewhere } from "./acts.ts"
import { type Program, type Range, type ScriptFunction, timers } from "./program.ts"

/** Of functions that call each other. */
const maxDepth = 100
/** For a delay that the script computes. */
const usualDelay = 3_000

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

/**
 * Follows the code of a page that runs without the user, at once or by a timer, without running it. What runs at a click
 * or at a submission is not followed, nor what waits for another answer of the network.
 */
export abstract class ScriptRun {
  protected readonly program: Program
  private readonly asksElsewhere: boolean
  private depth = 0
  private readonly done = new Set<ScriptFunction>()

  constructor(program: Program) {
    this.program = program
    this.asksElsewhere = asksElsewhere(program)
  }

  /** Whether what was looked for is found. */
  protected abstract get isOver(): boolean

  /** Looks at a word. */
  protected abstract look(at: number, delay: number): void

  /** @returns whether the call is what is looked for: then it is not followed */
  protected abstract takeCall(at: number, args: readonly number[], delay: number): boolean

  /** Looks at what is given to be run. */
  protected takeArgument(_start: number, _delay: number): void {}

  /** @returns the position behind what is not looked at, if it begins here */
  protected passOver(at: number): number {
    return at
  }

  /** Follows a part of the scripts. @param delay milliseconds from the page's arrival */
  range({ start, end }: Range, delay: number): void {
    for (let at = start; at < end && !this.isOver; at++) {
      const inner = this.program.functions.get(at)
      if (inner !== undefined) {
        if (this.runsWhereItStands(inner)) this.function(inner, delay)
        at = inner.end - 1
      } else if (this.kind(at) === "word") {
        const passed = this.passOver(at)
        if (passed > at) {
          at = passed - 1
          continue
        }
        this.look(at, delay)
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
    if (this.takeCall(at, args, delay)) return
    if (timers.has(name)) {
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
    this.takeArgument(start, delay)
    let last = at
    while (this.text(last + 1) === "." && this.kind(last + 2) === "word") last += 2
    for (const named of this.program.named.get(this.text(last)) ?? []) this.function(named, delay)
  }

  protected endOf(start: number): number {
    let at = start
    while (at < this.program.tokens.length && ![",", ")"].includes(this.text(at))) at = this.behind(at)
    return at
  }

  /** The position behind a token; of a bracket that opens, behind the one that closes it. A closing one leads back. */
  protected behind(at: number): number {
    return Math.max(at, this.program.partner.get(at) ?? at) + 1
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

  protected text(at: number): string {
    return this.program.tokens[at]?.text ?? ""
  }

  protected startsLine(at: number): boolean {
    return this.program.tokens[at]?.startsLine ?? true
  }

  /** Whether a value of one token ends before this one. */
  protected endsValue(at: number): boolean {
    return [";", ",", ")", "}", ""].includes(this.text(at)) || this.startsLine(at)
  }

  protected kind(at: number): string | undefined {
    return this.program.tokens[at]?.kind
  }
}
