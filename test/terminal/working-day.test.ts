import { symlinkSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { MovedClock } from "../support/moved-clock.ts"
import { cleanEnv, Home, program } from "../support/program.ts"
import { enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const questions = {
  user: "Privileged user (e.g. adm\\dev_aly)",
  password: "Domain password:",
  code: "Visma Google Auth 2FA Token:",
  role: "Please choose the AWS account and role you would like to assume:",
  store: "Store these 4 profiles?",
}
type Question = keyof typeof questions

const settings = `[profile view]
username = ${defaultUser.name}
account = 039882259752
role = ViewOnlyAccess
[profile db]
username = ${defaultUser.name}
account = 095344953043
role = RDSAlice
`
/** Three programs at once that ask for the keys of a profile, as Terraform's providers do. */
const burst = `for n in 1 2 3; do pum-aws --credential-process --profile $1 | cut -c29-48 & done
wait
`

interface Typing {
  /** What is typed to find a role in the menu; default: the first one is taken. */
  readonly role?: string
  /** The prompt that the command is typed at. */
  readonly at?: string
  /** The prompt that comes after it. */
  readonly next?: string
}

/** Names each access key by role: `RDSAlice 2` is that of the second session with that role. */
function namedKeys(text: string): string {
  const roles = world.sts.sessions.map(({ role }) => role.slice(role.lastIndexOf("/") + 1))
  return world.sts.sessions.reduce((shown, { accessKeyId }, at) => {
    const count = roles.slice(0, at + 1).filter(one => one === roles[at]).length
    return shown.replaceAll(accessKeyId, `${roles[at]} ${count}`)
  }, text)
}

/** A shell on a pseudo-terminal, from the morning until the evening. */
class Day {
  readonly home = new Home()
  readonly clock = new MovedClock(this.home)
  private readonly pty: Pty

  constructor() {
    this.home.write(".pum-aws", settings)
    this.home.write("burst", burst)
    this.home.write("bin/.keep", "")
    symlinkSync(program, join(this.home.path, "bin/pum-aws"))
    const shell = { PATH: `${this.home.path}/bin:${process.env.PATH}`, PS1: "day> " }
    const env = cleanEnv(this.home, { ...world.env, ...this.clock.env, ...shell })
    this.pty = new Pty({ command: ["sh"], columns: 250, env })
  }

  /**
   * Types a command, answers just these questions, and waits for the shell.
   * @returns what the command showed, with names for access keys
   */
  async runs(line: string, asked: readonly Question[] = [], typing: Typing = {}): Promise<string> {
    const { pty } = this
    const { at = "day>", next = "day>" } = typing
    await pty.isAsked(at)
    const before = pty.text.length
    const sent = world.adfs.passwords.length
    await pty.answer(at, line)
    for (const question of asked) await this.answers(question, typing.role ?? "")
    await pty.isAsked(next)
    const shown = pty.text.slice(before)
    const seen = Object.entries(questions).map(([name, text]) => [name, shown.split(text).length - 1])
    const expected = Object.keys(questions).map(name => [name, asked.filter(one => one === name).length])
    expect([line, seen]).toEqual([line, expected])
    expect([line, world.adfs.passwords.length - sent]).toEqual([line, asked.includes("password") ? 1 : 0])
    const [, ...lines] = shown.trimEnd().split("\n")
    return namedKeys(lines.slice(0, -1).join("\n"))
  }

  private async answers(question: Question, role: string): Promise<void> {
    const { pty } = this
    if (question === "password") return pty.answer(questions.password, defaultUser.password)
    if (question === "code")
      return pty.answer(questions.code, defaultUser.codes[world.adfs.codes.length] ?? "no code is left")
    if (question === "user")
      return this.home.read(".pum-aws")?.includes("[default]")
        ? pty.answer(`${questions.user} [${defaultUser.name}]:`, "")
        : pty.answer(`${questions.user}:`, defaultUser.name)
    if (question === "store") return pty.answer(`${questions.store} (y/N)`, "y")
    await pty.sees("4 · type to filter")
    pty.type(role + enter)
  }
}

const everything = ["user", "password", "code", "role"] as const
const twice = ["password", "code"] as const
const keyOfJson = "cut -c19-38 | head -n 3 | tail -n 1"

it("is asked for what is not kept, and for nothing else, in every mode from morning to evening", async () => {
  const day = new Day()
  const shows = async (text: string, ...run: Parameters<Day["runs"]>) =>
    expect(await day.runs(...run)).toBe(text)
  const burst = async (profile: string, asked: readonly Question[] = []) =>
    (await day.runs(`sh burst ${profile}`, asked)).split("\n").sort()

  // A role is chosen and stored; every mode that hands credentials out has it.
  expect(await day.runs("pum-aws", everything, { role: "585848786654" })).toMatch(
    /^✔ Stored in profile \[default\] of ~\/.aws\/credentials\n.*AdministratorAccess, valid until 10:00 \(1 h\)$/m,
  )
  day.clock.setTo("09:05")
  const kept = "visma-sandbox (585848786654) AdministratorAccess, valid until 10:00 (55 min), kept session"
  await shows(`${kept}\nAdministratorAccess 1`, `pum-aws --json | ${keyOfJson}`)
  await shows(
    `${kept}\nvisma-sandbox AdministratorAccess 54m\nAdministratorAccess 1`,
    `(eval "$(pum-aws --export sh)"; pum-aws --status --short; echo $AWS_ACCESS_KEY_ID)`,
  )
  await shows(
    `${kept}\nvisma-sandbox/AdministratorAccess AdministratorAccess 1`,
    `pum-aws -- sh -c 'echo "$PUM_AWS_SESSION $AWS_ACCESS_KEY_ID"'`,
  )
  await shows(
    "No browser could be opened; the link leads to the AWS console of visma-sandbox as AdministratorAccess, until 10:00, kept session\nhttps://signin.aws.amazon.com/federation",
    "pum-aws --console > link; cut -c1-40 link",
  )
  expect(await burst("default")).toEqual([
    "AdministratorAccess 1",
    "AdministratorAccess 1",
    "AdministratorAccess 1",
  ])

  // A second role is asked for by three programs at once.
  day.clock.setTo("09:10")
  const asked = await burst("view", twice)
  expect(asked).toContain("039882259752 ViewOnlyAccess, valid until 10:10 (1 h), new session")
  expect(asked.filter(line => line === "ViewOnlyAccess 1")).toHaveLength(3)
  expect(await burst("view")).toEqual(["ViewOnlyAccess 1", "ViewOnlyAccess 1", "ViewOnlyAccess 1"])

  // One sign-in for every role; a shell of its own with one of them.
  day.clock.setTo("09:20")
  expect(await day.runs("pum-aws --all", ["user", ...twice, "store"])).toMatch(/^✔ Stored 4 profiles in/m)
  const db = "095344953043-RDSAlice"
  await shows(
    "prod-vnipbc (095344953043) RDSAlice, valid until 10:20 (1 h), kept session",
    `pum-aws --profile ${db} -- env 'PS1=db> ' sh`,
    [],
    { next: "db>" },
  )
  await shows("prod-vnipbc RDSAlice 59m", "pum-aws --status --short", [], { at: "db>", next: "db>" })
  await day.runs("exit", [], { at: "db>" })

  // A limited session is another one.
  day.clock.setTo("09:30")
  const readOnly = "039882259752 ViewOnlyAccess, valid until 10:30 (1 h)"
  const limited = `pum-aws --profile view --read-only --json | ${keyOfJson}`
  expect(await day.runs(limited, twice)).toContain(`${readOnly}, new session, read-only\n`)
  await shows(`${readOnly}, kept session, read-only\nViewOnlyAccess 3`, limited)
  expect(await burst("view")).toEqual(["ViewOnlyAccess 2", "ViewOnlyAccess 2", "ViewOnlyAccess 2"])

  // The first session has run out: the role is chosen anew.
  day.clock.setTo("10:01")
  await shows("visma-sandbox expired\n1", "pum-aws --status --short; echo $?")
  const power = "prod-vnipbc (095344953043) PowerUserAccess, valid until 11:01 (1 h)"
  const command = `pum-aws -- sh -c 'echo "$AWS_ACCESS_KEY_ID"'`
  expect(await day.runs(command, everything, { role: "Power" })).toContain(
    `${power}, new session\nPowerUserAccess 2`,
  )
  await shows(`${power}, kept session\nPowerUserAccess 2`, command)

  // Then the menu begins with the role that was chosen last.
  day.clock.setTo("11:02")
  expect(await day.runs(command, everything)).toContain("PowerUserAccess 3")

  // Every session lasted an hour of the clock that both sides have.
  expect(world.sts.sessions.map(({ expiration }) => expiration.toISOString().slice(11, 16))).toEqual([
    "10:00",
    "10:10",
    "10:20",
    "10:20",
    "10:20",
    "10:20",
    "10:30",
    "11:01",
    "12:02",
  ])
  await day.runs("pum-aws --logout --all")
  await shows("0", "pum-aws --status --short; echo $?")
}, 60_000)
