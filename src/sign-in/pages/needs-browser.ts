import type { BoxRow } from "./form/boxes.ts"
import { hasCaptcha, isCaptchaField } from "./form/captcha.ts"
import { hasKeyedField, isLeftEmpty } from "./outline/controls.ts"
import { type Control, type FormOutline, hasOwnScriptFile, type Outline } from "./outline/outline.ts"
import { isMentioned, submitsAfterAsking, writesTo, writesValues } from "./scripts/acts.ts"
import type { Program } from "./scripts/program.ts"
import { findSelfPost } from "./scripts/self-post.ts"
import type { SubmitWrites } from "./scripts/submit-writes.ts"

/** A form of a second factor, and what is known of its answer. */
interface FactorAnswer {
  readonly outline: Outline
  readonly program: Program
  readonly form: FormOutline
  readonly rows: readonly BoxRow[]
  /** The fields that the user is asked for. */
  readonly asked: readonly Control[]
  /** What scripts write into the form when Enter sends it. */
  readonly writes: SubmitWrites
  /** Whether the page goes on by itself. */
  readonly isWaiting: boolean
}

/** Whether a script or a device makes the answer, or a part of it: what a person types is not sent then. */
export function needsBrowser(answer: FactorAnswer): boolean {
  const { outline, program, form, asked, isWaiting } = answer
  if (hasCaptcha(outline) || form.controls.some(isCaptchaField)) return true
  if (hasUnsentBoxes(answer) || isTypedFieldMade(answer) || isUnseenFieldWritten(answer)) return true
  const empty = fieldsLeftEmpty(answer)
  if (asked.length === 0 && !isWaiting)
    return empty.length > 0 || hasKeyedField(form) || submitsAfterAsking(program)
  if (empty.some(control => isMentioned(program, control))) return true
  if (isWaiting) return findSelfPost(outline, program, form)?.writes === true
  return empty.length > 0 && (writesValues(program) || hasOwnScriptFile(outline))
}

/** Boxes without names are sent by a script, which joins them in a field that this program does not find. */
function hasUnsentBoxes({ rows }: FactorAnswer): boolean {
  return rows.some(({ boxes, joined }) => boxes[0].name === "" && joined === undefined)
}

/** Such as a hash in the place of what is typed. */
function isTypedFieldMade({ asked, writes }: FactorAnswer): boolean {
  return asked.some(({ name }) => writes.made.has(name))
}

function isUnseenFieldWritten({ form, program, rows }: FactorAnswer): boolean {
  const unseen = form.controls.filter(({ type, isVisible }) => type !== "hidden" && !isVisible)
  return unseen.some(control => !isJoined(rows, control) && writesTo(program, control).length > 0)
}

/** Hidden fields that wait for a script or a device, and get no constant when the form is sent. */
function fieldsLeftEmpty({ form, rows, writes }: FactorAnswer): readonly Control[] {
  return form.controls.filter(
    control =>
      isLeftEmpty(control) && !isJoined(rows, control) && !Object.hasOwn(writes.constants, control.name),
  )
}

const isJoined = (rows: readonly BoxRow[], control: Control) => rows.some(({ joined }) => joined === control)
