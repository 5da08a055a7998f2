import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { keepUsername } from "../../../src/options/keep-username.ts"
import { optionsInHome } from "../../support/read-options.ts"
import { notingTerminal } from "../../support/terminal.ts"

const { homePath, read } = optionsInHome()

it("keeps the byte order mark and the line ends of ~/.pum-aws", async () => {
  const options = read({ config: "\ufeff[default]\r\nusername = adm\\old\r\nretry = yes\r\n" })
  await keepUsername("adm\\new", options, notingTerminal().terminal)
  expect(readFileSync(join(homePath(), ".pum-aws"), "utf8")).toBe(
    "\ufeff[default]\r\nusername = adm\\new\r\nretry = yes\r\n",
  )
})
