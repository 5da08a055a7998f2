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
