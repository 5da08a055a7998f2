import confirmPrompt from "@inquirer/confirm"
import inputPrompt from "@inquirer/input"
import passwordPrompt from "@inquirer/password"
import { choose } from "./choose.ts"
import { LineGate } from "./line-gate.ts"
import { openPlainPrompts } from "./plain-prompts.ts"
import type { Prompts, Screen, Validate } from "./question.ts"
import { keptNote, type PromptContext, runPrompt } from "./run-prompt.ts"
import { stopGroup } from "./stop-group.ts"
import type { Style } from "./style.ts"
import { wrapLine } from "./width.ts"

/** Prompts by inquirer, and a menu of our own; plain ones where nothing may be redrawn. */
export function openPrompts(screen: Screen): Prompts {
  const gate = new LineGate(screen.input, () => stopGroup(screen))
  return screen.plain ? openPlainPrompts(screen, gate) : openInquirerPrompts(screen, gate)
}

function openInquirerPrompts(screen: Screen, gate: LineGate): Prompts {
  const { presentRows, style } = screen
  const wrapped = (text: string) => wrapLine(text, (screen.output.columns || 80) - 1).join("\n")
  const themed = (message: string) => themedMessage(wrapped(message), style)
  const validated = (validate: Validate | undefined, answer: string) => {
    const problem = validate?.(answer)
    return problem === undefined ? true : wrapped(problem)
  }
  return {
    ask: ({ message, fallback = "", validate, signal }) =>
      runPrompt(screen, gate, { signal }, async context => {
        const settings = {
          ...themed(message),
          validate: (typed: string) => validated(validate, typed || fallback),
          transformer: (typed: string, { isFinal }: { isFinal: boolean }) =>
            isFinal ? style.accent(typed || fallback) : typed,
        }
        return (await inputPrompt(settings, forInquirer(context))) || fallback
      }),
    askSecret: ({ message, validate, signal }) =>
      runPrompt(screen, gate, { signal, hidden: true }, context =>
        passwordPrompt(
          {
            ...themed(message),
            toggleMask: false,
            validate: typed => validated(validate && hiddenProblem(validate), typed),
          },
          forInquirer(context),
        ),
      ),
    confirm: ({ message, signal }) =>
      runPrompt(screen, gate, { signal }, context =>
        confirmPrompt({ ...themed(message), default: false }, forInquirer(context)),
      ),
    choose: ({ message, signal }, rows) =>
      runPrompt(screen, gate, { signal }, context => choose({ message, rows, presentRows, style }, context)),
  }
}

/** Inquirer keeps what was typed: more of it would be added behind what cannot be seen. */
const hiddenProblem =
  (validate: Validate): Validate =>
  typed => {
    const problem = validate(typed)
    return problem === undefined || typed === "" ? problem : `${problem} ${keptNote}`
  }

function forInquirer({ input, stream, signal }: PromptContext) {
  return { input, output: stream, signal }
}

/** Message and theme of an inquirer prompt: no symbol before the message, colours only for answer and error. */
function themedMessage(message: string, style: Style) {
  // inquirer puts a blank between prefix and message: the first word is the prefix, so that no blank leads.
  const [first = "", ...rest] = message.split(" ")
  const uncoloured = (text: string) => text
  return {
    message: rest.join(" "),
    theme: {
      prefix: { idle: first, done: first, loading: first },
      style: {
        message: uncoloured,
        answer: style.accent,
        error: style.warning,
        defaultAnswer: (text: string) => `(${text})`,
        help: uncoloured,
        highlight: uncoloured,
        maskedText: "",
      },
    },
  }
}
