import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { Op, type OpSettings } from "../support/op.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const { name: username, password, codes } = defaultUser
const user = ["-u", username]
const refused =
  "pum-aws: ADFS refused the user name or password: Incorrect user ID or password. Type the correct user ID and password, and try again."
const full = { username, password, totp: codes[0] }

interface Run {
  readonly args?: readonly string[]
  readonly env?: Record<string, string>
  readonly stdin?: string
  readonly home?: Home
}

/** Without a terminal. */
function run({ args = [], env = {}, stdin = "", home = new Home() }: Run) {
  return runProgram({
    args: ["-a", "585848786654", ...args],
    env: cleanEnv(home, { ...world.env, SHELL: "/bin/sh", ...env }),
    stdin,
  })
}

/** In this process: what matters is what reaches ADFS, and what is said. */
function tell({ args = [], env = {}, stdin = "", home = new Home() }: Run) {
  return tellStory(home, world, {
    args: ["-a", "585848786654", ...args],
    env: { SHELL: "/bin/sh", ...env },
    stdin,
  })
}

/** What reached ADFS. */
const sent = () => [world.adfs.passwords, world.adfs.codes]

describe("commands", () => {
  it("give password and code; neither is shown, nor on a command line, nor in an environment", async () => {
    const home = new Home()
    home.write("password", `${password}\nuser: x\n`)
    home.write("code", `${codes[0]}\n`)
    const otp = '(env; cat "/proc/$$/cmdline" "/proc/$PPID/cmdline") > "$HOME/processes"; cat "$HOME/code"'
    const args = [...user, "-v", "--password-command", 'cat "$HOME/password"', "--otp-command", otp]
    const { code, stdout, stderr } = await run({ home, args })
    expect([code, stdout, sent()]).toEqual([0, "", [[password], [codes[0]]]])
    expect(stderr).toContain("✔ Stored in profile [default]")
    const processes = home.read("processes") ?? ""
    expect(processes).toContain("--password-command")
    for (const secret of [password, codes[0]]) expect(stderr + processes).not.toContain(secret)
  })

  it("serve the user name of last time without a question", async () => {
    const home = new Home()
    home.write("password", password)
    home.write(
      ".pum-aws",
      `[default]\nusername = ${username}\npassword_command = cat ~/password\notp_command = echo ${codes[1]}\n`,
    )
    expect((await run({ home })).code).toBe(0)
    expect(sent()).toEqual([[password], [codes[1]]])
  })

  it("are left alone where stdin gives the password", async () => {
    const { code } = await tell({
      args: [...user, "--password-stdin"],
      env: { PUM_PASSWORD_COMMAND: "echo wrong", ...new Op({ items: [full] }).env },
      stdin: `${password}\n${codes[0]}\n`,
    })
    expect([code, sent()]).toEqual([0, [[password], [codes[0]]]])
  })

  it.each([
    [["--password-command", "echo wrong; exit 44"], "the password command ended with exit code 44", 0],
    [["--password-command", "true"], "the password command printed nothing", 0],
    [
      ["--password-command", "printf '%s' right", "--otp-command", "exit 3"],
      "the 2FA code command ended with exit code 3",
      1,
    ],
  ])(
    "end the run with their exit code, and nothing of their output: %j",
    async (args, message, passwords) => {
      world.adfs.settings.users = [{ ...defaultUser, password: "right" }]
      const { code, stderr } = await tell({ args: [...user, ...args] })
      const [first, hint] = stderr.split("\n")
      expect([code, first]).toEqual([2, `pum-aws: ${message}`])
      expect(hint).toMatch(
        /^hint: (run the command of --(password|otp)-command by itself|the password is the first line)/,
      )
      expect(world.adfs.passwords).toHaveLength(passwords)
    },
  )

  it.each([[[]], [["--retry"]]])("send a wrong password once, with %j", async retry => {
    const { code, stderr } = await tell({ args: [...user, ...retry, "--password-command", "echo wrong"] })
    expect([code, stderr.split("\n")[0], sent()]).toEqual([3, refused, [["wrong"], []]])
  })

  it("are asked again for a code that was refused", async () => {
    const home = new Home()
    home.write("codes", `000000\n${codes[0]}\n`)
    const args = [
      ...user,
      "--password-command",
      `echo '${password}'`,
      "--otp-command",
      'cd "$HOME"; head -1 codes; tail -n +2 codes > rest; mv rest codes',
    ]
    const { code, stderr } = await run({ home, args })
    expect([code, sent()]).toEqual([0, [[password], ["000000", codes[0]]]])
    expect(stderr.split("\n")[0]).toBe(
      "warning: ADFS refused the 2FA code (it was mistyped, or used before: each code works once)",
    )
  })
})

describe("1Password, where its op is on the PATH", () => {
  it("answers everything, also without a terminal", async () => {
    const op = new Op({ items: [full] })
    const { code, stdout, stderr } = await tell({ args: ["-v"], env: op.env })
    expect([code, stdout, sent()]).toEqual([0, "", [[password], [codes[0]]]])
    for (const secret of [password, codes[0]]) expect(stderr).not.toContain(secret)
    expect(new Set(op.calls)).toEqual(new Set(["item get Federation ADM --account visma --format json"]))
  })

  it.each([
    [["--op-account", "my", "--op-item", "ADFS prod"], {}],
    [[], { PUM_OP_ACCOUNT: "my", PUM_OP_ITEM_NAME: "ADFS prod" }],
  ])("is asked for the item that was named: %j %j", async (args, env) => {
    const op = new Op({ items: [full], account: "my", item: "ADFS prod" })
    expect((await tell({ args, env: { ...op.env, ...env } })).code).toBe(0)
  })

  it.each([
    [["--no-op"], {}],
    [["-o"], {}],
    [[], { PUM_NO_OP: "true" }],
    [["--password-command", "echo wrong"], {}],
  ])("is not asked with %j %j", async (args, env) => {
    const op = new Op({ items: [full] })
    await tell({ args: [...user, ...args], env: { ...op.env, ...env } })
    expect(op.calls).toEqual([])
  })

  it.each([[[]], [["--retry"]]])("sends a wrong password once, with %j", async retry => {
    const op = new Op({ items: [{ ...full, password: "wrong" }] })
    const { code, stderr } = await tell({ args: retry, env: op.env })
    expect([code, stderr.split("\n")[0], sent()]).toEqual([3, refused, [["wrong"], []]])
  })

  it("gives a code anew after a refusal", async () => {
    const op = new Op({ items: [{ ...full, totp: "000000" }, full] })
    // Whether the first look already was a period ago or not, the refused code is sent once.
    const { code } = await tell({ env: op.env })
    expect([code, world.adfs.passwords]).toEqual([0, [password]])
    expect(world.adfs.codes.at(-1)).toBe(codes[0])
    expect(new Set(world.adfs.codes).size).toBe(world.adfs.codes.length)
  })

  it.each<[string, OpSettings, string[], string, string]>([
    [
      "trouble",
      { trouble: "authorization prompt dismissed, please try again" },
      user,
      "warning: 1Password could not be used: authorization prompt dismissed, please try again (--no-op, or no_op = true in ~/.pum-aws, leaves 1Password out)",
      "pum-aws: the password is missing, and there is no terminal to ask on",
    ],
    [
      "the item of another user",
      { items: [full] },
      ["-u", "adm\\other"],
      "warning: the 1Password item 'Federation ADM' is not used: it belongs to adm\\dev_aly, not to adm\\other",
      "pum-aws: the password is missing, and there is no terminal to ask on",
    ],
  ])("warns in one line of %s, and says what is missing", async (_, settings, args, warning, error) => {
    const { code, stderr } = await tell({ args, env: new Op(settings).env })
    expect([code, stderr]).toEqual([
      2,
      `${warning}\n${error}\nhint: give it with --password-stdin or --password-command\n`,
    ])
    expect(world.adfs.passwords).toEqual([])
  })
})

describe("stdin", () => {
  it.each([[[]], [["--retry"]]])(
    "sends a wrong password once, and never the code in its place, with %j",
    async retry => {
      const stdin = `wrong\n${codes[0]}\n`
      const { code, stderr } = await tell({ args: [...user, "--password-stdin", ...retry], stdin })
      expect([code, stderr.split("\n")[0], sent()]).toEqual([3, refused, [["wrong"], []]])
    },
  )

  it("contradicts a password command on the same command line", async () => {
    const { code, stderr } = await tell({ args: ["--password-stdin", "--password-command", "x"] })
    expect([code, stderr]).toEqual([
      2,
      "pum-aws: --password-stdin and --password-command both give the password\nhint: leave one of them out\n",
    ])
  })
})
