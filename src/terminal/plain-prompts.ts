import readline from "node:readline"
import { trimPasted } from "../domain/pasted.ts"
import { ctrlCKey, PumError } from "../errors.ts"
import type { LineGate } from "./line-gate.ts"
import type { Prompts, Question, Screen } from "./question.ts"
import { matchingRows, type Row, tableOf } from "./rows.ts"
import { type PromptContext, runPrompt } from "./run-prompt.ts"
import { displayWidth, wrapLine } from "./width.ts"

/** Rows that are listed at one time. */
const maxListed = 50

/**
 * Prompts that write one line after the other and never redraw one: for screen readers, and for terminals that cannot
 * move their cursor.
 */
export function openPlainPrompts(screen: Screen, gate: LineGate): Prompts {
  const askLine = (question: Question, hidden = false) =>
    runPrompt(screen, gate, { signal: question.signal, hidden }, context =>
      readAnswer(question, hidden, context),
    )
  return {
    ask: askLine,
    askSecret: question => askLine(question, true),
    async confirm(question) {
      const validate = (typed: string) => (/^(y(es)?|no?|)$/i.test(typed) ? undefined : "type y or n")
      const answer = await askLine({ ...question, message: `${question.message} (y/N)`, validate })
      return /^y/i.test(answer)
    },
    async choose(question, allRows) {
      const rows = screen.presentRows(allRows)
      const write = (line: string) => screen.output.write(`${line}\n`)
      for (const line of wrapLine(question.message, screen.output.columns || 80)) write(line)
      let listed = [...rows.keys()]
      for (;;) {
        for (const line of numberedLines(rows, listed, screen)) write(line)
        const { signal } = question
        const validate = (typed: string) => problemOf(trimPasted(typed), rows)
        const message = "Number, or a part of the name:"
        const answer = trimPasted(await askLine({ message, validate, signal }))
        const chosen = indexOf(answer, rows)
        if (chosen !== undefined) {
          write(`${screen.style.marks.pointer} ${rows[chosen]?.join("   ")}`)
          return chosen
        }
        listed = matchingRows(rows, answer)
      }
    },
  }
}

function numberedLines(rows: readonly Row[], listed: readonly number[], { output }: Screen): string[] {
  const shown = listed.slice(0, maxListed)
  const numbered = shown.map(index => [`${index + 1}`, ...(rows[index] ?? [])])
  const lines = tableOf(numbered, { width: (output.columns || 80) - 1, needed: 3 })
  const more = listed.length - shown.length
  if (more === 0) return lines
  return [
    ...lines,
    ...wrapLine(`and ${more} more: type a part of the name to see them`, output.columns || 80),
  ]
}

/** Whether an answer is meant as a number of the list. Longer ones are a part of an account's id. */
const isNumber = (answer: string, rows: readonly Row[]) =>
  /^\d+$/.test(answer) && answer.length <= Math.max(3, String(rows.length).length)

/** A number of the list, or the only row that matches. */
function indexOf(answer: string, rows: readonly Row[]): number | undefined {
  if (isNumber(answer, rows)) return rows[Number(answer) - 1] === undefined ? undefined : Number(answer) - 1
  const matching = matchingRows(rows, answer)
  return matching.length === 1 ? matching[0] : undefined
}

function problemOf(typed: string, rows: readonly Row[]): string | undefined {
  if (typed === "") return "type a number of the list, or a part of the name"
  // As a part of a name it could choose an account by a digit of its id, which the list may not show.
  if (isNumber(typed, rows))
    return indexOf(typed, rows) === undefined ? `the numbers go from 1 to ${rows.length}` : undefined
  return indexOf(typed, rows) === undefined && matchingRows(rows, typed).length === 0
    ? "nothing matches"
    : undefined
}

/** Reads one line. Only characters are added and removed at its end. */
function readAnswer(question: Question, hidden: boolean, context: PromptContext): Promise<string> {
  const { message, fallback = "", validate } = question
  const { input, output, signal, onRedraw } = context
  const characters: string[] = []
  const begin = () => output.write(`${message} ${hidden ? "" : characters.join("")}`)
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      input.off("keypress", onKey)
      signal.removeEventListener("abort", onAbort)
      input.setRawMode(false)
      output.write("\n")
      settle()
    }
    const onAbort = () => end(() => reject(signal.reason))
    const finish = () => {
      const answer = characters.join("") || fallback
      const problem = validate?.(answer)
      if (problem === undefined) return end(() => resolve(answer))
      output.write(`\n${problem}\n`)
      characters.length = 0
      return begin()
    }
    const erase = (count: number) => {
      const width = displayWidth(characters.splice(characters.length - count).join(""))
      if (!hidden) output.write("\b \b".repeat(width))
    }
    const onKey = (text = "", key: readline.Key) => {
      const pressed = `${key.ctrl ? "ctrl-" : ""}${key.name}`
      if (pressed === "return" || pressed === "enter") finish()
      else if (pressed === "ctrl-c")
        end(() => reject(new PumError("cancelled", "cancelled", { cause: ctrlCKey })))
      else if (pressed === "backspace") erase(Math.min(1, characters.length))
      else if (pressed === "ctrl-u") erase(characters.length)
      else if (!key.ctrl && !key.meta && !/[\x00-\x1f\x7f]/.test(text)) {
        characters.push(...text)
        if (!hidden) output.write(text)
      }
    }
    input.setRawMode(true)
    readline.emitKeypressEvents(input)
    input.on("keypress", onKey)
    signal.addEventListener("abort", onAbort)
    onRedraw(begin)
    begin()
    if (signal.aborted) onAbort()
  })
}
