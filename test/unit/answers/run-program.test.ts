import { describe, expect, it } from "vitest"
import { type ProgramSettings, runProgram } from "../../../src/answers/run-program.ts"

const run = (command: string, more: Partial<ProgramSettings> = {}) =>
  runProgram(command, { shell: "/bin/sh", stdin: "ignore", stderr: "pipe", signals: [], ...more })

describe("runProgram", () => {
  it("gives both outputs", async () => {
    expect(await run("echo out; echo err >&2")).toEqual({
      stdout: "out\n",
      bytes: Buffer.from("out\n"),
      stderr: "err\n",
      failure: undefined,
    })
  })

  it("passes arguments as they are, where there is no shell", async () => {
    const settings = { args: ["-n", "a  b", "$HOME"], stdin: "ignore", stderr: "pipe", signals: [] } as const
    expect((await runProgram("/bin/echo", settings)).stdout).toBe("a  b $HOME")
  })

  it("gives nothing to read on stdin", async () => {
    expect((await run("cat; echo end")).stdout).toBe("end\n")
  })

  it.each([
    ["true", undefined],
    ["exit 44", "ended with exit code 44"],
    ["kill -9 $$", "was ended by SIGKILL"],
  ])("says how it ended: %s", async (command, failure) => {
    expect((await run(command)).failure).toBe(failure)
  })

  it("says that it could not be started", async () => {
    expect((await run("true", { shell: "/nowhere/sh" })).failure).toBe("could not be started")
  })

  it("keeps what was printed before the time was over, and does not wait for what it started", async () => {
    const { stdout, failure } = await run("echo early; sleep 5 | sleep 5", { timeout: 300 })
    expect([stdout, failure]).toEqual(["early\n", "did not end within 0.3 s"])
  })

  it("keeps about a million characters of more output", async () => {
    const { stdout, failure } = await run("yes | head -c 5000000")
    expect(failure).toBeUndefined()
    expect(stdout.length).toBeGreaterThanOrEqual(1_000_000)
    expect(stdout.length).toBeLessThan(1_200_000)
  })

  it("ends with the reason of the signal that ends it, also if that came before the start", async () => {
    const [early, late] = [new AbortController(), new AbortController()]
    early.abort("too early")
    await expect(run("sleep 30", { signals: [late.signal, early.signal] })).rejects.toBe("too early")
    const running = run("sleep 30", { signals: [late.signal] })
    late.abort("too late")
    await expect(running).rejects.toBe("too late")
  })
})
