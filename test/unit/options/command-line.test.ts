import { describe, expect, it } from "vitest"
import { readCommandLine } from "../../../src/options/command-line.ts"

describe("readCommandLine", () => {
  it.each([["-h"], ["--help"]])("shows the help for %s", flag => {
    const commandLine = readCommandLine([flag])
    expect(commandLine).toMatchObject({
      wants: "help",
      text: expect.stringContaining("Usage: pum-aws [options]"),
    })
  })

  it("says in the help what the program is for, how it is called, and what else decides", () => {
    const commandLine = readCommandLine(["--help"], 1000)
    const text = commandLine.wants === "help" ? commandLine.text : ""
    expect(text).toMatch(
      /^Usage: pum-aws \[options\] \[-- command\.\.\.\]\n\nSigns a privileged user in through ADFS /,
    )
    expect(text).toMatch(/\n {2}-V, --version +print the version\n {2}-h, --help +print this help\n/)
    expect(text).toMatch(/\n\npum-aws -- command\.\.\. .*\n\nSettings: .*\n\nExit codes: 0 done, .*\n$/)
  })

  it("fits the help on 100 columns", () => {
    const commandLine = readCommandLine(["--help"])
    if (commandLine.wants !== "help") throw new Error(commandLine.wants)
    expect(commandLine.text.split("\n").filter(line => line.length > 110)).toEqual([])
  })

  it.each([["-V"], ["--version"]])("gives the version for %s among other options", flag => {
    expect(readCommandLine(["-v", flag])).toEqual({ wants: "version" })
  })
})

describe("help", () => {
  it.each([80, 60, 120])("fits a terminal of %i characters, with whole words", width => {
    const wide = readCommandLine(["--help"], 1000)
    const narrow = readCommandLine(["--help"], width)
    if (wide.wants !== "help" || narrow.wants !== "help") throw new Error("no help")
    expect(narrow.text.split("\n").filter(line => line.length > width)).toEqual([])
    const words = (text: string) => text.split(/\s+/).join(" ")
    expect(words(narrow.text)).toBe(words(wide.text))
  })
})
