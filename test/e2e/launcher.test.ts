import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { briefHelp } from "../../src/options/help.ts"
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

/** A module that writes the names of all modules that were loaded into a file when the process ends. */
const hookThatLists = (file: string) => `
  process.on("exit", () => {
    const names = Object.keys(require.cache).map(path => require("node:path").basename(path))
    require("node:fs").writeFileSync(${JSON.stringify(file)}, names.join(" "))
  })`

describe("the launcher", () => {
  it.each([
    ["--export", "ba", "bash\n"],
    // A blank line would be a candidate of bash, which then offers no files.
    ["--region", "x", ""],
  ])("completes %s %s with %j and no more", async (option, word, stdout) => {
    const run = { args: [program, "--complete", option, word], env: cleanEnv(new Home()) }
    expect(await runWithoutTerminal(process.execPath, run)).toMatchObject({ code: 0, stdout })
  })

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

  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }
  it.each([
    ["--version", `${version}\n`],
    ["-V", `${version}\n`],
    ["--help", briefHelp()],
    ["-h", briefHelp()],
  ])("answers %s without loading the program", async (option, answer) => {
    const home = new Home()
    home.write("hook.cjs", hookThatLists(join(home.path, "loaded")))
    const env = cleanEnv(home, { NODE_OPTIONS: `--require ${join(home.path, "hook.cjs")}` })
    const { code, stdout } = await runWithoutTerminal(process.execPath, { args: [program, option], env })
    expect([code, stdout]).toEqual([0, answer])
    expect(home.read("loaded")).toBe("hook.cjs pum-aws fixed-answers.js")
  })

  it("needs the Node.js that package.json names", () => {
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      engines: { node: string }
    }
    expect(readFileSync(program, "utf8")).toContain(`var needed = "${engines.node.replace(">=", "")}"`)
  })
})
