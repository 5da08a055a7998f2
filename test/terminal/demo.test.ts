import { join } from "node:path"
import { expect, it } from "vitest"
import { cleanEnv, Home } from "../support/program.ts"
import { ctrlC, enter, Pty } from "../support/pty.ts"

const root = join(import.meta.dirname, "../..")

it("the demo lets a newcomer sign in, and shows what was stored and what AWS says", async () => {
  const home = new Home()
  const pty = new Pty({
    env: cleanEnv(home),
    command: ["sh", "-c", 'cd "$0" && exec npm run --silent demo -- --role View', root],
  })
  await pty.sees("password   demo")
  await pty.answer("Privileged user (e.g. adm\\dev_aly):", "adm\\dev_aly")
  await pty.answer("Domain password:", "demo")
  await pty.isAsked("Visma Google Auth 2FA Token:")
  pty.type(`444692${enter}`)
  await pty.sees("✔ Stored in profile [vadfs] of ~/.aws/credentials")
  await pty.sees("aws_session_token = ")
  await pty.sees("arn:aws:sts::039882259752:assumed-role/ViewOnlyAccess/dev_aly")
  await pty.sees("No file of yours changed")
  expect(await pty.ends()).toBe(0)
})

it("the demo says how pum-aws ended after a Ctrl-C, and breaks its lines between words", async () => {
  const home = new Home()
  const command = ["sh", "-c", 'cd "$0" && exec node scripts/run.mjs scripts/demo.ts', root] as const
  const pty = new Pty({ env: cleanEnv(home), command, columns: 48 })
  await pty.isAsked("Privileged user (e.g. adm\\dev_aly):")
  pty.type(ctrlC)
  await pty.sees("pum-aws: cancelled\n\npum-aws ended with exit code 130; nothing was\n  stored.\n")
  expect(pty.raw.split(/\r?\n/).filter(line => line.length > 48)).toEqual([])
  expect(await pty.ends()).toBe(130)
})
