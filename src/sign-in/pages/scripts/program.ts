import { maxScriptLength, type Token, tokensOf } from "./tokens.ts"

/** A function in a script. Positions are indexes of tokens; `end` is the one behind. */
export interface ScriptFunction {
  readonly start: number
  readonly end: number
  readonly body: Range
}

export interface Range {
  readonly start: number
  readonly end: number
}

/** The scripts of a page as tokens, with what belongs together. Nothing of them is ever run. */
export interface Program {
  readonly tokens: readonly Token[]
  /** The other bracket of a bracket. */
  readonly partner: ReadonlyMap<number, number>
  /** By their first token. */
  readonly functions: ReadonlyMap<number, ScriptFunction>
  /** By every name they were given: of a declaration, a variable, a property. */
  readonly named: ReadonlyMap<string, readonly ScriptFunction[]>
  /** What was assigned to a name last: its first token. */
  readonly assigned: ReadonlyMap<string, number>
  /** What runs when the page is loaded; behind it are the texts. */
  readonly main: Range
  /** What runs when something is clicked or sent, by its code. */
  readonly handlers: ReadonlyMap<string, Range>
  /** Scripts that are given to a timer as texts, by the token of the text. */
  readonly texts: ReadonlyMap<number, Range>
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" }
/** Functions that run something later: a function, or a script in a text. */
export const timers = new Set(["setTimeout", "setInterval"])

/** Words before a statement that may not run, or not once. */
export const conditionWords = new Set(["if", "else", "for", "while", "switch", "catch"])

const statementWords = new Set(
  "if for while switch catch with return typeof function new await do else".split(" "),
)

/**
 * Reads scripts in the order in which a browser runs them. One that is not well-formed counts as absent, as there.
 * @param handlers scripts that run when something is clicked or sent
 */
export function readProgram(scripts: readonly string[], handlers: readonly string[] = []): Program {
  const tokens: Token[] = []
  const partner = new Map<number, number>()
  let length = 0
  const add = (script: string): Range => {
    const start = tokens.length
    length += script.length
    const own = length > maxScriptLength ? [] : tokensOf(script)
    const pairs = pairBrackets(own)
    for (const [open, close] of pairs ?? []) {
      partner.set(open + start, close + start)
      partner.set(close + start, open + start)
    }
    if (pairs !== undefined) for (const token of own) tokens.push(token)
    tokens.push({ kind: "mark", text: ";", startsLine: true })
    return { start, end: tokens.length }
  }
  for (const script of scripts) add(script)
  const main = { start: 0, end: tokens.length }
  const handlerRanges = new Map(Array.from(new Set(handlers), code => [code, add(code)]))
  const texts = new Map<number, Range>()
  for (let at = 2, end = tokens.length; at < end; at++) {
    const { kind, text } = tokens[at] ?? {}
    const isGiven = tokens[at - 1]?.text === "(" && timers.has(tokens[at - 2]?.text ?? "")
    if (kind === "string" && text !== undefined && isGiven) texts.set(at, add(text))
  }
  const functions = findFunctions(tokens, partner)
  return {
    tokens,
    partner,
    functions,
    ...findVariables(tokens, functions),
    main,
    handlers: handlerRanges,
    texts,
  }
}

function pairBrackets(tokens: readonly Token[]): [number, number][] | undefined {
  const pairs: [number, number][] = []
  const open: number[] = []
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== "mark") continue
    if (text in closing) open.push(at)
    else if (")]}".includes(text)) {
      const start = open.pop()
      if (start === undefined || closing[tokens[start]?.text ?? ""] !== text) return undefined
      pairs.push([start, at])
    }
  }
  return open.length === 0 ? pairs : undefined
}

/** From the last to the first: where an arrow function's expression ends depends on the functions in it. */
function findFunctions(tokens: readonly Token[], partner: ReadonlyMap<number, number>) {
  const functions = new Map<number, ScriptFunction>()
  const isMark = (at: number, text: string) => tokens[at]?.kind === "mark" && tokens[at]?.text === text
  const add = (start: number, open: number) => {
    if (!isMark(open, "{")) return
    const close = partner.get(open) ?? open
    functions.set(start, { start, end: close + 1, body: { start: open + 1, end: close } })
  }
  const bodyBehind = (open: number) => (isMark(open, "(") ? (partner.get(open) ?? open) + 1 : open)
  for (let at = tokens.length - 1; at >= 0; at--) {
    const { kind, text = "" } = tokens[at] ?? {}
    if (kind === "mark" && text === "=>") {
      const start = isMark(at - 1, ")") ? (partner.get(at - 1) ?? at - 1) : at - 1
      if (isMark(at + 1, "{")) add(start, at + 1)
      else {
        const end = arrowEnd(tokens, partner, functions, at + 1)
        functions.set(start, { start, end, body: { start: at + 1, end } })
      }
    } else if (kind === "word" && text === "function") {
      const open = [at + 1, at + 2, at + 3].find(position => isMark(position, "("))
      if (open !== undefined) add(at, bodyBehind(open))
    } else if (kind === "word" && !statementWords.has(text) && isMark(at + 1, "(")) {
      // A method of an object or a class.
      if (!["function", "*", "."].includes(tokens[at - 1]?.text ?? "")) add(at, bodyBehind(at + 1))
    }
  }
  return functions
}

/** Where the expression of an arrow function ends. */
function arrowEnd(
  tokens: readonly Token[],
  partner: ReadonlyMap<number, number>,
  functions: ReadonlyMap<number, ScriptFunction>,
  start: number,
): number {
  for (let at = start; at < tokens.length; at++) {
    const inner = functions.get(at)
    if (inner !== undefined) {
      at = inner.end - 1
      continue
    }
    const { kind, text = "", startsLine } = tokens[at] ?? {}
    if (at > start && startsLine === true && kind !== "mark") return at
    if (kind !== "mark") continue
    if ([",", ";", ")", "]", "}"].includes(text)) return at
    if (text in closing) at = partner.get(at) ?? at
  }
  return tokens.length
}

function findVariables(tokens: readonly Token[], functions: ReadonlyMap<number, ScriptFunction>) {
  const named = new Map<string, ScriptFunction[]>()
  const assigned = new Map<string, number>()
  const give = (name: string | undefined, found: ScriptFunction | undefined) => {
    if (name === undefined || found === undefined) return
    const known = named.get(name)
    if (known === undefined) named.set(name, [found])
    else known.push(found)
  }
  const functionAt = (at: number) => functions.get(tokens[at]?.text === "async" ? at + 1 : at)
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind === "mark" && (text === "=" || text === ":")) {
      const name = tokens[at - 1]
      if (name?.kind !== "word" && name?.kind !== "string") continue
      give(name.text, functionAt(at + 1))
      if (text === "=" && name.kind === "word") assigned.set(name.text, at + 1)
    } else if (kind === "word") {
      const own = functions.get(at)
      if (own !== undefined && text !== "function" && tokens[at + 1]?.text === "(") give(text, own)
      if (text === "function" && tokens[at + 1]?.kind === "word") give(tokens[at + 1]?.text, own)
    }
  }
  return { named, assigned }
}
