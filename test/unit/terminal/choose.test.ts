import { describe, expect, it } from "vitest"
import { backspace, ctrlC, down, enter, pageDown, pageUp, up } from "../../support/pty.ts"
import { TestScreen } from "../../support/screen.ts"

const message = "Please choose the AWS account and role you would like to assume:"
const longName = "VismaPrivilegedNetworkAndDatabaseAdministratorOfAllEnvironments1"
const rows = Array.from({ length: 500 }, (_, index) => {
  const names = ["AdministratorAccess", "ReadOnly", longName, "RDSAlice", "PowerUserAccess"]
  const role = names[index % 5] ?? ""
  const account = index % 3 === 0 ? `Prod-VNIPBC-${index}` : String(585_848_786_000 + index)
  return [account, role, `arn:aws:iam::${585_848_786_000 + index}:role/${role}`]
})
const ctrl = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 96)
const [home, end, esc] = ["\x1b[H", "\x1b[F", "\x1b"]

function open(columns: number, lines = 24, shown = rows, env: Record<string, string> = { LANG: "C.UTF-8" }) {
  const screen = new TestScreen({ columns, rows: lines, env })
  screen.output.write("$ pum-aws\nVisma Google Auth 2FA Token: 444692\n")
  const choice = screen.prompts.choose({ message }, shown)
  const outcome = choice.then(
    index => `chose ${index}`,
    error => `${error.code}`,
  )
  return { screen, choice, outcome }
}

/** What stands on the screen from the question on; before it there may be more or less of what was there before. */
async function menuOf(screen: TestScreen): Promise<string[]> {
  const lines = await screen.lines()
  const begin = lines.findIndex(line => line.startsWith(message.slice(0, 20)))
  return lines.slice(Math.max(0, begin)).filter(line => line !== "")
}

const picture = (name: string) => `screens/${name}.txt`

describe("what a person sees", () => {
  it.each([140, 80, 60, 40])(
    "%i columns: 500 roles, the third with a name of 64 characters",
    async columns => {
      const { screen } = open(columns)
      await screen.press(down, down)
      await expect(await screen.picture()).toMatchFileSnapshot(picture(`menu-${columns}`))
    },
  )

  it.each([60, 40])("%i columns: after the choice of that role", async columns => {
    const { screen, outcome } = open(columns)
    await screen.press(down, down, enter)
    expect(await outcome).toBe("chose 2")
    await expect(await screen.picture()).toMatchFileSnapshot(picture(`chosen-${columns}`))
  })

  it("a window of eight lines", async () => {
    const { screen } = open(80, 8)
    await screen.press(...Array.from({ length: 20 }, () => down))
    await expect(await screen.picture()).toMatchFileSnapshot(picture("menu-80x8"))
  })

  it("a filter", async () => {
    const { screen } = open(80)
    await screen.press(..."rds prod", down)
    await expect(await screen.picture()).toMatchFileSnapshot(picture("menu-filter"))
  })

  it("a console that shows ASCII only", async () => {
    const { screen } = open(60, 24, rows, { LC_ALL: "C" })
    await screen.press(down, down)
    const shown = await screen.picture()
    await expect(shown).toMatchFileSnapshot(picture("menu-ascii"))
    expect(shown.replace("█", "")).toMatch(/^[\n -~]*$/)
  })

  const sizes = [
    [140, 24],
    [60, 24],
    [40, 10],
    [100, 12],
    [80, 8],
    [80, 30],
    [41, 30],
    [40, 40],
  ] as const
  const changes = sizes.flatMap(before => sizes.map(after => [...before, ...after] as const))

  it.each(changes)("%i x %i made %i x %i: nothing of the old menu is left", async (...change) => {
    const [columns, lines, newColumns, newLines] = change
    const { screen, outcome } = open(columns, lines)
    const keys = ["a", "d", "m", down, down, down]
    await screen.press(...keys)
    await screen.resize(newColumns, newLines)
    const fresh = open(newColumns, newLines)
    await fresh.screen.press(...keys)
    expect(await menuOf(screen)).toEqual(await menuOf(fresh.screen))
    await screen.press(enter)
    await fresh.screen.press(enter)
    expect(await outcome).toBe(await fresh.outcome)
    expect(await menuOf(screen)).toEqual(await menuOf(fresh.screen))
    // What stood there before can still be read.
    expect(await screen.history()).toContain("Visma Google Auth 2FA Token: 444692")
  })

  it("a window that is dragged narrower and wider again shows one menu", async () => {
    const { screen } = open(140, 24)
    for (let columns = 130; columns >= 40; columns -= 10) await screen.resize(columns, 24)
    for (let columns = 50; columns <= 140; columns += 10) await screen.resize(columns, 24)
    expect((await screen.lines()).filter(line => line.startsWith("Please choose"))).toHaveLength(1)
    expect((await screen.lines()).filter(line => line.includes("❯"))).toHaveLength(1)
    // Most of the 20 drawings replace the one before; some lines the terminal itself moves above the screen.
    expect((await screen.history()).match(/Please choose/g)?.length).toBeLessThan(8)
  })

  it("letters that take two columns", async () => {
    const wide = [
      ["東京の本番環境", "AdministratorAccess", "arn:aws:iam::585848786654:role/AdministratorAccess"],
      ["Prod", "ReadOnly", "arn:aws:iam::585848786655:role/ReadOnly"],
    ]
    const { screen } = open(40, 24, wide)
    await screen.press()
    await expect(await screen.picture()).toMatchFileSnapshot(picture("menu-wide-letters"))
  })
})

describe("keys", () => {
  const last = rows.length - 1
  it.each([
    [[], 0],
    [[down, down, up], 1],
    [[ctrl("n"), ctrl("n"), ctrl("n"), ctrl("p")], 2],
    [[up], 0],
    [[pageDown], 12],
    [[pageDown, pageDown, pageUp], 12],
    [[pageUp], 0],
    [[end], last],
    [[end, down], last],
    [[end, up], last - 1],
    // At the end of the list it stays there, and does not run out of it.
    [[...Array.from({ length: 60 }, () => pageDown), up], last - 1],
    [[end, pageUp], last - 12],
    [[end, home, down], 1],
    [["r", "d", "s", end, home], 3],
    [["r", "d", "s", home, "a", down], 8],
    [["x", "x", enter, backspace, backspace, down], 1],
    [["z", "z", ctrl("u"), end], last],
    [["\t", "rds"], 3],
  ])("%j", async (keys, expected) => {
    const { screen, outcome } = open(100)
    await screen.press(...keys, enter)
    expect(await outcome).toBe(`chose ${expected}`)
  })

  it.each([
    ["Esc", esc],
    ["Ctrl-C", ctrlC],
    ["Ctrl-D", ctrl("d")],
  ])("%s leaves, and the menu with it", async (_, key) => {
    const { screen, outcome } = open(80)
    await screen.press("p", key)
    expect(await outcome).toBe("cancelled")
    expect((await screen.lines()).filter(line => line !== "")).toEqual([
      "$ pum-aws",
      "Visma Google Auth 2FA Token: 444692",
      message,
      "  > p",
    ])
  })

  it("an arrow key is no Esc, also if its code comes in two parts", async () => {
    const { screen, outcome } = open(80)
    await screen.press("\x1b", "[B", enter)
    expect(await outcome).toBe("chose 1")
  })

  it("ends with the reason of a signal", async () => {
    const screen = new TestScreen()
    const cut = new AbortController()
    const choice = screen.prompts.choose({ message, signal: cut.signal }, rows)
    cut.abort(new RangeError("cut short"))
    await expect(choice).rejects.toThrow("cut short")
  })
})
