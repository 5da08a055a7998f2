import type { Control } from "../outline/outline.ts"
import { asksElsewhere, namesOf, writesTo } from "./acts.ts"
import type { Program, Range } from "./program.ts"

/** Names of functions that hash or encrypt, also as parts of longer names. */
const secretWord = /hash|crypt|digest|hmac|cipher|md5|sha_?\d|^rsa|^sign(?!in|ed|al)|signature/i
/** What the browser itself knows, and words of the language. */
const knownWords = new Set(
  "document window location navigator screen history Date Intl Math JSON String Number Boolean new this true false null undefined typeof".split(
    " ",
  ),
)
/** Tokens of one value, variables in variables, and functions of one name, beyond which a value is not read. */
const valueLimits = { tokens: 100, depth: 3, bodies: 20 }

/**
 * Finds a control whose value a script makes from what the user answers, or hashes or encrypts, or asks for
 * elsewhere. The time, the screen and the like do not count.
 */
export function findMade(
  program: Program,
  controls: readonly Control[],
  answered: readonly Control[],
): Control | undefined {
  const values = new MadeValues(program, new Set(answered.flatMap(namesOf)))
  return controls.find(control => writesTo(program, control).some(at => values.isMadeAt(at)))
}

class MadeValues {
  private readonly program: Program
  private readonly answers: ReadonlySet<string>
  private secretive: boolean | undefined
  /** What is found out already, by first tokens. */
  private readonly read = new Map<number, boolean>()

  constructor(program: Program, answers: ReadonlySet<string>) {
    this.program = program
    this.answers = answers
  }

  /** @param write the position of `value` or `val` and the like */
  isMadeAt(write: number): boolean {
    const start = write + 2
    const end = () => this.program.partner.get(write + 1) ?? this.valueEnd(start)
    return this.read.get(start) ?? this.isMadeIn({ start, end: end() }, 0)
  }

  private isMadeIn({ start, end }: Range, depth: number): boolean {
    const known = this.read.get(start)
    if (known !== undefined || depth > valueLimits.depth) return known ?? false
    this.read.set(start, false)
    let isFound = false
    for (let at = start; at < Math.min(end, start + valueLimits.tokens) && !isFound; at++)
      isFound = this.dependsOnAnswer(at, depth)
    this.read.set(start, isFound)
    return isFound
  }

  private dependsOnAnswer(at: number, depth: number): boolean {
    const { kind, text = "" } = this.program.tokens[at] ?? {}
    if (kind === "string") {
      const isSought = ["(", "["].includes(this.program.tokens[at - 1]?.text ?? "")
      return isSought && text.split(/[^\w$-]+/).some(name => this.answers.has(name))
    }
    if (kind !== "word") return false
    if (this.answers.has(text) || this.isSecret(at)) return true
    if (this.program.tokens[at - 1]?.text === "." || knownWords.has(text)) return false
    const bodies = (this.program.named.get(text) ?? []).slice(0, valueLimits.bodies)
    const value = this.program.assigned.get(text)
    if (bodies.some(({ body }) => this.isMadeIn(body, depth + 1))) return true
    if (value !== undefined) return this.isMadeIn({ start: value, end: this.valueEnd(value) }, depth + 1)
    // A parameter, or what another file defines.
    return depth === 0 && bodies.length === 0 && this.isSecretive()
  }

  /** Whether a script hashes or encrypts, or asks elsewhere. */
  private isSecretive(): boolean {
    this.secretive ??= asksElsewhere(this.program) || this.program.tokens.some((_, at) => this.isSecret(at))
    return this.secretive
  }

  private isSecret(at: number): boolean {
    const { tokens } = this.program
    const { kind, text = "" } = tokens[at] ?? {}
    if (kind !== "word" || !secretWord.test(text)) return false
    const isCalled = tokens[at + 1]?.text === "(" || tokens[at + 1]?.text === "."
    return isCalled && tokens[at - 2]?.text !== "location"
  }

  /** Where an expression ends. */
  private valueEnd(start: number): number {
    const { tokens, partner } = this.program
    let at = start
    for (; at < Math.min(tokens.length, start + valueLimits.tokens); at++) {
      const { kind, text = "", startsLine } = tokens[at] ?? {}
      if (kind === "mark" && [",", ";", ")", "]", "}"].includes(text)) return at
      if (kind !== "mark" && at > start && startsLine === true) return at
      at = Math.max(at, partner.get(at) ?? at)
    }
    return at
  }
}
