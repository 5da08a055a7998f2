import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { cleanEnv, Home, program, runWithoutTerminal } from "../support/program.ts"

const root = join(import.meta.dirname, "../..")

/** The launcher on a Node.js that says it is another version. */
function runAs(version: string) {
  const home = new Home()
  home.write(
    "older.cjs",
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`,
  )
  const env = cleanEnv(home, { NODE_OPTIONS: `--require ${join(home.path, "older.cjs")}` })
  return runWithoutTerminal(process.execPath, { args: [program, "--version"], env })
}

describe("the launcher", () => {
  it.each(["0.10.48", "16.20.2", "18.19.0", "20.9.0", "20.18.0"])(
    "says on Node.js %s which one is needed",
    async version => {
      expect(await runAs(version)).toMatchObject({
        code: 2,
        stdout: "",
        stderr: `pum-aws: Node.js 20.18.1 or newer is needed, and this is ${version}\nhint: install it from https://nodejs.org or by a version manager; the one that ran is ${process.execPath}\n`,
      })
    },
  )

  it.each(["20.18.1", "20.19.0", "22.0.0", "100.0.0"])("starts on Node.js %s", async version => {
    expect(await runAs(version)).toMatchObject({ code: 0, stderr: "" })
  })

  it("needs the Node.js that package.json names", () => {
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      engines: { node: string }
    }
    expect(readFileSync(program, "utf8")).toContain(`var needed = "${engines.node.replace(">=", "")}"`)
  })
})
