import { describe, expect, it } from "vitest"
import { backspace, ctrlC, ctrlD, enter } from "../../support/pty.ts"
import { settled, TestScreen } from "../../support/screen.ts"

const open = (settings = {}) => new TestScreen({ plain: true, rows: 60, ...settings })
const shown = async (screen: TestScreen) => (await screen.lines()).join("\n").trimEnd()
const roles = Array.from({ length: 120 }, (_, index) => {
  const role = ["AdministratorAccess", "ReadOnly", "RDSAlice"][index % 3] ?? ""
  const account = `Prod-${index + 1}`
  return [account, role, `arn:aws:iam::${100_000_000_001 + index}:role/${role}`]
})

describe("a plain question", () => {
  it("is a line that only grows, or loses its last character", async () => {
    const screen = open()
    const answer = screen.prompts.ask({ message: "User:" })
    await screen.press("a", "x", backspace, "b", "\x1b[D", "ü", enter)
    expect(await answer).toBe("abü")
    expect(screen.raw).toBe("User: ax\b \bbü\n")
  })

  it("takes what is offered for an empty line", async () => {
    const screen = open()
    const answer = screen.prompts.ask({ message: "User [adm\\x]:", fallback: "adm\\x" })
    await screen.press(enter)
    expect(await answer).toBe("adm\\x")
  })

  it("says below it what is wrong, and begins anew", async () => {
    const screen = open()
    const validate = (text: string) => (text.includes("@") ? undefined : "write it with @")
    const answer = screen.prompts.ask({ message: "User:", validate })
    await screen.press("a", enter, "b", "@", enter)
    expect(await answer).toBe("b@")
    expect(await shown(screen)).toBe("User: a\nwrite it with @\nUser: b@")
  })

  it("of a password shows nothing of it, and begins anew after a wrong one", async () => {
    const screen = open()
    const validate = (text: string) => (text === "right" ? undefined : "type your password")
    const answer = screen.prompts.askSecret({ message: "Domain password:", validate })
    await screen.press("x", enter, ..."riggt", backspace, backspace, ..."ht", enter)
    expect(await answer).toBe("right")
    expect(screen.raw).toBe("Domain password: \ntype your password\nDomain password: \n")
  })

  it("Ctrl-U empties the line", async () => {
    const screen = open()
    const answer = screen.prompts.ask({ message: "User:" })
    await screen.press(..."東x", "\x15", "b", enter)
    expect(await answer).toBe("b")
    expect(await shown(screen)).toBe("User: b")
  })

  it.each([
    ["Ctrl-C", ctrlC],
    ["Ctrl-D", ctrlD],
  ])("is cancelled by %s", async (_, key) => {
    const screen = open()
    const outcome = screen.prompts.askSecret({ message: "Domain password:" }).catch(error => error.code)
    await screen.press("a", key)
    expect(await outcome).toBe("cancelled")
    expect(screen.raw).toBe("Domain password: \n")
  })

  it("ends with the reason of a signal", async () => {
    const screen = open()
    const cut = new AbortController()
    const answer = screen.prompts.ask({ message: "User:", signal: cut.signal })
    await settled()
    cut.abort(new RangeError("cut short"))
    await expect(answer).rejects.toThrow("cut short")
  })

  it.each([
    ["y", true],
    ["Yes", true],
    ["n", false],
    ["", false],
  ])("to be answered by yes or no: %j", async (typed, expected) => {
    const screen = open()
    const answer = screen.prompts.confirm({ message: "Replace it?" })
    await screen.press("x", enter, ...typed, enter)
    expect(await answer).toBe(expected)
    expect(await shown(screen)).toMatch(/^Replace it\? \(y\/N\) x\ntype y or n\nReplace it\? \(y\/N\)/)
  })

  it("takes each line that was typed ahead for one question", async () => {
    const screen = open()
    await screen.press(`adm\\x${enter}secret${enter}`)
    expect(await screen.prompts.ask({ message: "User:" })).toBe("adm\\x")
    expect(await screen.prompts.askSecret({ message: "Domain password:" })).toBe("secret")
    expect(screen.raw).toBe("User: adm\\x\nDomain password: \n")
  })
})

describe("a plain list", () => {
  const message = "Please choose the AWS account and role you would like to assume:"

  it("has numbers, to be typed", async () => {
    const screen = open()
    const choice = screen.prompts.choose({ message }, roles.slice(0, 12))
    await screen.press("1", "2", enter)
    expect(await choice).toBe(11)
    await expect(`${await shown(screen)}\n`).toMatchFileSnapshot("screens/plain-list.txt")
  })

  it("ends with the reason of a signal", async () => {
    const screen = open()
    const cut = new AbortController()
    const choice = screen.prompts.choose({ message, signal: cut.signal }, roles.slice(0, 12))
    await settled()
    cut.abort(new RangeError("cut short"))
    await expect(choice).rejects.toThrow("cut short")
  })

  it("is narrowed down by a part of the names, and keeps its numbers", async () => {
    const screen = open({ columns: 40 })
    const choice = screen.prompts.choose({ message }, roles)
    await screen.press(..."rds 11", enter, ..."120", enter)
    expect(await choice).toBe(119)
    await expect(`${await shown(screen)}\n`).toMatchFileSnapshot("screens/plain-list-narrowed.txt")
  })

  it("takes a name that fits one role only; a number that is none of the list is a part of a name", async () => {
    for (const typed of ["prod-77", "100000000077"]) {
      const screen = open()
      const choice = screen.prompts.choose({ message }, roles)
      await screen.press(...typed, enter)
      expect(await choice).toBe(76)
      expect(await shown(screen)).toContain(
        "\n❯ Prod-77   ReadOnly   arn:aws:iam::100000000077:role/ReadOnly",
      )
    }
  })

  it.each([" 2 ", "\u200b2\u200b"])("takes a number with what a paste brings along: %j", async typed => {
    const screen = open()
    const choice = screen.prompts.choose({ message }, roles)
    await screen.press(...typed, enter)
    expect(await choice).toBe(1)
  })

  it.each(["3", "12", "0"])(
    "chooses no account by a digit of its id: %s is no number of the list",
    async typed => {
      const screen = open()
      const choice = screen.prompts.choose({ message }, [
        ["prod", "Admin", "arn:aws:iam::123456789000:role/Admin"],
        ["test", "Admin", "arn:aws:iam::555555555555:role/Admin"],
      ])
      await screen.press(...typed, enter, "2", enter)
      expect(await choice).toBe(1)
      expect(await shown(screen)).toContain(`name: ${typed}\nthe numbers go from 1 to 2\n`)
    },
  )

  it("says that nothing matches, and that something must be typed", async () => {
    const screen = open()
    const choice = screen.prompts.choose({ message }, roles.slice(0, 2))
    await screen.press(enter, ..."xyz", enter, "0", enter, "2", enter)
    expect(await choice).toBe(1)
    expect(await shown(screen)).toMatch(
      /type a number of the list, or a part of the name\n.*xyz\nnothing matches\n/,
    )
  })
})
