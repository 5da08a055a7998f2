import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { signalChildren } from "../support/loops.ts"
import { cleanEnv, Home, program } from "../support/program.ts"
import {
  backspace,
  ctrlC,
  ctrlD,
  ctrlZ,
  down,
  enter,
  Pty,
  type PtyRun,
  pageDown,
  pageUp,
  up,
} from "../support/pty.ts"
import { identityOf } from "../support/sdk.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => {
  world.reset()
  // The menu shows the number of an account that has no name.
  world.signIn.settings.aliases = {}
})
afterAll(() => world.close())

const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8")
const [code, nextCode] = defaultUser.codes
const questions = {
  username: "Privileged user (e.g. adm\\dev_aly):",
  password: "Domain password:",
  code: "Visma Google Auth 2FA Token:",
  role: "Please choose the AWS account and role you would like to assume:",
}

function open(
  home: Home,
  args: readonly string[] = [],
  more: Partial<PtyRun> & { env?: Record<string, string> } = {},
): Pty {
  return new Pty({ ...more, args, env: cleanEnv(home, { ...world.env, ...more.env }) })
}

async function signIn(pty: Pty): Promise<void> {
  await pty.answer(questions.username, defaultUser.name)
  await pty.answer(questions.password, defaultUser.password)
  await pty.answer(questions.code, code)
}

describe("the conversation", () => {
  it("signs in, filters, chooses, stores; then AWS tools are the chosen role", async () => {
    const home = new Home()
    const [first = "", then = ""] =
      readme.split("## First sign-in")[1]?.match(/(?<=^ +)(?:pum-)?aws .*/gm) ?? []
    const pty = open(home, first.split(" ").slice(1))
    await signIn(pty)
    await pty.sees(questions.role)
    await pty.sees("4 · type to filter, ↑↓ to move, Enter to choose")
    pty.type("acc 0398")
    await pty.sees("1 of 4")
    pty.type(enter)
    await pty.sees("✔ Stored in profile [prod] of ~/.aws/credentials")
    expect(await pty.ends()).toBe(0)
    const shown = pty.text.slice(pty.text.indexOf(questions.role)).replace(/\d\d:\d\d/, "15:46")
    expect(shown).toBe(
      [
        questions.role,
        "  ❯ 039882259752   ViewOnlyAccess        arn:aws:iam::039882259752:role/ViewOnlyAccess",
        "✔ Stored in profile [prod] of ~/.aws/credentials",
        "  arn:aws:iam::039882259752:role/ViewOnlyAccess, valid until 15:46 (1 h)",
        `  ${then}`,
        "",
      ].join("\n"),
    )
    // Neither the password nor anything in its place.
    expect(pty.text).toContain(`${questions.password}\n${questions.code} ${code}\n`)
    expect(pty.raw).not.toContain(defaultUser.password)
    expect(await identityOf(home, world, "prod")).toBe(
      "arn:aws:sts::039882259752:assumed-role/ViewOnlyAccess/dev_aly",
    )
  })

  it("offers the role that the profile was last used with first", async () => {
    const home = new Home()
    const args = ["--password-stdin", "-u", defaultUser.name, "--role", "RDSAlice"]
    const stdin = `${defaultUser.password}\n${nextCode}\n`
    expect(await tellStory(home, world, { args, stdin })).toMatchObject({ code: 0 })
    const pty = open(home)
    await signIn(pty)
    await pty.sees("4 · type")
    pty.type(enter)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain("❯ 095344953043   RDSAlice")
  })

  it("takes Enter right after a pasted filter", async () => {
    const pty = open(new Home())
    await signIn(pty)
    await pty.sees("4 · type")
    pty.type(`power${enter}`)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain("role/PowerUserAccess, valid until")
  })

  it("keeps a filter that matches nothing, for the user to change", async () => {
    const pty = open(new Home())
    await signIn(pty)
    await pty.sees("4 · type")
    pty.type("xyz")
    await pty.sees("nothing matches")
    pty.type(enter)
    pty.type(`${backspace.repeat(3)}view`)
    await pty.sees("1 of 4")
    pty.type(enter)
    expect(await pty.ends()).toBe(0)
  })

  it("asks for a mistyped code again, with the password sent once", async () => {
    const pty = open(new Home(), ["--account", "5858"])
    await pty.answer(questions.username, defaultUser.name)
    await pty.answer(questions.password, defaultUser.password)
    await pty.answer(questions.code, "000000")
    await pty.sees(
      "warning: ADFS refused the 2FA code (it was mistyped, or used before: each code works once)",
    )
    await pty.answer(questions.code, "000000")
    await pty.sees("that code was refused; wait for the next one")
    pty.type(backspace.repeat(6) + nextCode + enter)
    expect(await pty.ends()).toBe(0)
    expect([world.adfs.passwords, world.adfs.codes]).toEqual([[defaultUser.password], ["000000", nextCode]])
  })

  it("gives up after three codes", async () => {
    const pty = open(new Home())
    await pty.answer(questions.username, defaultUser.name)
    await pty.answer(questions.password, defaultUser.password)
    for (const wrong of ["000001", "000002", "000003"]) await pty.answer(questions.code, wrong)
    expect(await pty.ends()).toBe(3)
    expect(pty.text).toContain("pum-aws: ADFS refused the 2FA code, the third of three\n")
  })

  it("ends at a wrong password, and with --retry asks again", async () => {
    const once = open(new Home(), ["--account", "5858"])
    await once.answer(questions.username, defaultUser.name)
    await once.answer(questions.password, "wrong-1")
    expect(await once.ends()).toBe(3)
    expect(world.adfs.passwords).toEqual(["wrong-1"])
    world.reset()
    const twice = open(new Home(), ["--account", "5858", "--retry"])
    await twice.answer(questions.username, defaultUser.name)
    await twice.answer(questions.password, "wrong-1")
    await twice.sees("warning: ADFS refused the user name or password")
    await twice.answer(questions.password, defaultUser.password)
    await twice.answer(questions.code, code)
    expect(await twice.ends()).toBe(0)
    expect(world.adfs.passwords).toEqual(["wrong-1", defaultUser.password])
  })

  it("asks which second factor to use, and shows the number of a push", async () => {
    world.adfs.settings.secondFactors = ["SecurIDAuthentication", "AzureMfaAuthentication, push"]
    world.adfs.settings.push = { polls: 1, outcome: "approved" }
    const pty = open(new Home(), ["--account", "5858"])
    await pty.answer(questions.username, defaultUser.name)
    await pty.answer(questions.password, defaultUser.password)
    await pty.sees("Please choose how to sign in:")
    await pty.sees("2 · type")
    pty.type(`azure${enter}`)
    await pty.sees("Enter the number ")
    expect(await pty.ends()).toBe(0)
  })

  it("says what is wrong with an answer while it can be changed", async () => {
    const pty = open(new Home())
    await pty.answer(questions.username, "dev_aly")
    await pty.sees("write it as DOMAIN\\user or user@domain")
    pty.type(`@visma.com${enter}`)
    await pty.sees(questions.password)
    pty.type(enter)
    await pty.sees("type your password")
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(130)
  })
})

describe("a long-term key", () => {
  const keys = "[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s\n"
  const question = "The profile [default] holds a long-term key, which would be lost. Replace it?"

  it("is replaced after a yes, asked before anything else", async () => {
    const home = new Home()
    home.write(".aws/credentials", keys)
    const pty = open(home, ["--account", "5858"])
    await pty.answer(`${question} (y/N)`, "y")
    await signIn(pty)
    expect(await pty.ends()).toBe(0)
    expect(home.read(".aws/credentials")).toContain("aws_session_token")
  })

  it.each(["n", ""])("stays after %j", async answer => {
    const home = new Home()
    home.write(".aws/credentials", keys)
    const pty = open(home)
    await pty.answer(`${question} (y/N)`, answer)
    expect(await pty.ends()).toBe(130)
    expect(pty.text).toContain(
      "pum-aws: cancelled, nothing was changed\nhint: choose another profile with --profile\n",
    )
    expect(home.awsFiles()).toEqual({ credentials: keys, config: undefined })
  })

  it("is replaced without a question with --overwrite", async () => {
    const home = new Home()
    home.write(".aws/credentials", keys)
    const pty = open(home, ["--overwrite", "--account", "5858"])
    await signIn(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).not.toContain("Replace it?")
  })
})

describe("leaving writes nothing and leaves the terminal as it was", () => {
  const stops: [string, string, (pty: Pty) => Promise<void>][] = [
    ["the user name", questions.username, async () => {}],
    ["the password", questions.password, pty => pty.answer(questions.username, defaultUser.name)],
    [
      "the code",
      questions.code,
      async pty => {
        await pty.answer(questions.username, defaultUser.name)
        await pty.answer(questions.password, defaultUser.password)
      },
    ],
    ["the role", "4 · type", signIn],
  ]
  const waysOut: [string, number, (pty: Pty) => void][] = [
    ["Ctrl-C", 130, pty => pty.type(ctrlC)],
    ["Ctrl-D", 130, pty => pty.type(ctrlD)],
    ["SIGTERM", 143, pty => signalChildren(pty, "SIGTERM")],
    ["SIGHUP", 129, pty => signalChildren(pty, "SIGHUP")],
    ["SIGINT", 130, pty => signalChildren(pty, "SIGINT")],
  ]
  // All ways at one question, the keys and one signal in the menu, Ctrl-C everywhere.
  const cases = stops.flatMap(stop => {
    const left = { "the password": waysOut, "the role": waysOut.slice(0, 3) }[stop[0]] ?? waysOut.slice(0, 1)
    return left.map(way => [...way, ...stop] as const)
  })
  // A shell without the trap would end at Ctrl-C, too.
  const inShell =
    'trap : INT; stty -a > "$HOME/before"; "$0" "$1"; echo "left with $?"; stty -a > "$HOME/after"'

  it.each(cases)("%s (%i) at the question for %s", async (_, code, leave, __, shown, goThere) => {
    const home = new Home()
    const pty = open(home, [], { command: ["sh", "-c", inShell, process.execPath, program] })
    await goThere(pty)
    await pty.sees(shown)
    leave(pty)
    await pty.sees(`left with ${code}`)
    await pty.ends()
    expect(pty.text).toContain("pum-aws: cancelled\n")
    expect(home.awsFiles()).toEqual({ credentials: undefined, config: undefined })
    expect(home.read("after")).toBe(home.read("before"))
    // If the cursor was hidden, it is shown again.
    expect(pty.raw.lastIndexOf("\x1b[?25h")).toBeGreaterThanOrEqual(pty.raw.lastIndexOf("\x1b[?25l"))
  })

  it("for a while, with Ctrl-Z, and coming back", async () => {
    const home = new Home()
    const pty = open(home, [], { command: ["sh", "-i"], env: { PS1: "$ " } })
    await pty.isAsked("$")
    pty.type(`${process.execPath} ${program}${enter}`)
    await pty.isAsked(questions.username)
    pty.type(ctrlZ)
    await pty.sees("Stopped")
    pty.type(`fg${enter}`)
    await pty.sees("fg")
    pty.type(defaultUser.name)
    await pty.sees(`${questions.username} ${defaultUser.name}`)
    pty.type(enter)
    await pty.isAsked(questions.password)
    pty.type(ctrlC)
    await pty.sees("pum-aws: cancelled")
    pty.type(`exit${enter}`)
    await pty.ends()
  })

  it("is possible while ADFS is waited for", async () => {
    world.adfs.faults.switchOn("password", { kind: "hang" })
    const home = new Home()
    const pty = open(home)
    await pty.answer(questions.username, defaultUser.name)
    await pty.answer(questions.password, defaultUser.password)
    await pty.sees("Checking user and password")
    pty.type(ctrlC)
    expect([await pty.ends(), pty.signal]).toEqual([130, "SIGINT"])
    expect(pty.text.trimEnd().endsWith("pum-aws: cancelled")).toBe(true)
  })
})

describe("the screen", () => {
  it("ends a question when ADFS cannot be reached, before a password is typed in vain", async () => {
    const pty = open(new Home(), ["--idp-url", "https://127.0.0.1:1/"], {
      env: { NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" },
    })
    expect(await pty.ends()).toBe(4)
    expect(pty.text).toBe(
      `${questions.username}\npum-aws: 127.0.0.1:1 cannot be reached: connection refused\nhint: check the network and VPN; NO_PROXY keeps this host from the proxy of HTTPS_PROXY\n`,
    )
  })

  // With TERM=dumb there is no escape code at all: see the plain lines below.
  it("has no colour and no animation with NO_COLOR", async () => {
    world.adfs.settings.delayMs = 200
    const pty = open(new Home(), ["--account", "5858"], { env: { NO_COLOR: "1" } })
    await signIn(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.raw).not.toMatch(/\x1b\[\d*m/)
    expect(pty.raw).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/)
  })

  it("names what is waited for, and wipes it away", async () => {
    world.adfs.settings.delayMs = 300
    const pty = open(new Home(), ["--account", "5858"])
    await signIn(pty)
    await pty.sees("Checking the code")
    expect(await pty.ends()).toBe(0)
    expect(pty.raw).toMatch(/Checking the code\r\x1b\[K/)
  })

  const longRole = "R".repeat(64)
  const manyRoles = (count: number) =>
    Array.from({ length: count }, (_, index) => {
      const name = index === 2 ? longRole : `Role${index}`
      return `arn:aws:iam::${String(100_000_000_000 + index)}:role/${name}`
    })

  it("draws the menu anew in a window of another size, with the marked row in view", async () => {
    world.adfs.settings.roles = manyRoles(500)
    const pty = open(new Home(), [], { columns: 140, rows: 40 })
    await signIn(pty)
    await pty.sees("500 · type to filter")
    pty.type(down.repeat(15))
    await pty.sees("16/500")
    for (const [columns, rows] of [
      [60, 40],
      [40, 12],
      [100, 12],
      [80, 30],
    ] as const) {
      const drawings = pty.raw.split("16/500").length
      pty.resize(columns, rows)
      await expect.poll(() => pty.raw.split("16/500").length).toBe(drawings + 1)
      const count = (wanted: RegExp) => pty.lines.filter(line => wanted.test(line)).length
      await expect
        .poll(() => [
          count(/^ {2}❯ 100000000015 {2,3}Role15\b/),
          count(/❯/),
          count(/^Please/),
          count(/16\/500/),
        ])
        .toEqual([1, 1, 1, 1])
    }
    pty.type(enter)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain("role/Role15, valid until")
  })

  it("shows account and role of each row beside a name of 64 characters", async () => {
    world.adfs.settings.roles = manyRoles(5)
    const pty = open(new Home(), [], { columns: 60 })
    await signIn(pty)
    await pty.sees("5 · type to filter")
    pty.type(down + down)
    await pty.sees("3/5")
    expect(pty.text).toContain("    100000000001  Role1\n")
    expect(pty.text).toContain(`  ❯ 100000000002  ${longRole.slice(0, 40)}…\n`)
    pty.type(enter)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain(`role/${longRole}`)
  })

  it("is left with Ctrl-Z, and the menu is drawn again below what came between", async () => {
    world.adfs.settings.roles = manyRoles(20)
    const pty = open(new Home(), [], { command: ["sh", "-i"], env: { PS1: "$ " } })
    await pty.isAsked("$")
    pty.type(`${process.execPath} ${program}${enter}`)
    await signIn(pty)
    await pty.sees("20 · type to filter")
    pty.type(`role1${down}`)
    await pty.sees("2/11 of 20")
    pty.type(ctrlZ)
    await pty.sees("Stopped")
    // The shell's words stand in no remains of the menu.
    expect(pty.text).not.toContain("of 20")
    pty.type(`echo between${enter}`)
    await pty.sees("\nbetween\n")
    pty.type(`fg${enter}`)
    await pty.sees("2/11 of 20")
    // Once before, and once again.
    expect(pty.text.match(/Please choose/g)).toHaveLength(2)
    pty.type(down + enter)
    await pty.sees("role/Role11, valid until")
    pty.type(`exit${enter}`)
    await pty.ends()
  })

  it("says after Ctrl-Z and fg that a hidden password was begun, and goes on with it", async () => {
    const pty = open(new Home(), [], { command: ["sh", "-i"], env: { PS1: "$ " } })
    await pty.isAsked("$")
    pty.type(`${process.execPath} ${program} -u '${defaultUser.name}' -a 5858${enter}`)
    await pty.isAsked(questions.password)
    pty.type(ctrlZ)
    await pty.sees("Stopped")
    pty.type(`fg${enter}`)
    await expect.poll(() => pty.text.match(/Domain password:/g)).toHaveLength(2)
    expect(pty.text).not.toContain("what you typed")
    pty.type(defaultUser.password.slice(0, 8))
    pty.type(ctrlZ)
    await expect.poll(() => pty.text.match(/Stopped/g)).toHaveLength(2)
    pty.type(`fg${enter}`)
    await pty.sees("(what you typed is kept: go on, or begin anew with Ctrl-U)\nDomain password:\n")
    pty.type(defaultUser.password.slice(8) + enter)
    await pty.answer(questions.code, code)
    await pty.sees("✔ Stored in profile [default]")
    expect(world.adfs.passwords).toEqual([defaultUser.password])
    pty.type(`exit${enter}`)
    await pty.ends()
  })

  it.each([
    ["TERM=dumb", { TERM: "dumb" }],
    ["PUM_PLAIN=1", { PUM_PLAIN: "1" }],
  ])("is plain lines with %s: nothing is redrawn, roles have numbers", async (_, env) => {
    world.adfs.settings.delayMs = 200
    const pty = open(new Home(), [], { env, columns: 80 })
    await pty.sees(questions.username)
    pty.type(`dev_aly${enter}`)
    await pty.sees("write it as DOMAIN\\user or user@domain")
    pty.type(defaultUser.name + enter)
    await pty.isAsked(questions.password)
    pty.type(defaultUser.password + enter)
    await pty.isAsked(questions.code)
    pty.type(code + enter)
    await pty.isAsked("Number, or a part of the name:")
    expect(pty.text).toContain(
      [
        questions.role,
        "1   039882259752   ViewOnlyAccess",
        "2   095344953043   PowerUserAccess",
        "3   095344953043   RDSAlice",
        "4   585848786654   AdministratorAccess",
        "Number, or a part of the name:",
      ].join("\n"),
    )
    pty.type(`3${enter}`)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain("role/RDSAlice, valid until")
    // No escape code, and no carriage return but that of a line's end.
    expect(pty.raw.replaceAll("\r\n", "\n")).not.toMatch(/[\x1b\r]/)
    expect(pty.raw).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/)
    expect(pty.raw).not.toContain(defaultUser.password)
  })

  it("is ASCII where the console shows nothing else", async () => {
    world.adfs.settings.delayMs = 200
    const pty = open(new Home(), [], { env: { LC_ALL: "C" } })
    await signIn(pty)
    await pty.sees("4 - type to filter, Up/Down to move, Enter to choose")
    await pty.sees("  > 039882259752   ViewOnlyAccess")
    pty.type(enter)
    await pty.sees("OK Stored in profile [default]")
    expect(await pty.ends()).toBe(0)
    expect(pty.raw).toMatch(/^[\x00-\x7f]*$/)
  })

  it("breaks long messages between words, and no spinner is wider than the screen", async () => {
    world.adfs.settings.delayMs = 300
    const pty = open(new Home(), [], { columns: 24 })
    await pty.sees("Privileged user (e.g.")
    pty.type(defaultUser.name + enter)
    await pty.answer(questions.password, "wrong")
    await pty.sees("Checking user and pa…")
    expect(await pty.ends()).toBe(3)
    expect(pty.lines).toEqual([
      "Privileged user (e.g.",
      "  adm\\dev_aly): adm\\dev_",
      "aly",
      "Domain password:",
      "pum-aws: ADFS refused",
      "  the user name or",
      "  password: Incorrect",
      "  user ID or password.",
      "  Type the correct user",
      "  ID and password, and",
      "  try again.",
      "hint: ADFS gives the",
      "  same answer for a",
      "  locked account; a few",
      "  wrong passwords lock",
      "  it",
    ])
  })

  it("breaks the message of a wrong setting between words, too", async () => {
    const home = new Home()
    home.write(".pum-aws", "[default]\nzzzzzz = x\n")
    const pty = open(home, [], { columns: 40 })
    expect(await pty.ends()).toBe(2)
    expect(pty.lines.slice(0, 4)).toEqual([
      "pum-aws: ~/.pum-aws line 2: 'zzzzzz' is",
      "  not a setting",
      "hint: the settings are username,",
      "  account, role, region, duration,",
    ])
  })

  it("fits a narrow terminal", async () => {
    const pty = open(new Home(), [], { columns: 40 })
    await signIn(pty)
    await pty.sees("RDSAlice")
    await pty.sees("4 · type to filter\n")
    const rows = pty.text.split("\n").filter(line => /^ {2}[ ❯] \d{12}/.test(line))
    expect(rows.length).toBeGreaterThan(3)
    expect(rows.filter(row => row.length > 40)).toEqual([])
    pty.type(down + down + up + down + enter)
    expect(await pty.ends()).toBe(0)
    expect(pty.text.replaceAll("\n  ", " ")).toContain("role/RDSAlice")
  })

  it("filters and scrolls 500 roles", async () => {
    world.adfs.settings.roles = Array.from(
      { length: 500 },
      (_, index) => `arn:aws:iam::${String(100_000_000_000 + index)}:role/Role${index}`,
    )
    const home = new Home()
    const pty = open(home)
    await signIn(pty)
    await pty.sees("500 · type to filter")
    pty.type(pageDown + pageDown + pageUp)
    await pty.sees("❯ 100000000012")
    pty.type("role499")
    await pty.sees("1 of 500")
    pty.type(enter)
    expect(await pty.ends()).toBe(0)
    expect(home.read(".aws/credentials")).toContain("assumed-role/Role499/")
  })

  it("asks on the terminal where stderr and stdout are captured, and where stdin is a pipe", async () => {
    const home = new Home()
    const pty = open(home, [], {
      command: [
        "sh",
        "-c",
        'echo nothing | "$0" "$1" --account 5858 > "$HOME/out" 2> "$HOME/err"; echo "left with $?"',
        process.execPath,
        program,
      ],
    })
    await signIn(pty)
    await pty.sees("✔ Stored in profile [default]")
    await pty.sees("left with 0")
    expect([home.read("out"), home.read("err")]).toEqual(["", ""])
  })

  it("puts the error on a captured stderr", async () => {
    const home = new Home()
    const pty = open(home, [], {
      command: [
        "sh",
        "-c",
        'trap : INT; "$0" "$1" 2> "$HOME/err"; echo "left with $?"',
        process.execPath,
        program,
      ],
    })
    await pty.sees(questions.username)
    pty.type(ctrlC)
    await pty.sees("left with 130")
    expect(home.read("err")).toBe("pum-aws: cancelled\n")
  })

  it("refuses a password from stdin that is typed for everybody to read", async () => {
    const pty = open(new Home(), ["--password-stdin"])
    expect(await pty.ends()).toBe(2)
    expect(pty.text).toBe(
      "pum-aws: --password-stdin wants a pipe, and stdin is the terminal\nhint: leave the option out to be asked\n",
    )
  })
})
