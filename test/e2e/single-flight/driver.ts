/**
 * One of many processes that want the same session: `node driver.cjs <home>`. Whoever signs in writes its process id
 * into `<home>/leaders/` and waits for `<home>/go`. The session's access key is printed. Bundled by the tests.
 */
import { existsSync, writeFileSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { explain } from "../../../src/errors.ts"
import { readOptions } from "../../../src/options/options.ts"
import { monotonicNow, systemClock } from "../../../src/sessions/clock.ts"
import { obtainSession } from "../../../src/sessions/shared-session.ts"
import { screen, session, TestClock } from "../../support/sharing.ts"

const [home = ""] = process.argv.slice(2)
const clock = new TestClock()
clock.time = Date.now()

async function signIn() {
  writeFileSync(`${home}/leaders/${monotonicNow()}`, String(process.pid))
  while (!existsSync(`${home}/go`)) await pause(20)
  return { session: session(clock, `ASIA${process.pid}`), typedUsername: undefined }
}

obtainSession(
  {
    options: readOptions({ wants: "run", given: {}, command: undefined }, {}, home),
    user: { id: "adm\\dev_aly", ownsItem: false },
    canSignIn: true,
    home,
    terminal: screen().terminal,
    tty: undefined,
    caller: undefined,
    clock: systemClock(),
    began: monotonicNow() - performance.now(),
    pause,
    ending: new AbortController().signal,
    giveUp: error => {
      throw error
    },
    // 20 leaders are killed, one after the other: longer than anyone waits.
    patience: 600_000,
  },
  signIn,
).then(
  ({ accessKeyId }) => process.stdout.write(accessKeyId),
  error => {
    process.stderr.write(explain(error).lines.join("\n"))
    process.exitCode = 1
  },
)
