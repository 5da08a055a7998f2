import { PassThrough, Readable } from "node:stream"
import { describe, expect, it } from "vitest"
import { LineGate } from "../../../src/terminal/line-gate.ts"
import { TestScreen } from "../../support/screen.ts"

const turns = async (count = 20) => {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve))
}

/** What one question after the other reads, each ending with its first Enter. */
async function read(gate: LineGate, questions: number): Promise<string[]> {
  const answers: string[] = []
  for (let question = 0; question < questions; question++) {
    const { input, end } = gate.begin()
    let answer = ""
    input.on("data", part => {
      answer += part
      if (/[\r\n]/.test(part)) end()
    })
    await turns()
    end()
    answers.push(answer)
  }
  return answers
}

describe("the gate before the questions", () => {
  it("leaves the terminal's input as it was, however many questions there are", async () => {
    const source = new PassThrough()
    const counts = () => ["data", "end", "error"].map(event => source.listenerCount(event))
    const before = counts()
    await read(new LineGate(source, () => {}), 3)
    expect(counts()).toEqual(before)
  })

  it.each([
    [["user\rpassword\rcode\r"], ["user\r", "password\r", "code\r"]],
    [
      ["user\npass", "word\r\ncode"],
      ["user\n", "password\r\n", "code"],
    ],
    [
      ["us", "er", "\r"],
      ["user\r", "", ""],
    ],
    [[], ["", "", ""]],
  ])("gives each question one line of what was typed ahead: %j", async (chunks, answers) => {
    const source = new PassThrough()
    for (const chunk of chunks) source.write(chunk)
    expect(await read(new LineGate(source, () => {}), 3)).toEqual(answers)
  })

  it("gives a question that goes on after its first line the next one", async () => {
    const source = new PassThrough()
    const { input, end } = new LineGate(source, () => {}).begin()
    const parts: string[] = []
    input.on("data", part => parts.push(part))
    source.write("\rpassword\r")
    await turns(40)
    end()
    expect(parts).toEqual(["\r", "password\r"])
  })

  it.each([
    ["the kind of the terminal", "\x1b[?62;22c"],
    ["its name", "\x1bP>|xterm(390)\x1b\\"],
    ["its background", "\x1b]11;rgb:ffff/ffff/ffff\x07"],
    ["its background, otherwise ended", "\x1b]11;rgb:ffff/ffff/ffff\x1b\\"],
    ["its size", "\x1b[8;24;80t"],
    ["its keyboard", "\x1b[?1u"],
    ["its modes", "\x1b[?2026;2$y"],
    ["a click", "\x1b[M !!"],
    ["a click in a wide terminal", "\x1b[<0;110;10M"],
  ])("leaves out what the terminal sends by itself: %s", async (_, report) => {
    const source = new PassThrough()
    source.write(`ab${report}cd\r`)
    expect(await read(new LineGate(source, () => {}), 1)).toEqual(["abcd\r"])
  })

  it.each(["\x1b[A", "\x1b[1;5D", "\x1b[200~a\x1b[201~", "\x1bOP", "\x1bb", "\x1b[3~", "\x1b[97;5u"])(
    "passes keys on: %j",
    async key => {
      const source = new PassThrough()
      source.write(`${key}\r`)
      expect(await read(new LineGate(source, () => {}), 1)).toEqual([`${key}\r`])
    },
  )

  it("keeps no more than 64 kB", async () => {
    const source = new PassThrough({ highWaterMark: 1_000_000 })
    source.write("a".repeat(100_000))
    expect((await read(new LineGate(source, () => {}), 1))[0]).toHaveLength(65_536)
  })

  it("opens for one question at a time", () => {
    const gate = new LineGate(new PassThrough(), () => {})
    gate.begin()
    expect(() => gate.begin()).toThrow(RangeError)
  })

  it("reads keys, not lines, from the start: Windows loses a key while it changes over", async () => {
    const steps: string[] = []
    const source = new Readable({ read: () => void steps.push("read") })
    const keys = Object.assign(source, { setRawMode: (raw: boolean) => steps.push(`raw ${raw}`) })
    new LineGate(keys, () => {}).begin()
    await turns()
    expect(steps).toEqual(["raw true", "read"])
  })

  it("sets the terminal's own mode, and ends with its input", async () => {
    const modes: boolean[] = []
    const source = Object.assign(new PassThrough(), { setRawMode: (raw: boolean) => modes.push(raw) })
    const { input } = new LineGate(source, () => {}).begin()
    modes.length = 0
    const tty = input as unknown as { setRawMode(raw: boolean): unknown; isTTY: boolean; isRaw: boolean }
    tty.setRawMode(true)
    expect({ modes, isTTY: tty.isTTY, isRaw: tty.isRaw }).toEqual({
      modes: [true],
      isTTY: true,
      isRaw: false,
    })
    const ended = new Promise(resolve => input.resume().on("end", resolve))
    source.end()
    await ended
  })

  it("stops at Ctrl-Z, and passes on what is typed before and after it", async () => {
    const source = new PassThrough()
    const seen: string[] = []
    const { input } = new LineGate(source, () => seen.push("stop")).begin()
    input.on("data", part => seen.push(part))
    source.write("pass\x1aword\rcode\x1a")
    await turns(60)
    expect(seen.sort()).toEqual(["code", "pass", "stop", "stop", "word\r"].sort())
  })
})

it("control keys of no use go into no answer", async () => {
  const screen = new TestScreen()
  const answer = screen.prompts.askSecret({ message: "Domain password:" })
  await screen.press("\x1d", "a", "\x1e", "b", "\x1d\x1e", "\r")
  expect(await answer).toBe("ab")
})

describe("Ctrl-U at a hidden password", () => {
  it.each([["\x1b[D"], ["\x01"], ["\x1b[H"]])(
    "leaves nothing of it behind a cursor that was moved by %j, and cannot be seen",
    async move => {
      const screen = new TestScreen()
      const answer = screen.prompts.askSecret({ message: "Domain password:" })
      await screen.press(..."wrong", move, "\x15", ..."right", "\r")
      expect(await answer).toBe("right")
    },
  )

  it("is said to be kept after Ctrl-Z and fg, in lines that are broken between words", async () => {
    const screen = new TestScreen({ columns: 40 })
    const answer = screen.prompts.askSecret({ message: "Domain password:" })
    await screen.press("a")
    process.emit("SIGCONT")
    await screen.press("b", "\r")
    expect(await answer).toBe("ab")
    expect(screen.raw).toContain("(what you typed is kept: go on, or begin\n  anew with Ctrl-U)\n")
  })

  it("erases up to the cursor where the line is shown, as a shell does", async () => {
    const screen = new TestScreen()
    const answer = screen.prompts.ask({ message: "User:" })
    await screen.press(..."xaly", "\x1b[D", "\x1b[D", "\x1b[D", "\x15", "\r")
    expect(await answer).toBe("aly")
  })
})
