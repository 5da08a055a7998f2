import { answeringButton, isSubmit } from "./answering-button.ts"
import { type BoxRow, boxRowsOf } from "./boxes.ts"
import { hasCaptcha, isCaptchaField } from "./captcha.ts"
import { codeFieldOf, isCodeField, isShort } from "./code-field.ts"
import { filled, hasKeyedField, isLeftEmpty, readForm } from "./form.ts"
import { type Control, type FormOutline, hasOwnScriptFile, isSameOrigin, type Outline } from "./outline.ts"
import type { Button, FactorPage, PageQuestion } from "./page-kinds.ts"
import { picksOf } from "./picks.ts"
import { adapterOf, answerableForms, isOfNoAdapter } from "./posted-forms.ts"
import { readRefresh, readScriptlessRefresh } from "./refresh.ts"
import { asksElsewhere, isMentioned, submitsAfterAsking, writesValues } from "./script-acts.ts"
import { findScriptLeave } from "./script-leave.ts"
import { type Program, readProgram } from "./script-program.ts"
import { findSelfPost, type SelfPost } from "./self-post.ts"
import { SubmitReader } from "./submit-writes.ts"
import { ticked } from "./ticked.ts"
import { emptyFields, typedFields } from "./typed-fields.ts"
import {
  clickableLabel,
  controlsOf,
  labelOf,
  pickLabelOf,
  refusalOf,
  rowLabelOf,
  type SentenceOptions,
  sentenceOf,
  textOf,
} from "./words.ts"

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
  const codes = [...clicked, ...outline.scripts.handlers]
  const program = readProgram(outline.scripts.inline, codes)
  return forms.map(form => new FactorForm(outline, program, codes, form).page())
}

/** One form of a second factor. */
class FactorForm {
  private readonly outline: Outline
  private readonly program: Program
  private readonly form: FormOutline
  private readonly adapter: string
  private readonly refusal: string | undefined
  /** Fields to type into: the empty ones, else those for a code that the page gave back filled in. */
  private asked: readonly Control[]
  private readonly typed: readonly Control[]
  private readonly picked: readonly Control[]
  /** By their first boxes. */
  private readonly rows: ReadonlyMap<Control, BoxRow>
  private readonly submit: SubmitReader
  private knownButtons: readonly Button[] | undefined

  constructor(outline: Outline, program: Program, codes: readonly string[], form: FormOutline) {
    this.outline = outline
    this.program = program
    this.form = form
    this.adapter = adapterOf(form)
    this.refusal = refusalOf(outline)
    this.submit = new SubmitReader(outline, program, form, codes)
    const rows = boxRowsOf(form)
    this.rows = new Map(rows.map(row => [row.boxes[0], row]))
    const furtherBoxes = rows.flatMap(({ boxes: [, ...further] }) => further)
    const named = form.controls.filter(control => control.name !== "" || this.rows.has(control))
    const single = named.filter(control => !furtherBoxes.includes(control))
    this.typed = typedFields(outline, form, single)
    this.asked = emptyFields(outline, this.typed, control => this.shownLabelOf(control))
    this.picked = named.filter(({ type, isVisible }) => isVisible && (type === "radio" || type === "select"))
  }

  page(): FactorPage | undefined {
    if (this.asked.length > limits.questions || this.picked.length > limits.choices) return undefined
    // A page that shows no field may be one that goes on by itself.
    const waiting = this.asked.some(({ isVisible }) => isVisible) ? undefined : this.waiting()
    if (waiting !== undefined) this.asked = []
    else if (this.asked.length === 0) this.asked = this.filledCodes()
    if (this.needsBrowser(waiting !== undefined)) return { kind: "browserOnly", ...this.words() }
    if (this.asked.length > 0) return this.question()
    return waiting ?? this.choice() ?? this.message()
  }

  private filledCodes(): readonly Control[] {
    if (this.typed.length > limits.questions) return []
    return this.typed.filter(control => isCodeField(control, this.labelsOf(control)))
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
    return { adapter, refusal, sentence: sentenceOf(outline, { controls: controlsOf(outline), ...options }) }
  }

  private message(): FactorPage {
    const buttons = this.buttons()
    // What is asked in a frame, or behind an address that is not gone to, is a page of another server's.
    const leadsAway = this.findLeave()?.address !== undefined
    if (buttons.length === 0 && (this.outline.hasFrame || leadsAway))
      return { kind: "browserOnly", ...this.words() }
    return { kind: "message", ...this.words(), buttons }
  }

  private question(): FactorPage {
    const { outline, asked, picked, rows } = this
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
    const { outline, form, adapter } = this
    const numbered = outline.byId.get("validEntropyNumber")
    const number = textOf(outline, numbered)
    const words = { ...this.words({ besides: numbered }), number }
    const selfPost = findSelfPost(outline, this.program, form)
    if (selfPost !== undefined) return { kind: "waiting", ...words, ...this.posted(selfPost) }
    const { address, delay } = readRefresh(outline) ?? this.findLeave() ?? {}
    const isElsewhere = address !== undefined && !isSameOrigin(address, outline)
    if (delay !== undefined && !isElsewhere) {
      const own = [outline.url, readForm(outline, form, "script").action]
      const isOwn = address === undefined || own.includes(address)
      return {
        kind: "waiting",
        ...words,
        delay,
        next: isOwn ? readForm(outline, form, "script") : { address },
      }
    }
    const isAzure = azureAdapters.has(adapter) && this.refusal === undefined
    if (!isAzure || (number === undefined && this.buttons().length > 0)) return undefined
    const usual = adapter === "AzureMfaServerAuthentication" ? 0 : azureDelay
    return { kind: "waiting", ...words, delay: usual, next: readForm(outline, form, "script") }
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

  private posted({ delay, button }: SelfPost) {
    return { delay, next: readForm(this.outline, this.form, button ?? "script") }
  }

  /** Whether a script or a device has to fill in a hidden field, or to ask for an answer elsewhere. */
  private needsBrowser(isWaiting: boolean): boolean {
    const { outline, program, form, asked } = this
    if (hasCaptcha(outline) || form.controls.some(isCaptchaField)) return true
    const rows = [...this.rows.values()]
    if (rows.some(({ boxes, joined }) => boxes[0].name === "" && joined === undefined)) return true
    const others = form.controls.filter(control => rows.every(({ joined }) => joined !== control))
    const writes = this.submit.writesAt(answeringButton(form.controls))
    if (asked.some(({ name }) => writes.made.has(name))) return true
    const hidden = others.filter(
      control => isLeftEmpty(control) && !Object.hasOwn(writes.constants, control.name),
    )
    const covered = others.filter(({ type, isVisible }) => type !== "hidden" && !isVisible)
    if (covered.some(control => isMentioned(program, control, "written"))) return true
    if (asked.length === 0 && !isWaiting)
      return hidden.length > 0 || hasKeyedField(form) || submitsAfterAsking(program)
    if (isWaiting && findSelfPost(outline, program, form)?.writes === true) return true
    if (hidden.length === 0) return false
    return (
      hidden.some(control => isMentioned(program, control, "anywhere")) ||
      (!isWaiting && (writesValues(program) || hasOwnScriptFile(outline)))
    )
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
    const scripted = outline.clickables.slice(0, limits.buttons).flatMap(({ element }, at) => {
      const code = program.handlers[at]
      const submission = code === undefined ? undefined : findSelfPost(outline, program, form, code)
      if (submission === undefined || submission.writes || submission.button !== undefined) return []
      return [{ label: clickableLabel(element), ...ticked(outline, form, "script") }]
    })
    return [...pressed, ...scripted].slice(0, limits.buttons)
  }
}
