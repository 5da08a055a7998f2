import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { Op, opToken } from "../support/op.ts"
import { cleanEnv, Home } from "../support/program.ts"
import { ctrlC, enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const { name: username, password, codes } = defaultUser
const [code] = codes
const full = { username, password, totp: code }
const asked = {
  username: "Privileged user (e.g. adm\\dev_aly):",
  again: `Privileged user (e.g. adm\\dev_aly) [${username}]:`,
  password: "Domain password:",
  code: "Visma Google Auth 2FA Token:",
}
const refused =
  "ADFS refused the user name or password: Incorrect user ID or password. Type the correct user ID and password, and try again."
const lockHint = "ADFS gives the same answer for a locked account; a few wrong passwords lock it"
const stored = "✔ Stored in profile [default] of ~/.aws/credentials"

function open(args: readonly string[], env: Readonly<Record<string, string>> = {}, home = new Home()): Pty {
  return new Pty({
    args: ["-a", "585848786654", ...args],
    env: cleanEnv(home, { ...world.env, SHELL: "/bin/sh", ...env }),
    columns: 220,
  })
}

/** The screen up to where credentials were stored, or the end. */
const conversation = (pty: Pty) => pty.text.split(`${stored}\n`)[0]?.trimEnd().split("\n")

describe("a wrong password", () => {
  it("ends the run without --retry, with one password sent", async () => {
    const pty = open([])
    await pty.answer(asked.username, username)
    await pty.answer(asked.password, "wrong")
    expect(await pty.ends()).toBe(3)
    expect(conversation(pty)).toEqual([
      `${asked.username} ${username}`,
      asked.password,
      `pum-aws: ${refused}`,
      `hint: ${lockHint}`,
    ])
    expect(world.adfs.passwords).toEqual(["wrong"])
  })

  it("is asked for again with --retry, without its user name; Enter alone leads to that", async () => {
    const pty = open(["--retry"])
    await pty.answer(asked.username, "adm\\dev_typo")
    await pty.answer(asked.password, "wrong")
    await pty.sees("Type the password of adm\\dev_typo again, or press Enter alone to change the user name.")
    await pty.isAsked(asked.password)
    pty.type(enter)
    await pty.answer("Privileged user (e.g. adm\\dev_aly) [adm\\dev_typo]:", username)
    await pty.answer(asked.password, password)
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(conversation(pty)?.[2]).toBe(`warning: ${refused} (${lockHint})`)
    expect(world.adfs.passwords).toEqual(["wrong", password])
  })

  it("is sent three times at most; a user name that was given is not asked for", async () => {
    const pty = open(["--retry", "-u", username])
    for (const wrong of ["one", "two", "three"]) await pty.answer(asked.password, wrong)
    expect(await pty.ends()).toBe(3)
    expect(pty.text).not.toContain("Privileged user")
    expect(world.adfs.passwords).toEqual(["one", "two", "three"])
  })

  it.each(["echo wrong", "1Password"])(
    "of %s is not sent again: with --retry the person is asked",
    async source => {
      const op = source === "1Password" ? new Op({ items: [{ ...full, password: "wrong" }] }).env : {}
      const args = source === "1Password" ? [] : ["-u", username, "--password-command", source]
      const pty = open(["--retry", ...args], op)
      await pty.answer(asked.password, "wrong, too")
      await pty.answer(asked.password, password)
      if (source !== "1Password") await pty.answer(asked.code, code)
      expect(await pty.ends()).toBe(0)
      expect(world.adfs.passwords).toEqual(["wrong", "wrong, too", password])
      // The code of 1Password is used for its user, also if the password was typed.
      expect(world.adfs.codes).toEqual([code])
    },
  )

  it("of a command ends the run without --retry", async () => {
    const pty = open(["-u", username, "--password-command", "echo wrong"])
    expect(await pty.ends()).toBe(3)
    expect(conversation(pty)).toEqual([`pum-aws: ${refused}`, `hint: ${lockHint}`])
    expect(world.adfs.passwords).toEqual(["wrong"])
  })
})

describe("a wrong code", () => {
  it("is asked for again with and without --retry, and the password is not", async () => {
    const pty = open(["-u", username])
    await pty.answer(asked.password, password)
    await pty.answer(asked.code, "000000")
    await pty.sees("warning: ADFS refused the 2FA code")
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect([world.adfs.passwords, world.adfs.codes]).toEqual([[password], ["000000", code]])
  })
})

describe("1Password", () => {
  it("answers without a question; while it works a spinner names it", async () => {
    const pty = open([], new Op({ items: [full], first: "sleep 0.5" }).env)
    await pty.sees("Asking 1Password")
    expect(await pty.ends()).toBe(0)
    expect(conversation(pty)).toEqual([""])
    expect(world.adfs.passwords).toEqual([password])
  })

  it("asks for its own password on the terminal where it is not signed in", async () => {
    const op = new Op({ items: [full], accountPassword: "account secret" })
    const pty = open([], op.env)
    await pty.answer("Enter the password for dev_aly@visma.com at visma.1password.com:", "account secret")
    expect(await pty.ends()).toBe(0)
    expect(pty.text).not.toContain("account secret")
    expect(pty.raw).not.toContain(opToken)
    // The item is read again if its code has expired in the meantime.
    const [first, signin, ...reads] = op.calls
    expect([first, signin]).toEqual([
      "item get Federation ADM --account visma --format json",
      "signin --account visma --raw",
    ])
    expect(new Set(reads)).toEqual(
      new Set([`item get Federation ADM --account visma --format json --session ${opToken}`]),
    )
  })

  it.each([
    [{ trouble: "1Password is locked" }, ["1Password is locked"]],
    [
      { item: "Other" },
      ['"Federation ADM" isn\'t an item. Specify the item with its UUID, name, or domain.'],
    ],
  ])("locked or in trouble is one line, then come the ordinary questions: %j", async (settings, [words]) => {
    const pty = open([], new Op(settings).env)
    await pty.answer(asked.username, username)
    await pty.answer(asked.password, password)
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(conversation(pty)).toEqual([
      `warning: 1Password could not be used: ${words} (--no-op, or no_op = true in ~/.pum-aws, leaves 1Password out)`,
      `${asked.username} ${username}`,
      asked.password,
      `${asked.code} ${code}`,
    ])
    expect(world.adfs.passwords).toEqual([password])
  })

  it("that refuses its own password is no reason to give up", async () => {
    const pty = open(["-u", username], new Op({ items: [full], accountPassword: "right" }).env)
    await pty.answer("Enter the password for dev_aly@visma.com at visma.1password.com:", "wrong")
    await pty.answer(asked.password, password)
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain(
      "warning: 1Password could not be used: op signin ended with exit code 1 (--no-op, or no_op = true",
    )
  })

  it("with the item of another user is not used", async () => {
    const pty = open(["-u", username], new Op({ items: [{ ...full, username: "adm\\other" }] }).env)
    await pty.answer(asked.password, password)
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(conversation(pty)?.[0]).toBe(
      `warning: the 1Password item 'Federation ADM' is not used: it belongs to adm\\other, not to ${username}`,
    )
  })
})

describe("a command", () => {
  it("may ask on the terminal itself", async () => {
    const command = `printf 'PIN: ' >&2; read -r pin; [ "$pin" = 1234 ] && echo '${password}'`
    const pty = open(["-u", username, "--password-command", command])
    await pty.answer("PIN:", "1234")
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(world.adfs.passwords).toEqual([password])
  })

  it("comes after the question for the user name", async () => {
    const pty = open(["--password-command", `echo '${password}'`])
    await pty.answer(asked.username, username)
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(conversation(pty)).toEqual([`${asked.username} ${username}`, `${asked.code} ${code}`])
  })

  it.each([
    ["Ctrl-C", 130],
    ["SIGTERM", 143],
    ["no server", 4],
  ])("is ended by %s, and the run with %i", async (how, code) => {
    const home = new Home()
    // It ignores SIGHUP of the closed terminal, so the program must end it.
    const command =
      "trap '' HUP; trap 'echo > \"$HOME/ended\"; exit' TERM INT; echo started >&2; for i in $(seq 200); do sleep 0.05; done"
    if (how === "no server") world.adfs.settings.tls = "expired"
    const pty = open(["-u", username, "--password-command", command], {}, home)
    await pty.sees("started")
    if (how === "Ctrl-C") pty.type(ctrlC)
    if (how === "SIGTERM") process.kill(pty.pid, "SIGTERM")
    expect(await pty.ends()).toBe(code)
    await expect.poll(() => home.read("ended")).toBe("\n")
    expect(home.awsFiles()).toEqual({ credentials: undefined, config: undefined })
  })
})

describe("the user name", () => {
  const config = `; mine\n[profile prod]\nusername = adm\\other\n\n[default]\nUserName: adm\\dev_old\nretry = no\n[account-mapping]\n095344953043 = Prod\n`

  it("that was typed is offered next time; nothing else in the file changes", async () => {
    const home = new Home()
    home.write(".pum-aws", config)
    const first = open([], {}, home)
    await first.answer("Privileged user (e.g. adm\\dev_aly) [adm\\dev_old]:", username)
    await first.answer(asked.password, password)
    await first.answer(asked.code, code)
    expect(await first.ends()).toBe(0)
    expect(home.read(".pum-aws")).toBe(config.replace("UserName: adm\\dev_old", `username = ${username}`))
    const second = open([], {}, home)
    await second.answer(asked.again, "")
    await second.answer(asked.password, password)
    await second.answer(asked.code, codes[1])
    expect(await second.ends()).toBe(0)
  })

  it("is kept where there was no file, for this user alone", async () => {
    const home = new Home()
    const pty = open([], {}, home)
    await pty.answer(asked.username, username)
    await pty.answer(asked.password, password)
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(home.read(".pum-aws")).toBe(`[default]\nusername = ${username}\n`)
  })

  it.each([
    ["-u", username],
    ["-p", "prod"],
  ])("that was given is neither asked for nor kept: %s %s", async (...args) => {
    const home = new Home()
    const text = config.replace("adm\\other", username)
    home.write(".pum-aws", text)
    const pty = open(args, {}, home)
    await pty.answer(asked.password, password)
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(home.read(".pum-aws")).toBe(text)
  })

  it("of a refused sign-in is not kept", async () => {
    const home = new Home()
    const pty = open([], {}, home)
    await pty.answer(asked.username, "adm\\typo")
    await pty.answer(asked.password, password)
    expect(await pty.ends()).toBe(3)
    expect(home.read(".pum-aws")).toBeUndefined()
  })

  it("that cannot be kept is a warning: the credentials are stored", async () => {
    const home = new Home()
    const glued = "[default]\nusername = adm\\dev_aly\n  and more\n"
    home.write(".pum-aws", glued)
    const pty = open([], {}, home)
    await pty.answer(asked.username, username)
    await pty.answer(asked.password, password)
    await pty.answer(asked.code, code)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain(stored)
    expect(pty.text).toContain(
      "warning: your user name was not kept: cannot use ~/.pum-aws: line 3 is indented, so AWS tools read it as part of username (remove the white space at the start of line 3, or the line)",
    )
    expect(home.read(".pum-aws")).toBe(glued)
  })
})
