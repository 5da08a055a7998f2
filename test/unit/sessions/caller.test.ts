import { describe, expect, it } from "vitest"
import { findCaller, parseProcessInfo } from "../../../src/sessions/caller.ts"

type Row = readonly [pid: number, name: string, args: readonly string[], parent: number]

/** Who calls process 1's child, where these processes run. */
function callerAmong(...rows: readonly Row[]): string | undefined {
  const processes = new Map(
    rows.map(([pid, name, args, parent]) => [pid, { name, args, parent, started: `s${pid}` }]),
  )
  return findCaller(rows[0]?.[0], pid => processes.get(pid))
}

describe("the caller", () => {
  const node: Row = [7, "node", ["node", "app.js"], 1]

  it.each<[string, readonly Row[], string | undefined]>([
    ["is the program that started this process", [node], "7 s7"],
    [
      "is the program behind the shell that an SDK starts",
      [[9, "sh", ["/bin/sh", "-c", "pum-aws -p x"], 7], node],
      "7 s7",
    ],
    [
      "is the program behind a shell, whatever is quoted",
      [[9, "dash", ["sh", "-c", 'pum-aws --idp-url \'https://x/?a&b;c\' -u "a\\"&b" -p a\\;b'], 7], node],
      "7 s7",
    ],
    [
      "is the shell if it runs more than one command",
      [[9, "sh", ["sh", "-c", "pum-aws; pum-aws"], 7], node],
      "9 s9",
    ],
    ["is the shell of a pipeline", [[9, "bash", ["bash", "-c", "pum-aws | jq ."], 7], node], "9 s9"],
    ["is the shell that runs a script", [[9, "bash", ["bash", "-e", "script.sh"], 7], node], "9 s9"],
    ["is nobody where a person types", [[9, "bash", ["-bash"], 7], node], undefined],
    [
      "is nobody where a person types in a shell with options",
      [[9, "zsh", ["/bin/zsh", "-i", "-l"], 7], node],
      undefined,
    ],
    [
      "is the shell that a person started with a command: it is another one each time",
      [
        [9, "sh", ["sh", "-c", "pum-aws -p x"], 8],
        [8, "fish", ["fish"], 1],
      ],
      "9 s9",
    ],
    ["is the shell whose parent is gone", [[9, "sh", ["sh", "-c", "pum-aws -p x"], 7]], "9 s9"],
    [
      "is no shell only because it is called with -c",
      [[9, "python3", ["python3", "-c", "x"], 7], node],
      "9 s9",
    ],
  ])("%s", (_, rows, expected) => {
    expect(callerAmong(...rows)).toBe(expected)
  })

  it("is another one when its process id is used again", () => {
    const at = (started: string) =>
      findCaller(7, () => ({ name: "node", args: ["node"], parent: 1, started }))
    expect(at("100")).not.toBe(at("200"))
    expect(at("100")).toBe(at("100"))
  })

  it("is its number alone where the system tells no more", () => {
    expect(findCaller(7, () => undefined)).toBe("7")
  })

  it("is read from what Linux tells, whatever the program is called", () => {
    const stat = `42 (a) (b c) S 7 42 42 34816 42 ${Array.from({ length: 13 }, (_, index) => index).join(" ")} 567890 1 2`
    expect(parseProcessInfo(stat, "/bin/a\0-c\0\0x y\0")).toEqual({
      name: "a) (b c",
      args: ["/bin/a", "-c", "", "x y"],
      parent: 7,
      started: "567890",
    })
  })
})
