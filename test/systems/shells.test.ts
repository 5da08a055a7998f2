import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import type { Shell } from "../../src/options/parse-values.ts"
import { exportLines } from "../../src/outputs/export.ts"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { whoAmI } from "../support/aws-cli.ts"
import { environmentAfter, hostileSet } from "../support/export.ts"
import { askingModes, loops, startLoop, textAfterCtrlC } from "../support/loops.ts"
import { askForProgram, expectGone } from "../support/orphans.ts"
import { cleanEnv, Home, program } from "../support/program.ts"
import { answerAll, ctrlC, enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const pumAws = `${process.execPath} ${program}`

describe("--export", () => {
  const inPosix = 'set -eu; eval "$(cat)"; env -0'

  it.each([
    ["bash", "bash", ["--norc", "-c", inPosix]],
    ["zsh", "zsh", ["-f", "-c", inPosix]],
    ["sh", "dash", ["-c", inPosix]],
    ["fish", "fish", ["--no-config", "-c", "cat | source; env -0"]],
    ["fish", "fish", ["--no-config", "-c", "eval (cat); env -0"]],
  ] as const)("for %s says the same in %s %j, whatever the values hold", (shell, command, args) => {
    const lines = exportLines(shell, { set: hostileSet, unset: ["AWS_PROFILE", "NEVER_SET"] })
    expect(environmentAfter(command, args, lines)).toEqual(hostileSet)
  })

  it("needs no quotes around $(…) for what AWS gives out, in bash", () => {
    const plain = exportLines("bash", { set: { AWS_SESSION_TOKEN: "a/+b==" }, unset: ["AWS_PROFILE"] })
    expect(environmentAfter("bash", ["-c", "eval $(cat); env -0"], plain)).toEqual({
      AWS_SESSION_TOKEN: "a/+b==",
    })
  })

  it("for fish ends well, and leaves alone what was set for all shells and all time", () => {
    const home = mkdtempSync(join(tmpdir(), "pum-aws-fish-"))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    const shell: Shell = "fish"
    const fish = (script: string, input = "") =>
      execFileSync(shell, ["-c", script], {
        input,
        env: { PATH: process.env.PATH, HOME: home },
        encoding: "utf8",
      })
    fish("set -Ux AWS_PROFILE everywhere")
    const text = exportLines(shell, { set: { A: "1" }, unset: ["AWS_PROFILE", "NEVER_SET"] })
    expect(fish("set -gx AWS_PROFILE here; cat | source; echo $status $A $AWS_PROFILE", text)).toBe(
      "0 1 everywhere\n",
    )
    expect(fish("echo $AWS_PROFILE")).toBe("everywhere\n")
  })

  it.each([
    ["bash", `eval "$(${pumAws} --export bash)"`],
    ["zsh", `eval "$(${pumAws} --export zsh)"`],
    ["dash", `eval "$(${pumAws} --export sh)"`],
    ["fish", `${pumAws} --export fish | source`],
  ])("asks within %s's %s, after which the AWS CLI is the role", async (name, line) => {
    const env = cleanEnv(new Home(), { ...world.env, ...world.awsEnv })
    const pty = new Pty({ command: [name, "-c", `${line}; ${whoAmI}`], env, columns: 200 })
    await answerAll(pty)
    expect(await pty.ends()).toBe(0)
    const arn = "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly"
    // Who it is, said on the terminal, and what the tool printed.
    const who = "585848786654 AdministratorAccess, valid until \\d\\d:\\d\\d \\(1 h\\), new session"
    expect(pty.text).toMatch(new RegExp(`2FA Token: ${defaultUser.codes[0]}\\n.*${who}\\n${arn}\\n$`))
  })
})

describe("a question", () => {
  it("is left for a while, with Ctrl-Z, and come back to, in bash", async () => {
    const env = cleanEnv(new Home(), { ...world.env, PS1: "$ " })
    const pty = new Pty({ command: ["bash", "--norc", "-i"], env })
    await pty.isAsked("$")
    pty.type(`${pumAws}${enter}`)
    const question = "Privileged user (e.g. adm\\dev_aly):"
    await pty.isAsked(question)
    pty.type("\x1a")
    await pty.sees("Stopped")
    pty.type(`fg${enter}`)
    await pty.sees("fg")
    pty.type(defaultUser.name)
    await pty.sees(`${question} ${defaultUser.name}`)
    pty.type(enter)
    await pty.isAsked("Domain password:")
    pty.type(ctrlC)
    await pty.sees("pum-aws: cancelled")
    pty.type(`exit${enter}`)
    await pty.ends()
  })
})

describe("a question that a program caused", () => {
  it("ends by itself after 20 s without a key, with its line; the terminal echoes and no lock is left", async () => {
    const home = new Home()
    const line = `${pumAws} --credential-process -u '${defaultUser.name}' >answer; echo "ended with $?"; stty -a >state`
    const pty = new Pty({ command: ["dash", "-c", line], env: cleanEnv(home, world.env), columns: 300 })
    await pty.isAsked("Domain password:")
    const began = Date.now()
    pty.type("half of a pass")
    await new Promise(resolve => setTimeout(resolve, 15_000))
    await pty.sees("ended with 2")
    expect(Math.abs(Date.now() - began - 20_000)).toBeLessThan(3_000)
    await pty.ends()
    expect(pty.text).toContain(
      "pum-aws: no key was pressed for 20 s, and the program that asked may have given up",
    )
    expect(home.read("state")).toMatch(/ echo /)
    expect(readdirSync(join(home.path, ".aws/pum-aws")).filter(name => name.endsWith(".lock"))).toEqual([])
    expect(world.adfs.passwords).toEqual([])
  }, 60_000)
})

describe("one Ctrl-C ends a loop", () => {
  const each = [loops.bash, loops.zsh, loops.dash, loops.fish].map(loop => [loop.shell, loop] as const)
  const strict = [loops.strictBash, loops.strictZsh, loops.strictDash].map(
    loop => [loop.shell, loop] as const,
  )

  it.each(strict)("and a script of %s with set -e, also in a pipe", async (_, loop) => {
    for (const use of ["--json | cat", "-p one", "--export sh"]) {
      const pty = startLoop(world, loop, use)
      await pty.isAsked("Domain password:")
      expect(await textAfterCtrlC(pty)).not.toContain("went on")
    }
  })

  it.each(each)("of %s at the question of each mode", async (_, loop) => {
    for (const args of askingModes) {
      const pty = startLoop(world, loop, args)
      await pty.isAsked("Domain password:")
      expect(await textAfterCtrlC(pty)).not.toContain("went on")
    }
  })

  it.each(each)("of %s at a question", async (_, loop) => {
    const pty = startLoop(world, loop, "--json")
    await pty.isAsked("Domain password:")
    expect(await textAfterCtrlC(pty)).not.toContain("went on")
  })

  it.each(each)("of %s in a command that pum-aws runs", async (_, loop) => {
    const pty = startLoop(world, loop, "-- sh -c 'echo ready; exec sleep 60'")
    await pty.answer("Domain password:", defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
    await pty.sees("ready\n")
    expect(await textAfterCtrlC(pty)).not.toContain("went on")
  })
})

it("a question whose program killed its bash and ended is gone soon, with the terminal as it was", async () => {
  const home = new Home()
  await expectGone(home, await askForProgram(world, home, "bash"))
})
