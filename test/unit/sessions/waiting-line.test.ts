import { describe, expect, it } from "vitest"
import { consoleName } from "../../../src/platform/consoles.ts"
import { obtainSession } from "../../../src/sessions/shared-session.ts"
import { caller, clockOf, pending, screen, session } from "../../support/sharing.ts"
import { tempHome } from "../../support/temp-home.ts"

/** Two runs for different profiles, each with a question of its own. */
async function askTwice(ttys: readonly [string, string]) {
  const [home, clock] = [tempHome(), clockOf("this boot")]
  const run = (profile: string, tty: string) => {
    const [signIn, { terminal, shown }] = [pending(), screen()]
    const said = { ...terminal, tell: (line: string) => void shown.push(line) }
    const settings = { home, clock, given: { profile }, tty, terminal: said, patience: 60_000 }
    return { ...signIn, shown, session: obtainSession(caller(settings), signIn.signIn) }
  }
  const first = run("one", ttys[0])
  await first.started
  const began = clock.time
  const second = run("two", ttys[1])
  const isAskedAtOnce = await Promise.race([
    second.started.then(() => true),
    new Promise<false>(resolve => {
      const look = () => (clock.time - began > 3_500 ? resolve(false) : setImmediate(look))
      look()
    }),
  ])
  for (const { ends } of [first, second]) ends({ session: session(clock), typedUsername: undefined })
  await Promise.all([first.session, second.session])
  return { isAskedAtOnce, shown: second.shown }
}

describe("two questions on Windows", () => {
  it("do not wait for each other in two windows of Windows Terminal", async () => {
    const names = [consoleName({ WT_SESSION: "5b0c-1" }), consoleName({ WT_SESSION: "5b0c-2" })] as const
    expect(await askTwice(names)).toEqual({ isAskedAtOnce: true, shown: [] })
  })

  it("take turns on consoles that nothing tells apart, and the second says once why it waits", async () => {
    expect(await askTwice([consoleName({}), consoleName({})])).toEqual({
      isAskedAtOnce: false,
      shown: ["Waiting for another pum-aws to sign in: its question may be in another window"],
    })
  })

  it("take turns on one terminal without a word, as its question is in sight", async () => {
    expect(await askTwice(["34816", "34816"])).toEqual({ isAskedAtOnce: false, shown: [] })
  })
})
