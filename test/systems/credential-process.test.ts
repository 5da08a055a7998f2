import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { whoAmI } from "../support/aws-cli.ts"
import { awsClients } from "../support/aws-clients.ts"
import { cleanEnv, Home, runWithoutTerminal, serveProfile } from "../support/program.ts"
import { answerAll, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const arn = "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly"
const envOf = (home: Home) => cleanEnv(home, { ...world.env, ...world.awsEnv })
const shell = (home: Home, line: string) =>
  new Pty({ command: ["sh", "-c", line], env: envOf(home), columns: 200 })

const clients = Object.entries(awsClients)

describe("credential_process", () => {
  it.each(clients)(
    "of %s is asked for on the terminal; then comes from what is kept, without one",
    async (_, whoAmI) => {
      const line = whoAmI("vadfs")
      const home = new Home()
      const config = serveProfile(home, "vadfs")
      const pty = shell(home, line)
      await answerAll(pty)
      expect(await pty.ends()).toBe(0)
      // Who it is, said on the terminal, and what the tool printed.
      const who = "585848786654 AdministratorAccess, valid until \\d\\d:\\d\\d \\(1 h\\), new session"
      expect(pty.text).toMatch(new RegExp(`2FA Token: ${defaultUser.codes[0]}\\n.*${who}\\n${arn}\\n$`))
      const again = await runWithoutTerminal("sh", { args: ["-c", line], env: envOf(home) })
      expect([again.code, again.stdout]).toEqual([0, `${arn}\n`])
      expect(world.adfs.passwords).toHaveLength(1)
      expect(home.awsFiles()).toEqual({ credentials: undefined, config })
    },
  )

  it.each(clients)(
    "of %s is asked for once, and sends one password, if that is refused",
    async (_, whoAmI) => {
      const home = new Home()
      serveProfile(home, "vadfs")
      const pty = shell(home, whoAmI("vadfs"))
      await pty.answer("Privileged user (e.g. adm\\dev_aly):", defaultUser.name)
      await pty.answer("Domain password:", "wrong")
      expect(await pty.ends()).not.toBe(0)
      expect(world.adfs.passwords).toEqual(["wrong"])
      expect(pty.text.match(/Domain password:/g)).toHaveLength(1)
      expect(pty.text).toContain("\npum-aws: ADFS refused the user name or password: ")
    },
  )

  it.each([
    ["the AWS CLI 2", 255, / custom-process: (pum-aws: .*)$/m],
    ["the SDK for Go 2", 1, /^(pum-aws: .*)$/m],
    ["Terraform's aws-sdk-go-base", 1, /^(pum-aws: .*)$/m],
  ])(
    "ends without a terminal with one line that says what to run in one, which %s shows",
    async (name, exitCode, shown) => {
      const home = new Home()
      serveProfile(home, "vadfs")
      const args = ["-c", awsClients[name]?.("vadfs") ?? ""]
      const { code, stderr } = await runWithoutTerminal("sh", { args, env: envOf(home) })
      expect(code).toBe(exitCode)
      expect(shown.exec(stderr)?.[1]).toBe(
        "pum-aws: the user name is missing, and there is no terminal to ask on; run this in a terminal: pum-aws --profile vadfs -- aws sts get-caller-identity",
      )
    },
  )

  it.each(["the SDK for JavaScript 3", "the SDK for Java 2"])(
    "ends without a terminal with words that %s hides",
    async name => {
      const home = new Home()
      serveProfile(home, "vadfs")
      const args = ["-c", awsClients[name]?.("vadfs") ?? ""]
      const { code, stdout, stderr } = await runWithoutTerminal("sh", { args, env: envOf(home) })
      expect([code, stdout]).toEqual([1, ""])
      expect(stderr).not.toContain("pum-aws")
    },
  )

  // 50 at once: scripts/try-tarball.ts.
  it("serves five calls of the AWS CLI at once with one sign-in", async () => {
    const home = new Home()
    serveProfile(home, "vadfs")
    const pty = shell(home, `for i in 1 2 3 4 5; do ${whoAmI} --profile vadfs & done; wait`)
    await answerAll(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.text.split("\n").filter(line => line === arn)).toHaveLength(5)
    expect(world.adfs.passwords).toHaveLength(1)
  })
})
