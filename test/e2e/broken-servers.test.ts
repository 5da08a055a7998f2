import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Fault } from "../emulators/world.ts"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, program, runProgram, runWithoutTerminal } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/Admin"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const stdin = `${defaultUser.password}\n${defaultUser.codes[0]}\n`
const switched = "wants to go on in another protocol than HTTP (status 101)"

/** In this process: what matters is what is read and said. */
function tell(args: readonly string[]) {
  return tellStory(new Home(), world, { args: ["--password-stdin", "-u", defaultUser.name, ...args], stdin })
}

/** Every mode, and what it would print if it went on. */
const modes: [string, readonly string[]][] = [
  ["store", []],
  ["--all", ["--all"]],
  ["--export", ["--export", "bash"]],
  ["--json", ["--json"]],
  ["--credential-process", ["--credential-process"]],
  ["--console", ["--console"]],
  ["a command", ["--", "echo", "went on"]],
]

describe("101 Switching Protocols", () => {
  it.each([...modes, ["--list", ["--list"]]])(
    "at ADFS ends %s with 4 and an empty stdout",
    async (_, args) => {
      world.adfs.faults.switchOn("password", { kind: "101" })
      expect(await tell(args as string[])).toEqual({
        code: 4,
        signal: null,
        stdout: "",
        stderr: `pum-aws: federation.visma.com ${switched}\n`,
      })
    },
  )

  it.each(modes)("at STS ends %s with 6 and an empty stdout", async (_, args) => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "101" })
    const { code, stdout, stderr } = await tell(args)
    expect([code, stdout]).toEqual([6, ""])
    expect(stderr).toContain(`AWS STS ${switched}\n`)
  })

  it.each(["login page", "code", "token page"] as const)("ends with 4 at the stage '%s'", async stage => {
    world.adfs.faults.switchOn(stage, { kind: "101" })
    expect(await tell([])).toMatchObject({ code: 4, stdout: "" })
  })

  it("at the console's sign-in ends with 6", async () => {
    world.signIn.faults.switchOn("signin token", { kind: "101" })
    expect(await tell(["--console"])).toMatchObject({
      code: 6,
      stdout: "",
      stderr: `pum-aws: AWS sign-in ${switched}\n`,
    })
  })

  it.each([
    ["ADFS", 4],
    ["STS", 6],
  ] as const)("at %s does not let a script go on as if it were signed in", async (server, expected) => {
    if (server === "ADFS") world.adfs.faults.switchOn("code", { kind: "101" })
    else world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "101" })
    const script = 'a=$("$NODE" "$PROGRAM" --password-stdin -u "$NAME" --export bash) && echo "went on: $a"'
    const env = { ...world.env, NODE: process.execPath, PROGRAM: program, NAME: defaultUser.name }
    const { code, stdout } = await runWithoutTerminal("sh", {
      args: ["-c", `${script}`],
      env: cleanEnv(new Home(), env),
      stdin,
    })
    expect([code, stdout]).toEqual([expected, ""])
  })
})

const silent: [string, Fault][] = [
  ["is silent", { kind: "hang" }],
  ["is silent after half an answer", { kind: "stall" }],
  ["sends a byte now and then", { kind: "trickle", everyMs: 20 }],
]
// The real limits are asserted in test/unit/http/network.test.ts.
const args = ["--password-stdin", "-u", defaultUser.name, "--json"]

describe("a server that does not answer in full", () => {
  it.each(silent)("ends the run with 4 where ADFS %s", async (_, fault) => {
    world.adfs.faults.switchOn("code", fault)
    expect(await tellStory(new Home(), world, { args, stdin, limits: { exchange: 400 } })).toMatchObject({
      code: 4,
      stdout: "",
      stderr: "pum-aws: federation.visma.com did not answer in time\n",
    })
  })

  it.each(silent)("ends the run with 6 where STS %s", async (_, fault) => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", fault)
    expect(await tellStory(new Home(), world, { args, stdin, limits: { stsCall: 500 } })).toMatchObject({
      code: 6,
      stdout: "",
      stderr: "pum-aws: AWS STS did not answer in time\n",
    })
  })

  it.each(silent)("ends the run with 6 where the console's sign-in %s", async (_, fault) => {
    world.signIn.faults.switchOn("signin token", fault)
    const console = [...args.slice(0, -1), "--console"]
    // ADFS answers within this limit, on a busy machine too.
    const limits = { exchange: 1_500 }
    expect(await tellStory(new Home(), world, { args: console, stdin, limits })).toMatchObject({
      code: 6,
      stdout: "",
      stderr: "pum-aws: AWS sign-in did not answer in time\n",
    })
  })
})

describe("a clock that differs from a server's by more than five minutes", () => {
  const json = ["--password-stdin", "-u", defaultUser.name, "--json"]

  it("is said once, and the run goes on", async () => {
    world.adfs.settings.clockAheadMs = 2 * 3_600_000
    world.sts.settings.clockAheadMs = 2 * 3_600_000
    const { code, stderr } = await tellStory(new Home(), world, { args: json, stdin })
    expect(code).toBe(0)
    expect(stderr.match(/^warning: .*clock.*$/gm)).toEqual([
      "warning: this machine's clock is 2 h behind federation.visma.com's: codes, sign-ins and times of expiry can be wrong until it is set",
    ])
  })

  it("is said of AWS where ADFS agrees with it", async () => {
    world.sts.settings.clockAheadMs = -10 * 60_000
    const { code, stderr } = await tellStory(new Home(), world, { args: json, stdin })
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /^warning: this machine's clock is 10 min ahead of sts\.eu-central-1\.amazonaws\.com's: /m,
    )
  })

  it("is not said of five minutes", async () => {
    world.adfs.settings.clockAheadMs = 4 * 60_000
    expect((await tellStory(new Home(), world, { args: json, stdin })).stderr).not.toContain("clock")
  })
})

describe("an answer of 60 MB", () => {
  const flood = { kind: "flood", bytes: 60_000_000 } as const
  const fewBytes = 10_000_000

  it("of STS is not read: exit code 6", async () => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", flood)
    expect(await tell(["--json"])).toMatchObject({
      code: 6,
      stdout: "",
      stderr: "pum-aws: AWS STS sent an answer of more than 1 MB; it was not read\n",
    })
    expect(world.sts.floodedBytes()).toBeLessThan(fewBytes)
  })

  it("of the console's sign-in is not read: exit code 6", async () => {
    world.signIn.faults.switchOn("signin token", flood)
    expect(await tell(["--console"])).toMatchObject({
      code: 6,
      stdout: "",
      stderr: "pum-aws: AWS sign-in sent an answer of more than 1 MB; it was not read\n",
    })
    expect(world.signIn.floodedBytes()).toBeLessThan(fewBytes)
  })
})

describe("an event loop that runs empty before the work is done", () => {
  // It runs empty before the sign-in, where modes do not differ but by what they load first.
  const some = modes.filter(([name]) => ["store", "--credential-process", "a command"].includes(name))

  it.each(some)("ends %s with 1, an empty stdout and a line", async (_, args) => {
    const home = new Home()
    // The program waits for it once its question is on the screen.
    home.write("never.cjs", "globalThis.setImmediate = () => ({})")
    const { code, stdout, stderr } = await runProgram({
      args: ["--password-stdin", "-u", defaultUser.name, ...args],
      env: cleanEnv(home, { ...world.env, NODE_OPTIONS: `--require ${home.path}/never.cjs` }),
      stdin,
    })
    expect([code, stdout, stderr.split("\n")[0]]).toEqual([
      1,
      "",
      "pum-aws: this is a defect of pum-aws itself (nothing is left to wait for, but the work is not done)",
    ])
  })
})
