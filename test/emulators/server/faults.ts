import type { Request } from "./request.ts"

/** A fault of a server. It replaces the whole answer of the emulator. */
export type Fault =
  /** Takes the request and never answers. */
  | { readonly kind: "hang" }
  /** Sends half an answer, then closes the connection. */
  | { readonly kind: "drop" }
  /** Sends half an answer, and then nothing more. */
  | { readonly kind: "stall" }
  /** Sends an answer without end, one byte every so many milliseconds; default: a second. */
  | { readonly kind: "trickle"; readonly everyMs?: number }
  /** `101 Switching Protocols`, and then nothing more; `bare`: without an `Upgrade` header. */
  | { readonly kind: "101"; readonly bare?: boolean }
  /** Streams `bytes` (default 400 MB) of HTML comment, with or without a `content-length`. */
  | { readonly kind: "flood"; readonly bytes?: number; readonly contentLength?: boolean }
  /** Redirects once, to any address. Default status: 302. */
  | { readonly kind: "redirect"; readonly to: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  /** Redirects without end, each time to a new address of the same server. */
  | { readonly kind: "endless redirects" }
  /**
   * Answers with this status, body (default: none; it may quote the request), type (default: HTML) and other headers.
   * The body is chunked, unless there is a `content-length`.
   */
  | {
      readonly kind: "answer"
      readonly status: number
      readonly body?: string | ((request: Request) => string)
      readonly type?: string
      readonly headers?: Readonly<Record<string, string>>
    }

/** The faults that are switched on, by the stage of the request that gets them. */
export class Faults<Stage extends string> {
  #on: { stage: Stage | "any"; fault: Fault; left: number }[] = []

  /** Gives `fault` to the next `times` requests of `stage`; by default to all of them. */
  switchOn(stage: Stage | "any", fault: Fault, times = Number.POSITIVE_INFINITY): void {
    this.#on.push({ stage, fault, left: times })
  }

  clear(): void {
    this.#on = []
  }

  /** Returns the fault for a request of this stage, if any, and counts the request. */
  take(stage: Stage): Fault | undefined {
    const entry = this.#on.find(({ stage: at, left }) => left > 0 && (at === "any" || at === stage))
    if (entry) entry.left -= 1
    return entry?.fault
  }
}
