import { harmless, PumError } from "../errors.ts"
import type { Device } from "./device.ts"
import type { Prompts, Question } from "./question.ts"
import type { QuestionWatch } from "./question-watch.ts"
import type { Row } from "./rows.ts"

export interface LazyPromptSettings {
  readonly device: Device | undefined
  readonly load: (device: Device) => Promise<Prompts>
  readonly redact: (text: string) => string
  readonly redactInMenu: (text: string) => string
  readonly watch: QuestionWatch
}

/** Prompts that are loaded at the first question. */
export class LazyPrompts implements Prompts {
  hasAsked = false
  private readonly settings: LazyPromptSettings
  private loading: Promise<Prompts> | undefined
  private open = 0

  constructor(settings: LazyPromptSettings) {
    this.settings = settings
  }

  /** Whether a question is on the screen, or about to be. */
  get isOpen(): boolean {
    return this.open > 0
  }

  ask(question: Question): Promise<string> {
    return this.run(question, (prompts, shown) => prompts.ask(shown))
  }

  askSecret(question: Question): Promise<string> {
    return this.run(question, (prompts, shown) => prompts.askSecret(shown))
  }

  confirm(question: Question): Promise<boolean> {
    return this.run(question, (prompts, shown) => prompts.confirm(shown))
  }

  choose(question: Question, rows: readonly Row[]): Promise<number> {
    return this.run(question, (prompts, shown) => prompts.choose(shown, rows), this.settings.redactInMenu)
  }

  /** A question can be in the words of a server. */
  private async run<T>(
    question: Question,
    ask: (prompts: Prompts, shown: Question) => Promise<T>,
    redact = this.settings.redact,
  ): Promise<T> {
    const { device, load, watch } = this.settings
    const shown = { ...question, message: redact(harmless(question.message)) }
    if (device === undefined)
      throw new PumError("answerMissing", `there is no terminal to ask on: ${shown.message}`)
    this.open++
    this.hasAsked = true
    try {
      this.loading ??= load(device)
      const prompts = await this.loading
      return await watch.ask(shown, watched => ask(prompts, watched))
    } finally {
      this.open--
    }
  }
}
