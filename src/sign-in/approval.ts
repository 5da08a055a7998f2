import type { Terminal } from "../terminal/terminal.ts"
import type { PageOf, UsablePage } from "./pages/page-kinds.ts"
import { notApprovedInTime } from "./refusals.ts"

/** Between two posts of a page whose script posts it at once: such a page waits in its answer. */
const repostInterval = 3_000
/** The interval of a page is raised or lowered to these limits, in milliseconds. */
const fastest = 1_000
const slowest = 10_000
const approvalLimit = 2 * 60_000
/** A timer can fire this much too early (ms): it does not run by the clock of `now`. */
const timerTolerance = 100
/** Milliseconds until the user is told what to do: some adapters answer an empty post at once, by a page with a question. */
const quietPeriod = 1_500

interface ApprovalSettings {
  readonly terminal: Terminal
  /** Does what the page's script would do, within this time in milliseconds. */
  readonly goOn: (page: PageOf<"waiting">, limit: number) => Promise<UsablePage>
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/**
 * Waits for a second factor that the user confirms elsewhere, mostly on a phone. Does what the page's script would do,
 * as often as it would, which asks ADFS whether the user has confirmed, until a page comes that does not go on by itself.
 * @throws PumError `codeRefused` after two minutes
 */
export async function awaitApproval(
  page: PageOf<"waiting">,
  { terminal, goOn, now, pause }: ApprovalSettings,
): Promise<UsablePage> {
  const began = now()
  const told = new Set<string>()
  const tell = (current: PageOf<"waiting">) => {
    for (const line of requestsOf(current)) {
      if (!told.has(line)) terminal.tell(line)
      told.add(line)
    }
  }
  for (let current = page, isFirst = true; ; isFirst = false) {
    if (now() - began > approvalLimit) throw notApprovedInTime(current.sentence)
    if (current.number !== undefined || current.delay > 0 || !isFirst) tell(current)
    const delay = current.delay === 0 ? (isFirst ? 0 : repostInterval) : withinLimits(current.delay)
    if (delay > 0) await pause(delay)
    const reminder = setTimeout(() => tell(current), quietPeriod)
    // The server may answer only when the phone did: the limit is for the whole wait.
    const left = Math.max(approvalLimit - (now() - began), fastest)
    const next = await goOn(current, left)
      .catch(error => {
        throw now() - began >= approvalLimit - timerTolerance ? notApprovedInTime(current.sentence) : error
      })
      .finally(() => clearTimeout(reminder))
    if (next.kind !== "waiting" || next.adapter !== page.adapter) return next
    current = next
  }
}

const withinLimits = (delay: number) => Math.min(Math.max(delay, fastest), slowest)

/** What the user has to do, in the page's own words if it has any. */
function requestsOf({ number, sentence, refusal }: PageOf<"waiting">): string[] {
  const words = sentence ?? refusal
  const numbered =
    number === undefined ? [] : [`Enter the number ${number} on your phone to approve the sign-in`]
  if (words !== undefined && words !== number) return [...numbered, words]
  return number === undefined ? ["Approve the sign-in on your phone"] : numbered
}
