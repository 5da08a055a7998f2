/** What a server can do wrong. The rest of an answer is up to the emulator; these replace the whole answer. */
export type Fault =
  /** Takes the request and never answers. */
  | { readonly kind: "hang" }
  /** Sends half an answer, then closes the connection. */
  | { readonly kind: "drop" }
  /** Streams `bytes` (default 400 MB) of HTML comment, with or without a `content-length`. */
  | { readonly kind: "flood"; readonly bytes?: number; readonly contentLength?: boolean }
  /** Redirects once; any address. Default status 302. */
  | { readonly kind: "redirect"; readonly to: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  /** Redirects to a new address of its own for ever. */
  | { readonly kind: "endless redirects" }
  /** Answers with this status, body (default: none) and type (default: HTML). */
  | { readonly kind: "answer"; readonly status: number; readonly body?: string; readonly type?: string }

/** The faults that are switched on now, by the stage at which they strike. */
export class Faults<Stage extends string> {
  #on: { stage: Stage | "any"; fault: Fault; left: number }[] = []

  /** From now on, requests of `stage` get `fault`: `times` of them, all of them by default. */
  switchOn(stage: Stage | "any", fault: Fault, times = Number.POSITIVE_INFINITY): void {
    this.#on.push({ stage, fault, left: times })
  }

  clear(): void {
    this.#on = []
  }

  /** The fault for a request that arrives now; counts it. */
  take(stage: Stage): Fault | undefined {
    const entry = this.#on.find(({ stage: at, left }) => left > 0 && (at === "any" || at === stage))
    if (entry) entry.left -= 1
    return entry?.fault
  }
}
