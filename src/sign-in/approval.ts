import { PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Form } from "./pages/form.ts"
import type { PageOf, UsablePage } from "./pages/page.ts"

const repostInterval = 3_000
const approvalLimit = 2 * 60_000
/** Some adapters answer one empty post at once with a page that has a field: the phone is mentioned only after this. */
const quietPeriod = 1_500

interface ApprovalSettings {
  readonly terminal: Terminal
  readonly post: (form: Form) => Promise<UsablePage>
  readonly now: () => number
  readonly pause: (milliseconds: number) => Promise<void>
}

/**
 * Waits for a second factor that the user approves on a phone. Posts the page's hidden fields every few seconds, which
 * asks ADFS whether the phone has answered, until another page comes.
 * @throws PumError `codeRefused` if the page says no, or after two minutes
 */
export async function awaitApproval(
  page: PageOf<"approval">,
  { terminal, post, now, pause }: ApprovalSettings,
): Promise<UsablePage> {
  const began = now()
  let told: string | undefined
  for (let current = page; ; await pause(repostInterval)) {
    if (current.refusal !== undefined)
      throw new PumError("codeRefused", `the sign-in was not approved: ${current.refusal}`)
    if (now() - began > approvalLimit) {
      throw new PumError("codeRefused", "the sign-in was not approved on the phone within 2 minutes", {
        hint: "run the command again when the phone is at hand",
      })
    }
    const request =
      current.number === undefined
        ? "Approve the sign-in on your phone"
        : `Enter the number ${current.number} on your phone to approve the sign-in`
    const tell = () => {
      if (told !== request) terminal.tell(request)
      told = request
    }
    if (current.number !== undefined) tell()
    const reminder = setTimeout(tell, quietPeriod)
    const next = await post(current.form).finally(() => clearTimeout(reminder))
    if (next.kind !== "approval" || next.adapter !== page.adapter) return next
    tell()
    current = next
  }
}
