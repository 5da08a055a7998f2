import type { Answers } from "../answers/answers.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { awaitApproval } from "./approval.ts"
import { chooseOne } from "./choose-one.ts"
import { type Form, filled, filledBoxes } from "./pages/form/form.ts"
import type { Button, ChoiceField, FactorPage, PageOf, PageQuestion, UsablePage } from "./pages/page-kinds.ts"
import { vismaAdapter } from "./pages/second-factor.ts"
import {
  answerRefused,
  approvalRefused,
  browserNeeded,
  codeRefused,
  messageRefused,
  newWords,
  ticksUnanswered,
} from "./refusals.ts"

const maxCodes = 3

export interface FactorSettings {
  readonly answers: Answers
  readonly terminal: Terminal
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
  /** @param limit for the whole exchange, in milliseconds */
  readonly post: (progress: string, form: Form, limit?: number) => Promise<UsablePage>
  readonly get: (progress: string, address: URL, limit?: number) => Promise<UsablePage>
}

/** The second factor of one sign-in. Remembers what was sent: the same page again is a refusal, often without a word. */
export class SecondFactor {
  private readonly settings: FactorSettings
  private readonly codesSent: string[] = []
  /** The page that was answered last. */
  private lastAnswered = ""
  /** What a question's page marks as an error before it was answered: it is no refusal. */
  private notice: string | undefined
  private readonly told = new Set<string>()

  constructor(settings: FactorSettings) {
    this.settings = settings
  }

  /** Another page than those of the second factor was answered: what comes now is new. */
  forgetLast(): void {
    this.lastAnswered = ""
  }

  /**
   * Answers one page.
   * @throws PumError `codeRefused`, `idpPage`, `answerMissing`, `cancelled`, and the codes of a post
   */
  async answer(page: FactorPage): Promise<UsablePage> {
    switch (page.kind) {
      case "question":
        return this.answerQuestions(page)
      case "choice":
        return this.choose(page)
      case "waiting":
        return this.wait(page)
      case "message":
        return this.pressButton(page)
      case "browserOnly":
        throw browserNeeded(page)
    }
  }

  private async answerQuestions(page: PageOf<"question">): Promise<UsablePage> {
    const { answers, terminal, post } = this.settings
    const key = `question ${page.adapter} ${page.questions.map(({ field, boxes }) => boxes?.join() ?? field).join(" ")}`
    const refused = this.lastAnswered === key
    const news = this.isNew(page.sentence) ? page.sentence : undefined
    if (news !== undefined) this.told.add(news)
    if (refused) {
      const asksForCode = page.questions.some(({ isCode }) => isCode)
      const words = newWords(page.refusal, this.notice) ?? news
      const error = asksForCode ? codeRefused(words, this.codesSent.length) : answerRefused(words)
      const canAnswer =
        answers.canGiveAnotherCode && (terminal.interactive || (asksForCode && page.questions.length === 1))
      if (this.codesSent.length === maxCodes || !canAnswer) throw error
      terminal.warn(inOneLine(error))
    } else if (page.refusal !== undefined) terminal.warn(page.refusal)
    if (!refused) this.notice = page.refusal
    const isSaid = (refused && page.refusal === undefined) || isInPrompt(page)
    if (news !== undefined && !isSaid) terminal.tell(news)
    await this.agreeTo(page.ticks)
    const chosen = terminal.interactive ? await this.pickAll(page.picks ?? []) : {}
    const form = await this.fillIn(page, refused)
    this.lastAnswered = key
    return post("Checking the code", filled(form, chosen))
  }

  /** Asks the questions. @returns the page's form with the answers */
  private async fillIn({ adapter, form, questions }: PageOf<"question">, refused: boolean): Promise<Form> {
    let result = form
    // Where answers come in lines, the code comes first.
    const order = this.settings.terminal.interactive ? questions : [...questions].sort(byCode)
    for (const question of order) {
      const answer = await this.ask(question, adapter, refused)
      const { boxes, field } = question
      if (boxes !== undefined) result = filledBoxes(result, boxes, answer)
      if (field !== "") result = filled(result, { [field]: answer })
    }
    return result
  }

  /** @throws PumError `answerMissing` if the answer does not fill the boxes of the page */
  private async ask(question: PageQuestion, adapter: string, refused: boolean): Promise<string> {
    const { answers, terminal } = this.settings
    const { boxes, isCode, label, hidden } = question
    const shown = adapter === vismaAdapter ? "Visma Google Auth 2FA Token" : label
    for (let tries = 1; ; tries++) {
      const answer = isCode
        ? await answers.code({ label: shown, hidden, used: this.codesSent, refused })
        : await answers.other({ label, hidden, refused })
      if (boxes === undefined || answer.length === boxes.length) {
        if (isCode) this.codesSent.push(answer)
        return answer
      }
      const problem = `the page has ${boxes.length} boxes for "${label}", and the answer has ${answer.length} characters; it was not sent`
      if (!terminal.interactive || tries === maxCodes) throw new PumError("answerMissing", problem)
      terminal.warn(problem)
    }
  }

  /** On a terminal the user chooses; else what the page has checked is sent. */
  private async choose(page: PageOf<"choice">): Promise<UsablePage> {
    const { terminal, post } = this.settings
    const key = `choice ${page.adapter} ${page.picks.map(({ field }) => field).join(" ")}`
    const words = page.refusal ?? page.sentence
    if (this.lastAnswered === key) {
      if (!terminal.interactive) throw messageRefused(words, [])
      if (page.refusal !== undefined) terminal.warn(page.refusal)
    }
    this.tell(page.sentence)
    await this.agreeTo(page.ticks)
    const chosen = await this.pickAll(page.picks)
    this.lastAnswered = key
    return post("Choosing the second factor", filled(page.form, chosen))
  }

  /** Boxes that the page wants ticked, such as for terms of use, are ticked only if the user says so. */
  private async agreeTo(ticks: readonly string[]): Promise<void> {
    const { terminal } = this.settings
    if (ticks.length === 0) return
    if (!terminal.interactive) throw ticksUnanswered(quoted(ticks))
    if (!(await terminal.confirm({ message: `Tick ${quoted(ticks)}?` })))
      throw new PumError("cancelled", "cancelled, nothing was ticked")
  }

  /** By field. Without a terminal, what the page has checked. */
  private async pickAll(picks: readonly ChoiceField[]): Promise<Record<string, string>> {
    const { terminal } = this.settings
    const message = "Please choose how to sign in:"
    const hint = "run pum-aws on a terminal, or set a default where you manage your second factor"
    const chosen: Record<string, string> = {}
    for (const { field, choices, checked } of picks) {
      const isGiven = checked !== undefined && choices.length > 1 && !terminal.interactive
      chosen[field] = isGiven ? checked : await chooseOne(choices, terminal, { message, hint })
    }
    return chosen
  }

  private async wait(page: PageOf<"waiting">): Promise<UsablePage> {
    const { now, pause, terminal, post, get } = this.settings
    const progress = "Waiting for the second factor"
    const goOn = ({ next }: PageOf<"waiting">, limit: number) =>
      "address" in next ? get(progress, new URL(next.address), limit) : post(progress, next, limit)
    const next = await awaitApproval(page, { now, pause, terminal, goOn })
    this.lastAnswered = "waiting"
    return next
  }

  /** A button is pressed only if the user says so: some of them enrol, others sign out. */
  private async pressButton(page: PageOf<"message">): Promise<UsablePage> {
    const { terminal, post } = this.settings
    const { adapter, buttons, refusal, sentence } = page
    const labels = buttons.map(({ label }) => label)
    const key = `message ${adapter} ${labels.join(" ")} ${sentence}`
    const [first] = buttons
    if (this.lastAnswered === "waiting" && first === undefined) throw approvalRefused(page)
    if (!terminal.interactive || first === undefined || this.lastAnswered === key)
      throw messageRefused(sentence ?? refusal, labels)
    this.tell(sentence ?? refusal)
    const index = buttons.length === 1 ? await this.confirmButton(first) : await this.chooseButton(buttons)
    const button = buttons[index]
    if (button === undefined) throw new PumError("cancelled", "cancelled, no button was pressed")
    this.lastAnswered = key
    return post(`Pressing ${button.label}`, button.form)
  }

  /** @returns 0 for a yes, else -1 */
  private async confirmButton({ label, ticks }: Button): Promise<number> {
    const message =
      ticks.length === 0
        ? `Press the page's button "${label}"?`
        : `Tick ${quoted(ticks)} and press the page's button "${label}"?`
    return (await this.settings.terminal.confirm({ message })) ? 0 : -1
  }

  private chooseButton(buttons: readonly Button[]): Promise<number> {
    const labels = buttons.map(({ label, ticks }) =>
      ticks.length === 0 ? label : `${label} (ticks ${quoted(ticks)})`,
    )
    const rows = [...labels, "none of them"].map(label => [label])
    return this.settings.terminal.choose({ message: "Please choose the button to press:" }, rows)
  }

  private isNew(line: string | undefined): line is string {
    return line !== undefined && !this.told.has(line)
  }

  private tell(line: string | undefined): void {
    if (!this.isNew(line)) return
    this.told.add(line)
    this.settings.terminal.tell(line)
  }
}

/** Visma's question is asked in words of this program's own, and needs no introduction. */
function isInPrompt({ adapter, introduction, questions, sentence }: PageOf<"question">): boolean {
  if (adapter === vismaAdapter && sentence === introduction) return true
  return questions.some(({ label }) => label === sentence)
}

const quoted = (labels: readonly string[]) => labels.map(label => `"${label}"`).join(", ")

const byCode = (a: PageQuestion, b: PageQuestion) => Number(b.isCode) - Number(a.isCode)
