import { isSubmit } from "../outline/controls.ts"
import type { Control, FormOutline, Outline } from "../outline/outline.ts"
import { isWriting, submitMethods } from "./acts.ts"
import type { Program, Range } from "./program.ts"
import { ScriptRun } from "./run.ts"
import { receiverBefore, scriptTargetOf } from "./targets.ts"

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
  const run = new SubmissionRun(outline, program, form)
  run.range(range, 0)
  return run.found
}

/** Follows code as far as the first submission of the form. */
class SubmissionRun extends ScriptRun {
  found: SelfPost | undefined
  private readonly outline: Outline
  private readonly form: FormOutline
  private writes = false

  constructor(outline: Outline, program: Program, form: FormOutline) {
    super(program)
    this.outline = outline
    this.form = form
  }

  protected get isOver(): boolean {
    return this.found !== undefined
  }

  protected look(at: number): void {
    if (isWriting(this.program.tokens, at) || this.givesAddress(at)) this.writes ||= this.writesToForm(at)
  }

  /** `form.action = "…"`: the form is not sent where it says. */
  private givesAddress(at: number): boolean {
    return (
      ["action", "method"].includes(this.text(at)) &&
      this.text(at + 1) === "=" &&
      this.kind(at + 2) === "string"
    )
  }

  protected takeCall(at: number, args: readonly number[], delay: number): boolean {
    if (!this.submits(at, args)) return false
    this.submission(at, args[0], delay)
    return true
  }

  /** `form.submit.bind(form)` */
  protected override takeArgument(start: number, delay: number): void {
    const end = this.endOf(start)
    const open = this.text(end - 1) === ")" ? (this.program.partner.get(end - 1) ?? start) : start
    const at = open - 3
    if (at <= start || this.text(open - 1) !== "bind") return
    if (submitMethods.has(this.text(at))) this.submission(at, undefined, delay)
  }

  private submits(at: number, args: readonly number[]): boolean {
    const name = this.text(at)
    const isMethod = this.text(at - 1) === "." || this.text(at - 1) === "?."
    if (!isMethod) return false
    if (name === "submit" || name === "click") return args.length === 0
    if (name === "requestSubmit") return true
    if (name === "trigger") return ["submit", "click"].includes(this.text(args[0] ?? -1))
    return ["call", "apply"].includes(name) && submitMethods.has(this.text(at - 2))
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
      if (button !== undefined && isSubmit(button)) this.found = { delay, button, writes: this.writes }
    } else if (target.form === form) this.found = { delay, button: undefined, writes: this.writes }
  }

  private writesToForm(at: number): boolean {
    const { control } = scriptTargetOf(this.outline, this.program, receiverBefore(this.program, at - 1))
    return control === undefined || this.form.controls.some(({ element }) => element === control)
  }
}
