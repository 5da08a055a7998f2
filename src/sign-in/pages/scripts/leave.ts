import type { Outline } from "../outline/outline.ts"
import { conditionWords, type Program } from "./program.ts"
import { ScriptRun } from "./run.ts"
import { receiverBefore } from "./targets.ts"

/** A page's script loads another page without the user. */
export interface ScriptLeave {
  /** Absolute; undefined if the page loads itself again. */
  readonly address: string | undefined
  /** Milliseconds from the page's arrival. */
  readonly delay: number
}

/**
 * Where a script leads to by itself: `location = "…"` and its kin, at once or by a timer. What depends on a condition
 * does not count, nor an address that is computed, nor what a page does to leave a frame (`top.location`).
 */
export function findScriptLeave(outline: Outline, program: Program): ScriptLeave | undefined {
  const run = new LeaveRun(program)
  run.range(program.main, 0)
  const { found } = run
  if (found?.address === undefined) return found
  if (!URL.canParse(found.address, outline.base)) return undefined
  const { href, protocol } = new URL(found.address, outline.base)
  return /^https?:$/.test(protocol) ? { address: href, delay: found.delay } : undefined
}

const pages = new Set(["", "window", "document", "self", "globalThis", "window.document"])
/** What a statement begins behind. */
const statementEnds = new Set([";", "{", "}", "=>", "return", "void", ""])

class LeaveRun extends ScriptRun {
  found: ScriptLeave | undefined

  protected get isOver(): boolean {
    return this.found !== undefined
  }

  /** A condition, and the statement that depends on it. */
  protected override passOver(at: number): number {
    const { tokens } = this.program
    if (!conditionWords.has(this.text(at)) || this.text(at - 1) === ".") return at
    let next = at
    while (conditionWords.has(this.text(next))) {
      next++
      if (this.text(next) === "(") next = this.behind(next)
    }
    if (this.text(next) === "{") return this.behind(next)
    while (next < tokens.length && ![";", "}"].includes(this.text(next))) next = this.behind(next)
    return next
  }

  protected look(at: number, delay: number): void {
    const isHref = this.text(at) === "href" && this.text(at - 1) === "." && this.text(at - 2) === "location"
    if ((this.text(at) !== "location" && !isHref) || this.text(at + 1) !== "=") return
    this.leave(isHref ? at - 2 : at, this.addressAt(at + 2), delay)
  }

  protected takeCall(at: number, [first]: readonly number[], delay: number): boolean {
    if (this.text(at - 1) !== "." || this.text(at - 2) !== "location") return false
    if (this.text(at) === "reload")
      this.found ??= this.isPlain(at - 2) ? { address: undefined, delay } : undefined
    else if (["replace", "assign"].includes(this.text(at)) && first !== undefined)
      this.leave(at - 2, this.addressAt(first), delay)
    return true
  }

  private leave(location: number, address: string | undefined, delay: number): void {
    if (address !== undefined && this.isPlain(location)) this.found ??= { address, delay }
  }

  /** Whether the page's own location begins a statement. */
  private isPlain(location: number): boolean {
    const { start } = receiverBefore(this.program, location + 1)
    const tokens = this.program.tokens.slice(start, location)
    const owner = tokens
      .map(({ text }) => text)
      .join("")
      .replace(/\.$/, "")
    const isStart = this.startsLine(start) || statementEnds.has(this.text(start - 1))
    return pages.has(owner) && isStart
  }

  /** A text, or a variable that holds one, that nothing is added to. */
  private addressAt(at: number): string | undefined {
    const given = this.kind(at) === "word" ? this.program.assigned.get(this.text(at)) : at
    if (given === undefined || this.kind(given) !== "string") return undefined
    if (!this.endsValue(given + 1) || !this.endsValue(at + 1)) return undefined
    return this.text(given).includes("${") ? undefined : this.text(given)
  }
}
