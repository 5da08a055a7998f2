import { answeringButton } from "./form/answering-button.ts"
import { type BoxRow, boxRowsOf } from "./form/boxes.ts"
import { codeFieldOf, isCodeField, isShort } from "./form/code-field.ts"
import { adapterOf, answerableForms, filled, isOfNoAdapter, readForm } from "./form/form.ts"
import { emptyFields, typedFields } from "./form/typed-fields.ts"
import { needsBrowser } from "./needs-browser.ts"
import { isSubmit } from "./outline/controls.ts"
import {
  type Control,
  type FormOutline,
  isSameOrigin,
  type Outline,
  visibleControls,
} from "./outline/outline.ts"
import {
  clickableLabel,
  labelOf,
  pickLabelOf,
  refusalOf,
  rowLabelOf,
  type SentenceOptions,
  sentenceOf,
  textOf,
} from "./outline/words.ts"
import type { Button, FactorPage, PageOf, PageQuestion } from "./page-kinds.ts"
import { picksOf, ticked } from "./picks.ts"
import { readRefresh, readScriptlessRefresh } from "./refresh.ts"
import { asksElsewhere } from "./scripts/acts.ts"
import { findScriptLeave } from "./scripts/leave.ts"
import { type Program, readProgram } from "./scripts/program.ts"
import { findSelfPost } from "./scripts/self-post.ts"
import { SubmitReader } from "./scripts/submit-writes.ts"

export const vismaAdapter = "VismaMFAAdapter"

/** Microsoft's adapters, whose page waits while a phone is asked even where its script is in a file of its own. */
const azureAdapters = new Set(["AzureMfaAuthentication", "AzureMfaServerAuthentication"])
const azureDelay = 3_000
/** A script that loads a page later than this does so for a time-out. */
const longestWait = 10_000
/** More of them are no second factor that a person could answer. */
const limits = { questions: 10, choices: 50, buttons: 20 }
/** What a page with several forms is taken for. */
const precedence = ["question", "choice", "waiting", "browserOnly", "message"] as const

/** One rule for all second factors: their form names an adapter. What else is in it tells what the page waits for. */
export function secondFactorPage(outline: Outline): FactorPage | undefined {
  const forms = answerableForms(outline).filter(form => !isOfNoAdapter(form))
  const pages = readFactorForms(outline, forms)
  return precedence.flatMap(kind => pages.find(page => page?.kind === kind) ?? [])[0]
}

/** What each form asks for. */
export function readFactorForms(outline: Outline, forms: readonly FormOutline[]): (FactorPage | undefined)[] {
  const clicked = outline.clickables.slice(0, limits.buttons).map(({ code }) => code)
  const program = readProgram(outline.scripts.inline, [...clicked, ...outline.scripts.handlers])
  return forms.map(form => new FactorForm(outline, program, form).page())
}

/** One form of a second factor. */
class FactorForm {
  private readonly outline: Outline
  private readonly program: Program
  private readonly form: FormOutline
  private readonly adapter: string
  private readonly refusal: string | undefined
  /** Fields to type into. */
  private readonly typed: readonly Control[]
  /** Those of them that wait for an answer. */
  private readonly empty: readonly Control[]
  private readonly picked: readonly Control[]
  /** By their first boxes. */
  private readonly rows: ReadonlyMap<Control, BoxRow>
  private readonly submit: SubmitReader
  private knownButtons: readonly Button[] | undefined

  constructor(outline: Outline, program: Program, form: FormOutline) {
    this.outline = outline
    this.program = program
    this.form = form
    this.adapter = adapterOf(form)
    this.refusal = refusalOf(outline)
    this.submit = new SubmitReader(outline, program, form)
    const rows = boxRowsOf(form)
    this.rows = new Map(rows.map(row => [row.boxes[0], row]))
    const furtherBoxes = rows.flatMap(({ boxes: [, ...further] }) => further)
    const named = form.controls.filter(control => control.name !== "" || this.rows.has(control))
    const single = named.filter(control => !furtherBoxes.includes(control))
    this.typed = typedFields(outline, form, single)
    this.empty = emptyFields(outline, this.typed, control => this.shownLabelOf(control))
    this.picked = named.filter(({ type, isVisible }) => isVisible && (type === "radio" || type === "select"))
  }

  page(): FactorPage | undefined {
    const { empty, picked } = this
    if (empty.length > limits.questions || picked.length > limits.choices) return undefined
    // A page that shows no field may be one that goes on by itself.
    const waiting = empty.some(({ isVisible }) => isVisible) ? undefined : this.waiting()
    const asked = waiting === undefined ? this.asked() : []
    if (this.needsBrowser(asked, waiting !== undefined)) return { kind: "browserOnly", ...this.words() }
    if (asked.length > 0) return this.question(asked)
    return waiting ?? this.choice() ?? this.message()
  }

  /** The empty fields; if there is none, those for a code that the page gave back filled in. */
  private asked(): readonly Control[] {
    const { empty, typed } = this
    if (empty.length > 0) return empty
    if (typed.length > limits.questions) return []
    return typed.filter(control => isCodeField(control, this.labelsOf(control)))
  }

  private shownLabelOf(control: Control): string {
    return (this.rows.has(control) ? rowLabelOf : labelOf)(this.outline, control)
  }

  /** The label of a field; of a row of boxes, with the name of the hidden field for all of them. */
  private labelsOf(control: Control): string {
    return `${this.shownLabelOf(control)} ${this.rows.get(control)?.joined?.name ?? ""}`
  }

  private words(options: SentenceOptions = {}) {
    const { outline, adapter, refusal } = this
    return {
      adapter,
      refusal,
      sentence: sentenceOf(outline, { controls: visibleControls(outline), ...options }),
    }
  }

  private message(): FactorPage {
    const buttons = this.buttons()
    // What is asked in a frame, or behind an address that is not gone to, is a page of another server's.
    const leadsAway = this.findLeave()?.address !== undefined
    if (buttons.length === 0 && (this.outline.hasFrame || leadsAway))
      return { kind: "browserOnly", ...this.words() }
    return { kind: "message", ...this.words(), buttons }
  }

  private question(asked: readonly Control[]): FactorPage {
    const { outline, picked, rows } = this
    const long = asked.filter(control => rows.has(control) || !isShort(control))
    const code = codeFieldOf(long, control => this.labelsOf(control))
    const questions = asked.map(
      (control): PageQuestion => ({
        field: rows.has(control) ? (rows.get(control)?.joined?.name ?? "") : control.name,
        boxes: rows.get(control)?.boxes.map(({ name }) => name),
        label: this.shownLabelOf(control),
        hidden: control.type === "password",
        isCode: control === code,
      }),
    )
    const open = picksOf(outline, picked).filter(({ checked }) => checked === undefined)
    const picks = open.length > 0 ? open : undefined
    const introduction = textOf(outline, outline.byId.get("pageIntroductionText"))
    const words = { ...this.words({ withoutErrors: true }), introduction }
    return { kind: "question", ...words, ...this.sentBy("enter"), questions, picks }
  }

  private choice(): FactorPage | undefined {
    const { outline, picked } = this
    const open = picksOf(outline, picked)
    if (open.length === 0 || open.some(({ choices }) => choices.length > limits.choices)) return undefined
    return {
      kind: "choice",
      ...this.words({ withoutErrors: true }),
      ...this.sentBy("enter"),
      picks: open,
    }
  }

  private waiting(): FactorPage | undefined {
    const numbered = this.outline.byId.get("validEntropyNumber")
    const number = textOf(this.outline, numbered)
    const next = this.postedByScript() ?? this.loadedNext() ?? this.postedForAzure(number)
    return next && { kind: "waiting", ...this.words({ besides: numbered }), number, ...next }
  }

  private postedByScript(): Pick<PageOf<"waiting">, "next" | "delay"> | undefined {
    const { outline, program, form } = this
    const post = findSelfPost(outline, program, form)
    return post && { delay: post.delay, next: readForm(outline, form, post.button ?? "script") }
  }

  /** Where the page loads itself again, its form is posted: that asks the same, and keeps what is in it. */
  private loadedNext(): Pick<PageOf<"waiting">, "next" | "delay"> | undefined {
    const { outline, form } = this
    const load = readRefresh(outline) ?? this.findLeave()
    if (load === undefined) return undefined
    const { address, delay } = load
    if (address !== undefined && !isSameOrigin(address, outline)) return undefined
    const own = readForm(outline, form, "script")
    const isOwn = address === undefined || address === outline.url || address === own.action
    return { delay, next: isOwn ? own : { address } }
  }

  private postedForAzure(number: string | undefined): Pick<PageOf<"waiting">, "next" | "delay"> | undefined {
    const { outline, form, adapter, refusal } = this
    if (!azureAdapters.has(adapter) || refusal !== undefined) return undefined
    if (number === undefined && this.buttons().length > 0) return undefined
    const delay = adapter === "AzureMfaServerAuthentication" ? 0 : azureDelay
    return { delay, next: readForm(outline, form, "script") }
  }

  /** A page that a person can answer leaves by script for a time-out. */
  private findLeave() {
    const { outline, program } = this
    const isAnswered = this.picked.length > 0 || this.buttons().length > 0
    if (isAnswered) return undefined
    const leave = findScriptLeave(outline, program)
    if (leave !== undefined && leave.delay <= longestWait) return leave
    return asksElsewhere(program) ? readScriptlessRefresh(outline) : undefined
  }

  private needsBrowser(asked: readonly Control[], isWaiting: boolean): boolean {
    const { outline, program, form } = this
    const writes = this.submit.writesAt(answeringButton(form.controls))
    const rows = [...this.rows.values()]
    return needsBrowser({ outline, program, form, rows, asked, writes, isWaiting })
  }

  /** What Enter or a button sends, with what a script writes into the form whatever the user does. */
  private sentBy(by: "enter" | Control) {
    const { form, ticks } = ticked(this.outline, this.form, by)
    const button = by === "enter" ? answeringButton(this.form.controls) : by
    return { form: filled(form, this.submit.writesAt(button).constants), ticks }
  }

  private buttons(): readonly Button[] {
    this.knownButtons ??= this.readButtons()
    return this.knownButtons
  }

  private readButtons(): readonly Button[] {
    const { outline, form, program } = this
    const pressed = form.controls
      .filter(control => control.isVisible && isSubmit(control))
      .slice(0, limits.buttons)
      .map(control => ({ label: pickLabelOf(outline, control), ...this.sentBy(control) }))
    const scripted = outline.clickables.slice(0, limits.buttons).flatMap(({ element, code }) => {
      const handler = program.handlers.get(code)
      const submission = handler && findSelfPost(outline, program, form, handler)
      if (submission === undefined || submission.writes || submission.button !== undefined) return []
      return [{ label: clickableLabel(element), ...ticked(outline, form, "script") }]
    })
    return [...pressed, ...scripted].slice(0, limits.buttons)
  }
}
