import { expect, it } from "vitest"
import { enter } from "../../support/pty.ts"
import { TestScreen } from "../../support/screen.ts"

const magenta = (text: string) => `\x1b[35m${text}\x1b[39m`

it("an answer has the one colour that can be read on a light and on a dark screen", async () => {
  const screen = new TestScreen({ env: { LANG: "C.UTF-8", NO_COLOR: "" } })
  const name = screen.prompts.ask({ message: "User:" })
  await screen.press("a", enter)
  expect(await name).toBe("a")
  const yes = screen.prompts.confirm({ message: "Replace it?" })
  await screen.press("y", enter)
  expect(await yes).toBe(true)
  expect(screen.raw).toContain(magenta("a"))
  expect(screen.raw).toContain(magenta("Yes"))
})

it("a hidden answer that is refused says that it is still there: more would be added to what cannot be seen", async () => {
  const screen = new TestScreen({ columns: 120 })
  const validate = (typed: string) => (typed.length === 2 ? undefined : "two characters")
  const answer = screen.prompts.askSecret({ message: "PIN:", validate })
  await screen.press(enter)
  expect((await screen.lines()).join("\n")).toMatch(/^PIN:\s+two characters\s*$/)
  await screen.press("a", "b", "c", enter)
  expect((await screen.lines()).join("\n")).toContain(
    "two characters (what you typed is kept: go on, or begin anew with Ctrl-U)",
  )
  await screen.press("\x15", "d", "e", enter)
  expect(await answer).toBe("de")
})
