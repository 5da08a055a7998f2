import { chownSync, mkdirSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { lockAll } from "../../../src/files/lock.ts"
import { checkReplaceable, readUserFile, replaceFiles } from "../../../src/files/replace-files.ts"
import { updateFiles } from "../../../src/files/update-files.ts"
import { type Home, newHome } from "../../support/aws-home.ts"

const fileOf = (home: Home, name: string) => ({ path: home.path(name), shown: `~/${name}` })
const read = (home: Home, name: string) => readUserFile(fileOf(home, name))
const yes = () => true

describe("reading", () => {
  it.each(["", "\n", "a\r\nb\rc", "\ufeffæ😀\u0000", "\ufffd"])(
    "gives the text whose bytes are the file's: %j",
    text => {
      const home = newHome({ f: text })
      expect(Buffer.from(read(home, "f").text ?? "?")).toEqual(Buffer.from(text))
    },
  )

  it.each([
    ["\xff", 1],
    ["a\nb\n\xc3", 3],
    ["a\r\nb\r\n\xe6\r\nc", 3],
    ["a\rb\r\xed\xa0\x80", 3],
    ["a\n\xc3\n\xa6", 2],
  ])("says which line is not UTF-8: %j", (bytes, line) => {
    const home = newHome()
    home.write("f", Buffer.from(bytes, "latin1"))
    expect(() => read(home, "f")).toThrow(`cannot use ~/f: line ${line} is not valid UTF-8`)
  })
})

describe("replacing several files", () => {
  const start = () => {
    const home = newHome({ "d/one": "1", "d/two": "2" })
    const names = ["d/one", "d/two", "d/three"]
    const replacements = names.map(name => ({ before: read(home, name), text: `new ${name}` }))
    const texts = () => names.map(name => read(home, name).text)
    return { home, replacements, texts }
  }
  const temporary = (name: string) => `d/.${name}.pum-aws.tmp`
  const expectNone = (home: Home) =>
    expect(
      ["one", "two", "three"].map(name => statSync(home.path(temporary(name)), { throwIfNoEntry: false })),
    ).toEqual([undefined, undefined, undefined])

  it("does all", () => {
    const { home, replacements, texts } = start()
    expect(replaceFiles(replacements, yes)).toBe(true)
    expect(texts()).toEqual(["new d/one", "new d/two", "new d/three"])
    expectNone(home)
  })

  it.each([
    ["one", ["1", "2", undefined]],
    ["two", ["1", "2", undefined]],
    ["three", ["1", "2", undefined]],
  ])("gives the earlier ones their old bytes back when the rename of %s fails", (name, before) => {
    const { home, replacements, texts } = start()
    const sabotage = () => {
      rmSync(home.path(temporary(name)), { force: true })
      return true
    }
    expect(() => replaceFiles(replacements, sabotage)).toThrow(
      expect.objectContaining({
        code: "file",
        message: `cannot write ~/d/${name}: a folder of its path is not there`,
      }),
    )
    expect(texts()).toEqual(before)
    expectNone(home)
  })

  it("removes a file that was new when a later rename fails", () => {
    const { home, replacements, texts } = start()
    const sabotage = () => {
      rmSync(home.path(temporary("one")), { force: true })
      return true
    }
    expect(() => replaceFiles(replacements.toReversed(), sabotage)).toThrow(/d\/one/)
    expect(texts()).toEqual(["1", "2", undefined])
    expectNone(home)
  })

  it("does nothing once the lock is lost, and leaves the new owner's files alone", () => {
    const { home, replacements, texts } = start()
    expect(replaceFiles(replacements, () => false)).toBe(false)
    expect(texts()).toEqual(["1", "2", undefined])
    expect(home.read(temporary("one"))).toBe("new d/one")
  })

  it.each([
    ["written", (home: Home) => writeFileSync(home.path("d/two"), "theirs"), "theirs"],
    [
      "written with as many bytes",
      (home: Home) => {
        writeFileSync(home.path("d/two"), "3")
        utimesSync(home.path("d/two"), 1, 1)
      },
      "3",
    ],
    ["removed", (home: Home) => unlinkSync(home.path("d/two")), undefined],
  ])("does nothing when one was %s since it was read", (_, meddle, left) => {
    const { home, replacements, texts } = start()
    meddle(home)
    expect(replaceFiles(replacements, yes)).toBe(false)
    expect(texts()).toEqual(["1", left, undefined])
    expectNone(home)
  })

  it("does nothing when one has appeared since", () => {
    const { home, replacements, texts } = start()
    home.write("d/three", "theirs")
    expect(replaceFiles(replacements, yes)).toBe(false)
    expect(texts()).toEqual(["1", "2", "theirs"])
    expectNone(home)
  })

  it("makes them private, and leaves them to their owner", () => {
    const { home, replacements } = start()
    home.write("d/one", "1", 0o644)
    const me = process.getuid?.() ?? 0
    const owner = me === 0 ? 65534 : me
    chownSync(home.path("d/one"), owner, me === 0 ? 65534 : (process.getgid?.() ?? 0))
    expect(replaceFiles([{ before: read(home, "d/one"), text: "new" }, ...replacements.slice(2)], yes)).toBe(
      true,
    )
    expect([home.mode("d/one"), home.mode("d/three")]).toEqual(["600", "600"])
    expect(statSync(home.path("d/one")).uid).toBe(owner)
  })
})

describe("updating files", () => {
  it("starts anew when a program without our lock writes in between", async () => {
    const home = newHome({ f: "0" })
    const seen: (string | undefined)[] = []
    await updateFiles([fileOf(home, "f")], ([text]) => {
      seen.push(text)
      if (seen.length === 2) home.write("f", "theirs")
      return [`${text} and ours`]
    })
    expect(home.read("f")).toBe("theirs and ours")
    expect(seen).toEqual(["0", "0", "theirs", "theirs"])
  })

  it("gives up when a file changes all the time", async () => {
    const home = newHome({ f: "0" })
    let writes = 0
    const updating = updateFiles([fileOf(home, "f")], ([text]) => {
      home.write("f", `theirs ${++writes}`)
      return [`${text} and ours`]
    })
    await expect(updating).rejects.toMatchObject({
      code: "file",
      message: "cannot write ~/f: another program keeps changing it",
    })
    expect(home.read("f")).toBe(`theirs ${writes}`)
  })

  it("locks a file that turns out to need a change only now", async () => {
    const home = newHome({ "d/one": "1", "d/two": "2" })
    let calls = 0
    await updateFiles([fileOf(home, "d/one"), fileOf(home, "d/two")], () =>
      ++calls === 1 ? ["new", undefined] : ["new", "new"],
    )
    expect([home.read("d/one"), home.read("d/two")]).toEqual(["new", "new"])
  })

  it("passes errors of the change on, with nothing changed and no lock left", async () => {
    const home = newHome({ f: "0" })
    let calls = 0
    const updating = updateFiles([fileOf(home, "f")], () => {
      if (++calls === 2) throw new Error("refused")
      return ["new"]
    })
    await expect(updating).rejects.toThrow("refused")
    expect([home.read("f"), statSync(home.path("f.lock"), { throwIfNoEntry: false })]).toEqual([
      "0",
      undefined,
    ])
  })
})

describe("a lock", () => {
  it("is ours until somebody takes it over, and then it is theirs", async () => {
    const home = newHome({ f: "0" })
    const locks = await lockAll([read(home, "f")], 100)
    expect(locks.intact()).toBe(true)
    rmSync(home.path("f.lock"), { recursive: true })
    expect(locks.intact()).toBe(false)
    mkdirSync(home.path("f.lock"))
    expect(locks.intact()).toBe(false)
    await locks.release()
    expect(statSync(home.path("f.lock")).isDirectory()).toBe(true)
  })

  it("that is taken in part is given back when the rest cannot be had", async () => {
    const home = newHome({ a: "", b: "", "b.lock/x": "" })
    await expect(lockAll([read(home, "b"), read(home, "a")], 100)).rejects.toMatchObject({
      code: "file",
      message: expect.stringMatching(/^cannot write ~\/b: another process/),
    })
    expect(statSync(home.path("a.lock"), { throwIfNoEntry: false })).toBeUndefined()
  })

  it("keeps the reason why it cannot be had", async () => {
    const home = newHome({ "b.lock": "a file" })
    utimesSync(home.path("b.lock"), 1, 1)
    await expect(lockAll([read(home, "b")], 100)).rejects.toMatchObject({
      code: "file",
      message: "cannot lock ~/b: a part of its path is a file, not a folder",
    })
  })
})

describe("whether a file may be written is known beforehand", () => {
  it.each(["d/e/f", "g"])("nothing is made for %s", name => {
    const home = newHome()
    expect(() => checkReplaceable(read(home, name))).not.toThrow()
    expect(statSync(home.path("d"), { throwIfNoEntry: false })).toBeUndefined()
  })
})
