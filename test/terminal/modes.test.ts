import { readdirSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { Op } from "../support/op.ts"
import {
  cleanEnv,
  Home,
  notingStarts,
  program,
  runWithoutTerminal,
  serveProfile,
} from "../support/program.ts"
import { answerAll, ctrlC, enter, Pty } from "../support/pty.ts"
import { whoAmI } from "../support/sdk.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const who = "585848786654 AdministratorAccess, valid until \\d\\d:\\d\\d \\(1 h\\), new session"

const [code] = defaultUser.codes
const pumAws = `${process.execPath} ${program}`

const envOf = (home: Home) => cleanEnv(home, world.env)

function shell(home: Home, line: string): Pty {
  return new Pty({ command: ["sh", "-c", line], env: envOf(home), columns: 200 })
}

const arn = "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly"
const sdk = `${process.execPath} ${whoAmI}`
describe("credential_process", () => {
  it("of the AWS SDK for JavaScript is asked for on the terminal; then comes from what is kept, without one", async () => {
    const home = new Home()
    const config = serveProfile(home, "vadfs")
    const line = `${sdk} vadfs`
    const pty = shell(home, line)
    await answerAll(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toMatch(new RegExp(`2FA Token: ${code}\\n${who}\\n${arn}\\n$`))
    const again = await runWithoutTerminal("sh", { args: ["-c", line], env: envOf(home) })
    expect([again.code, again.stdout]).toEqual([0, `${arn}\n`])
    expect(world.adfs.passwords).toHaveLength(1)
    expect(home.awsFiles()).toEqual({ credentials: undefined, config })
  })

  it("ends without a terminal with one line that says what to run in one", async () => {
    const home = new Home()
    const [, call = ""] = /credential_process = (.*)/.exec(serveProfile(home, "vadfs")) ?? []
    // AWS tools run it like this. Each of them shows its error in another way.
    const { code, stderr } = await runWithoutTerminal("sh", { args: ["-c", call], env: envOf(home) })
    expect(code).toBe(2)
    expect(stderr.trim()).toMatch(
      /^pum-aws: the user name is missing, and there is no terminal to ask on; run this in a terminal: pum-aws --profile vadfs -- aws sts get-caller-identity$/,
    )
  })

  // 50 at once: scripts/try-tarball.ts.
  it("serves five programs at once with one sign-in", async () => {
    const home = new Home()
    serveProfile(home, "vadfs")
    const pty = shell(home, `for i in 1 2 3 4 5; do ${sdk} vadfs & done; wait`)
    await answerAll(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.text.split("\n").filter(line => line === arn)).toHaveLength(5)
    expect(world.adfs.passwords).toHaveLength(1)
  })
})

/** Types as a person does, key by key: two questions at once would share the keys. */
async function typeSlowly(pty: Pty, question: string, keys: string): Promise<void> {
  await pty.isAsked(question)
  for (const key of keys) {
    pty.type(key)
    await new Promise(resolve => setTimeout(resolve, 15))
  }
  await pty.answer(`${question} ${question === "Domain password:" ? "" : keys}`.trimEnd(), "")
}

describe("on a terminal, where many wait for one question", () => {
  it("Ctrl-C at it ends them all, and no other question comes", async () => {
    const home = new Home()
    const { NODE_OPTIONS, folder } = notingStarts(home)
    const call = `NODE_OPTIONS='${NODE_OPTIONS}' ${pumAws} --credential-process 2>/dev/null`
    // All have the process group of the shell, which waits on. The one that asks tells the others.
    const pty = shell(
      home,
      `trap : INT; for i in 1 2 3; do (${call}; echo "ended with $?") & done; wait; wait`,
    )
    await pty.isAsked("Privileged user (e.g. adm\\dev_aly):")
    while (readdirSync(folder).length < 3) await new Promise(resolve => setTimeout(resolve, 20))
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(0)
    expect(pty.text.match(/ended with 130/g)).toHaveLength(3)
    expect(pty.text.match(/Privileged user/g)).toHaveLength(1)
  })

  it("questions for two profiles come one after the other, and no key goes astray", async () => {
    const home = new Home()
    const call = (profile: string) =>
      `${pumAws} -u '${defaultUser.name}' -p ${profile} --credential-process 2>/dev/null`
    const pty = shell(
      home,
      `(${call("one")} >one; echo "one $?") & (${call("two")} >two; echo "two $?") & wait`,
    )
    for (const secondFactor of defaultUser.codes.slice(0, 2)) {
      await typeSlowly(pty, "Domain password:", defaultUser.password)
      await pty.answer("Visma Google Auth 2FA Token:", secondFactor)
    }
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain("one 0\n")
    expect(pty.text).toContain("two 0\n")
    expect(world.adfs.passwords).toEqual([defaultUser.password, defaultUser.password])
    expect(pty.raw).not.toContain(defaultUser.password)
    for (const name of ["one", "two"]) expect(JSON.parse(home.read(name) ?? "")).toMatchObject({ Version: 1 })
  })

  it("a sign-in in another terminal is waited for in view", async () => {
    const home = new Home()
    const call = `${pumAws} -u '${defaultUser.name}' --json >/dev/null`
    const first = shell(home, call)
    await first.isAsked("Domain password:")
    const second = shell(home, call)
    await second.sees("Waiting for another pum-aws to sign in")
    await first.answer("Domain password:", defaultUser.password)
    await first.answer("Visma Google Auth 2FA Token:", code)
    expect([await first.ends(), await second.ends()]).toEqual([0, 0])
    expect(second.text).toMatch(new RegExp(`^${who.replace("new", "kept")}\\n$`))
  })

  it.each([
    ["", 200, {}, ""],
    ["2>/dev/null", 200, {}, ""],
    ["2>/dev/null </dev/null", 200, {}, ""],
    ["in 40 columns", 40, {}, ""],
    ["with a name beyond ASCII", 200, {}, "Übung"],
    ["behind a proxy with a password that is in the line", 200, { FTP_PROXY: "http://u:585848786654@p" }, ""],
  ])("a kept session is named there once before it is printed: %s", async (how, columns, env, alias) => {
    const home = new Home()
    const request = ["-u", defaultUser.name, "--json"]
    home.write("password", defaultUser.password)
    const answers = { PUM_PASSWORD_COMMAND: `cat ${home.path}/password`, PUM_OTP_COMMAND: `echo ${code}` }
    await tellStory(home, world, { args: request, env: answers })
    if (alias) home.write(".pum-aws", `[account-mapping]\n585848786654 = ${alias}\n`)
    const redirect = how.startsWith("2") ? how : ""
    const line = `${pumAws} ${request.join(" ").replace("\\", "\\\\")} ${redirect} >printed`
    const pty = new Pty({ command: ["sh", "-c", line], env: { ...envOf(home), ...env }, columns })
    expect(await pty.ends()).toBe(0)
    const account = alias ? `${alias} (585848786654)` : "FTP_PROXY" in env ? "[redacted]" : "585848786654"
    expect(
      pty.text
        .replace(/\s+/g, " ")
        .replace(/\d\d:\d\d/, "hh:mm")
        .replace("59 min", "1 h"),
    ).toBe(`${account} AdministratorAccess, valid until hh:mm (1 h), kept session `)
    expect(JSON.parse(home.read("printed") ?? "")).toMatchObject({ Version: 1 })
  })

  it("a kept session that cannot be printed is named there once, too", async () => {
    const home = new Home()
    home.write("password", defaultUser.password)
    const answers = { PUM_PASSWORD_COMMAND: `cat ${home.path}/password`, PUM_OTP_COMMAND: `echo ${code}` }
    await tellStory(home, world, { args: ["-u", defaultUser.name, "--json"], env: answers })
    const pty = shell(home, `${pumAws} -u '${defaultUser.name}' --json >/dev/full`)
    expect(await pty.ends()).toBe(7)
    expect(pty.text.match(/kept session|cannot write to stdout/g)).toEqual([
      "kept session",
      "cannot write to stdout",
    ])
  })

  it("a command that is run gets the first key, also where stdin is a pipe", async () => {
    const home = new Home()
    const pty = shell(
      home,
      `printf '' | ${pumAws} -u '${defaultUser.name}' -- sh -c 'echo go; read line </dev/tty; echo "it got $line"'`,
    )
    await pty.answer("Domain password:", defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", code)
    await pty.sees("go")
    pty.type("a")
    await new Promise(resolve => setTimeout(resolve, 100))
    pty.type(`bc${enter}`)
    await pty.sees("it got abc")
    expect(await pty.ends()).toBe(0)
  })

  it("what was typed where 1Password could not answer is found again", async () => {
    const home = new Home()
    const op = new Op({ trouble: "no such item" })
    const line = `${pumAws} --credential-process 2>/dev/null | wc -l`
    const pty = shell(home, `export PUM_NO_OP= PATH='${op.env.PATH}'; ${line}; ${line}`)
    await answerAll(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toMatch(new RegExp(`2FA Token: 444692\\n${who}\\n1\\n1\\n$`))
    expect(world.adfs.passwords).toHaveLength(1)
  })
})

describe("the terminal device", () => {
  it.each([
    [
      "stdin is a pipe and stderr captured (JS SDK)",
      `true | ${pumAws} --credential-process --profile x 2>err | wc -l`,
    ],
    ["stderr is captured (botocore)", `${pumAws} --credential-process --profile x 2>err | wc -l`],
  ])("asks where %s", async (_, line) => {
    const home = new Home()
    const pty = shell(home, line)
    await answerAll(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toMatch(new RegExp(`2FA Token: 444692\\n${who}\\n1\\n$`))
    expect(home.read("err")).toBe("")
  })

  it("asks within sh's eval, after which AWS tools are the role", async () => {
    const home = new Home()
    const pty = shell(home, `eval "$(${pumAws} --export sh)"; ${sdk}`)
    await answerAll(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toMatch(new RegExp(`2FA Token: ${code}\\n${who}\\n${arn}\\n$`))
  })
})
