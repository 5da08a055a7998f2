import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs"
import { createRequire } from "node:module"
import { basename, join } from "node:path"
import { Script } from "node:vm"
import { afterEach, describe, expect, it, vi } from "vitest"
import { keepCode } from "../../../src/code-cache/keep.ts"
import { keptContent, undamagedCode } from "../../../src/code-cache/kept-code.ts"
import { loaderOf } from "../../../src/code-cache/load.ts"
import { patchFs } from "../../support/patched-fs.ts"
import { tempHome } from "../../support/temp-home.ts"

afterEach(() => void vi.restoreAllMocks())

const own = createRequire(import.meta.url)
let sources = 0
/** Each text once: V8 knows what it has compiled in this process, and does not look at kept code for it. */
const sourceOf = (value: string) => `exports.value = "${value}" // ${1000 + sources++}`
const one = 'exports.value = "one"'

interface Start {
  readonly env?: Readonly<Record<string, string>>
  readonly file?: string
  readonly use?: string
  readonly binary?: string
  readonly execArgv?: readonly string[]
  /** Happens between start and end. */
  readonly meanwhile?: () => void
  readonly exitCode?: number
}

/** A home with the folder of this program in it, and a dist/ of its own. */
class Machine {
  readonly home = tempHome()
  readonly dist = join(this.home, "dist")
  readonly folder = join(this.home, ".aws/pum-aws/code")
  readonly binary = join(this.home, "node")

  constructor(files: Readonly<Record<string, string>>) {
    mkdirSync(join(this.home, ".aws/pum-aws"), { recursive: true, mode: 0o700 })
    mkdirSync(this.dist)
    writeFileSync(this.binary, "a build of Node.js")
    utimesSync(this.binary, 7, 7)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.dist, name), text)
  }

  /** One process: loads a file, and ends. */
  start({ env = {}, file = "a.js", use, exitCode = 0, ...more }: Start = {}): unknown {
    const { version, arch, platform } = process
    let atExit = (_: number) => {}
    const launched = {
      env: { HOME: this.home, USERPROFILE: this.home, ...env },
      version,
      arch,
      platform,
      execPath: more.binary ?? this.binary,
      execArgv: more.execArgv ?? [],
      on: (_: string, act: typeof atExit) => {
        atExit = act
      },
    } as unknown as NodeJS.Process
    const require = Object.assign(
      (name: string) =>
        name === join(this.dist, "keep.js") && existsSync(this.dist) ? { keepCode } : own(name),
      own,
    )
    const exports = loaderOf(launched, require, this.dist)(file, use)
    more.meanwhile?.()
    atExit(exitCode)
    return exports
  }

  kept(): string[] {
    try {
      return readdirSync(this.folder).sort()
    } catch {
      return []
    }
  }

  /** Of the only kept file. */
  get path(): string {
    return join(this.folder, this.kept()[0] ?? "")
  }

  /** What the only kept file says behind the source: which Node.js compiled it. */
  identity(): Buffer {
    const content = readFileSync(this.path)
    const source = readFileSync(join(this.dist, "a.js"))
    return content.subarray(content.lastIndexOf(source) + source.length)
  }

  /** Changes the only file, and keeps for it the code of another one, which shows only if kept code is run. */
  keepOther(padding = ""): void {
    const identity = this.identity()
    const source = sourceOf("one") + padding
    writeFileSync(join(this.dist, "a.js"), source)
    const script = new Script(`(function(exports,require,module){${sourceOf("two")}${padding}\n})`)
    script.runInThisContext()
    const origin = Buffer.concat([Buffer.from(source), identity])
    writeFileSync(this.path, keptContent(script.createCachedData(), origin), { mode: 0o600 })
  }
}

const used = { value: "two" }
const unused = { value: "one" }

function machineThatKept(): Machine {
  const machine = new Machine({ "a.js": one })
  machine.start()
  machine.keepOther()
  return machine
}

describe("a start", () => {
  it("runs each file once, also if two ask for each other", () => {
    const machine = new Machine({
      "a.js": 'exports.name = "a"; exports.b = require("./b.js"); exports.path = require("node:path")',
      "b.js": 'exports.a = require("./a.js"); exports.sum = (exports.sum ?? 0) + 1',
    })
    const a = machine.start() as { name: string; b: { a: unknown; sum: number }; path: { join: unknown } }
    expect([a.name, a.b.sum, a.path.join]).toEqual(["a", 1, join])
    expect(a.b.a).toBe(a)
  })

  it("takes what `module.exports` is set to", () => {
    expect(new Machine({ "a.js": "module.exports = 7" }).start()).toBe(7)
  })

  it("gives an error the place that it has in the file, also with kept code", () => {
    const machine = new Machine({ "a.js": "exports.stack = new Error().stack" })
    for (const _ of ["compiled", "kept"])
      expect(machine.start()).toEqual({ stack: expect.stringContaining(`${machine.dist}/a.js:1:17`) })
  })

  it("runs the code that the start before has kept, and keeps nothing again", () => {
    const machine = machineThatKept()
    const { mtimeNs } = statSync(machine.path, { bigint: true })
    expect(machine.start()).toEqual(used)
    expect(statSync(machine.path, { bigint: true }).mtimeNs).toBe(mtimeNs)
  })

  it("keeps what it found as well if it missed another file", () => {
    const machine = new Machine({ "a.js": one, "b.js": 'exports.a = require("./a.js")' })
    machine.start()
    const { ino } = statSync(machine.path)
    machine.start({ file: "b.js" })
    expect(machine.kept().map(name => name.slice(-4))).toEqual(["a.js", "b.js"])
    expect(statSync(machine.path).ino).not.toBe(ino)
  })

  it.each([
    ["builds of Node.js", { binary: join(import.meta.dirname, "load.test.ts") }],
    ["flags of V8 in NODE_OPTIONS", { env: { NODE_OPTIONS: "--stack-size=900" } }],
    ["flags of V8 on the command line", { execArgv: ["--stack-size=900"] }],
  ])("keeps nothing again if two %s alternate", (_, other: Start) => {
    const machine = new Machine({ "a.js": one })
    machine.start()
    const { ino } = statSync(machine.path)
    machine.start(other)
    const kept = machine.kept()
    expect(kept).toHaveLength(2)
    expect(kept.map(name => statSync(join(machine.folder, name)).ino)).toContain(ino)
  })

  it("keeps nothing again if two copies of one Node.js alternate", () => {
    const machine = new Machine({ "a.js": one })
    const binary = join(machine.home, "copy")
    cpSync(machine.binary, binary, { preserveTimestamps: true })
    machine.start()
    const { ino } = statSync(machine.path)
    machine.start({ binary })
    const kept = machine.kept().map(name => statSync(join(machine.folder, name)).ino)
    expect([kept.length, kept.includes(ino)]).toEqual([2, true])
  })

  it("closes the file that it reads", () => {
    const machine = machineThatKept()
    const { path } = machine
    const events: string[] = []
    let held: unknown
    patchFs("openSync", open => (file, ...more) => {
      const handle = open(file, ...more)
      if (file === path) {
        held = handle
        events.push("opened")
      }
      return handle
    })
    patchFs("closeSync", close => handle => {
      if (handle === held) events.push("closed")
      close(handle)
    })
    expect(machine.start()).toEqual(used)
    expect(events).toEqual(["opened", "closed"])
  })

  it("leaves no temporary file if a kept one cannot be replaced", () => {
    const machine = machineThatKept()
    const { path } = machine
    rmSync(path)
    mkdirSync(path)
    machine.start()
    expect(machine.kept()).toEqual([basename(path)])
  })

  it("keeps a file for each use of it", () => {
    const machine = machineThatKept()
    expect(machine.start({ use: "answer" })).toEqual(unused)
    expect(machine.kept()).toEqual([
      expect.stringMatching(/--a\.js$/),
      expect.stringMatching(/-answer-a\.js$/),
    ])
  })

  it("keeps private files in a private folder, and no other", () => {
    const machine = new Machine({ "a.js": one })
    machine.start()
    expect(statSync(machine.folder).mode & 0o777).toBe(0o700)
    expect(statSync(machine.path).mode & 0o777).toBe(0o600)
    expect(machine.kept()).toEqual([
      expect.stringMatching(/^\d+\.\d+\.\d+-v\d+\.\d+\.\d+-\w+-18-7000-[\w.-]+--a\.js$/),
    ])
  })
})

describe("kept code is not run", () => {
  it("of another source, of the same length too", () => {
    const machine = machineThatKept()
    const source = sourceOf("ten")
    expect(source.length).toBe(statSync(join(machine.dist, "a.js")).size)
    writeFileSync(join(machine.dist, "a.js"), source)
    expect(machine.start()).toEqual({ value: "ten" })
  })

  it.each([
    ["another size", ({ binary }: Machine) => writeFileSync(binary, "another build")],
    ["another time", ({ binary }: Machine) => utimesSync(binary, 1, 1)],
  ])("of another build of the same Node.js: its binary has %s", (_, change) => {
    const machine = machineThatKept()
    change(machine)
    expect(machine.start()).toEqual(unused)
  })

  it("of another build that has the same size and time", () => {
    const machine = machineThatKept()
    const binary = join(machine.home, "other")
    cpSync(machine.binary, binary, { preserveTimestamps: true })
    expect(machine.start({ binary })).toEqual(unused)
  })

  it("with any byte of it damaged, on which V8 would end the process", () => {
    const origin = Buffer.from(one)
    const whole = keptContent(Buffer.from("what V8 compiled"), origin)
    expect(undamagedCode(whole, origin)?.toString()).toBe("what V8 compiled")
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole)
      damaged[at] = (whole[at] ?? 0) ^ 1
      expect({ at, code: undamagedCode(damaged, origin) }).toEqual({ at, code: undefined })
      expect({ at, code: undamagedCode(whole.subarray(0, at), origin) }).toEqual({ at, code: undefined })
    }
  })

  it.each([
    ["nothing", () => ""],
    ["half of itself", (text: Buffer) => text.subarray(0, text.length / 2)],
    ["zeros", (text: Buffer) => Buffer.alloc(text.length)],
    ["zeros at its end", (text: Buffer) => Buffer.from(text).fill(0, 100)],
    ["no code", (_: Buffer, origin: Buffer) => origin],
    ["code that V8 does not take", (_: Buffer, origin: Buffer) => keptContent(Buffer.from("code"), origin)],
  ])("if the file holds %s; then it is kept anew", (_, damage) => {
    const machine = machineThatKept()
    const whole = readFileSync(machine.path)
    const origin = Buffer.concat([readFileSync(join(machine.dist, "a.js")), machine.identity()])
    writeFileSync(machine.path, damage(whole, origin))
    expect(machine.start()).toEqual(unused)
    expect(undamagedCode(readFileSync(machine.path), origin)?.length).toBeGreaterThan(100)
  })

  it("if the file holds more than 5 MB", () => {
    const machine = machineThatKept()
    machine.keepOther(" ".repeat(4_900_000))
    expect(machine.start()).toEqual(used)
    machine.keepOther(" ".repeat(5_000_000))
    expect(machine.start()).toEqual(unused)
  })

  it.each([
    [
      "a link",
      ({ path }: Machine) => {
        renameSync(path, `${path}.else`)
        symlinkSync(`${path}.else`, path)
      },
    ],
    [
      "a folder",
      ({ path }: Machine) => {
        rmSync(path)
        mkdirSync(path)
      },
    ],
    ["changeable by the group", ({ path }: Machine) => chmodSync(path, 0o620)],
    ["in a folder that all can change", ({ folder }: Machine) => chmodSync(folder, 0o707)],
    [
      "in a folder that lies in one that all can change",
      ({ folder }: Machine) => chmodSync(join(folder, ".."), 0o707),
    ],
    [
      "in a folder that is a link",
      ({ folder }: Machine) => {
        renameSync(folder, `${folder}.else`)
        symlinkSync(`${folder}.else`, folder)
      },
    ],
    [
      "another user's",
      () => {
        vi.spyOn(process, "geteuid").mockReturnValue((process.geteuid?.() ?? 0) + 1)
      },
    ],
    [
      "another user's, and this one is root",
      ({ path }: Machine) => {
        if (process.geteuid?.() === 0) chownSync(path, 1, 1)
        else vi.spyOn(process, "geteuid").mockReturnValue(0)
      },
    ],
  ])("if the file is %s", (_, change) => {
    const machine = machineThatKept()
    change(machine)
    expect(machine.start({ exitCode: 1 })).toEqual(unused)
  })

  it.each(["NODE_DISABLE_COMPILE_CACHE", "NODE_V8_COVERAGE"])("with %s, nor is any kept", name => {
    expect(machineThatKept().start({ env: { [name]: "1" } })).toEqual(unused)
    const machine = new Machine({ "a.js": one })
    machine.start({ env: { [name]: "1" } })
    expect(machine.kept()).toEqual([])
  })
})

describe("nothing is kept", () => {
  it("by a run that failed", () => {
    const machine = new Machine({ "a.js": one })
    machine.start({ exitCode: 1 })
    expect(machine.kept()).toEqual([])
  })

  it("before a sign-in has made the folder of this program", () => {
    const machine = new Machine({ "a.js": one })
    rmSync(join(machine.home, ".aws"), { recursive: true })
    expect(machine.start()).toEqual(unused)
    expect(readdirSync(machine.home)).toEqual(["dist", "node"])
  })

  it.each([
    ["whose folder is a file", ({ folder }: Machine) => writeFileSync(folder, "mine")],
    [
      "whose folder all can change",
      ({ folder }: Machine) => {
        mkdirSync(folder)
        chmodSync(folder, 0o777)
      },
    ],
    [
      "if others can change the folder that it lies in",
      ({ folder }: Machine) => chmodSync(join(folder, ".."), 0o777),
    ],
    [
      "in another user's folder",
      () => {
        vi.spyOn(process, "geteuid").mockReturnValue((process.geteuid?.() ?? 0) + 1)
      },
    ],
  ])("%s, and the run succeeds", (_, change) => {
    const machine = new Machine({ "a.js": one })
    change(machine)
    expect(machine.start()).toEqual(unused)
    expect(machine.kept()).toEqual([])
  })

  it("while an update has removed the binary that runs", () => {
    const machine = new Machine({ "a.js": one })
    rmSync(machine.binary)
    expect(machine.start()).toEqual(unused)
    expect(machine.kept()).toEqual([])
  })

  it("if an update removes the program meanwhile, and the run succeeds", () => {
    const machine = new Machine({ "a.js": one })
    const meanwhile = () => rmSync(machine.dist, { recursive: true })
    expect(machine.start({ meanwhile })).toEqual(unused)
    expect(machine.kept()).toEqual([])
  })

  it("without a home", () => {
    const machine = new Machine({ "a.js": one })
    expect(machine.start({ env: { HOME: "", USERPROFILE: "" } })).toEqual(unused)
    expect(machine.kept()).toEqual([])
  })

  it("where NODE_COMPILE_CACHE names a folder that is relative to the current one", () => {
    const machine = new Machine({ "a.js": one })
    expect(machine.start({ env: { NODE_COMPILE_CACHE: "test" } })).toEqual(unused)
    expect([...machine.kept(), ...readdirSync("test").filter(name => name === "pum-aws")]).toEqual([])
  })
})

it("NODE_COMPILE_CACHE names another folder", () => {
  const machine = new Machine({ "a.js": one })
  const other = tempHome()
  machine.start({ env: { NODE_COMPILE_CACHE: other } })
  expect(machine.kept()).toEqual([])
  expect(readdirSync(join(other, "pum-aws"))).toHaveLength(1)
})

it("what was not made anew for 30 days is removed when something is kept, with what a killed run left", () => {
  const machine = new Machine({ "a.js": one, "b.js": one })
  machine.start()
  const daysAgo = (days: number) => Date.now() / 1000 - days * 24 * 3600
  for (const [name, days] of [
    ["0.0.9-a.js", 31],
    [".a.js.pum-aws-1-x.tmp", 31],
    ["0.1.1-a.js", 29],
  ] as const) {
    writeFileSync(join(machine.folder, name), "")
    utimesSync(join(machine.folder, name), daysAgo(days), daysAgo(days))
  }
  machine.start({ file: "b.js" })
  expect(machine.kept().map(name => name.replace(/^.*--/, ""))).toEqual(["a.js", "b.js", "0.1.1-a.js"])
})

it.each([
  ["a link that leads nowhere", (path: string) => symlinkSync(`${path}.else`, path)],
  [
    "a folder that is older than 30 days",
    (path: string) => {
      mkdirSync(path)
      utimesSync(path, 1, 1)
    },
  ],
])("code is kept beside %s", (_, make) => {
  const machine = new Machine({ "a.js": one, "b.js": one })
  machine.start()
  make(join(machine.folder, "0"))
  machine.start({ file: "b.js" })
  expect(machine.kept().map(name => name.replace(/^.*--/, ""))).toEqual(["0", "a.js", "b.js"])
})
