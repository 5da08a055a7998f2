import { chownSync, readdirSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs"
import { basename } from "node:path"
import { describe, expect, it, onTestFinished, vi } from "vitest"
import { replaceFiles } from "../../../src/files/replace-files.ts"
import { type Home, newHome, readIn } from "../../support/aws-home.ts"
import { failFirst, patchFs, systemError } from "../../support/patched-fs.ts"

const yes = () => true

function start() {
  const home = newHome({ "d/one": "1", "d/two": "2" })
  const names = ["d/one", "d/two", "d/three"]
  const replacements = names.map(name => ({ before: readIn(home, name), text: `new ${name}` }))
  const texts = () => names.map(name => readIn(home, name).text)
  return { home, replacements, texts }
}
const temporaryEnd = ".tmp"
/** Temporary files of this file. */
const temporaries = (home: Home, name: string) =>
  readdirSync(home.path("d")).filter(one => one.startsWith(`.${name}.pum-aws`) && one.endsWith(temporaryEnd))
const expectNone = (home: Home) =>
  expect(["one", "two", "three"].flatMap(name => temporaries(home, name))).toEqual([])
/** Renames onto this file fail. */
const failRenames = (name: string, times: number, code: string) => {
  let failures = 0
  patchFs("renameSync", real => (...args) => {
    if (String(args[1]).endsWith(`d/${name}`) && failures < times) {
      failures++
      throw systemError(code, "rename")
    }
    return real(...args)
  })
}

describe("replacing several files", () => {
  it("does all", async () => {
    const { home, replacements, texts } = start()
    expect(await replaceFiles(replacements, yes)).toBe(true)
    expect(texts()).toEqual(["new d/one", "new d/two", "new d/three"])
    expectNone(home)
  })

  it.each([
    ["one", ["1", "2", undefined]],
    ["two", ["1", "2", undefined]],
    ["three", ["1", "2", undefined]],
  ])("gives the earlier ones their old bytes back when the rename of %s fails", async (name, before) => {
    const { home, replacements, texts } = start()
    failRenames(name, 1, "ENOENT")
    await expect(replaceFiles(replacements, yes)).rejects.toThrow(
      expect.objectContaining({
        code: "file",
        message: `cannot write ~/d/${name}: a folder of its path is not there`,
      }),
    )
    expect(texts()).toEqual(before)
    expectNone(home)
  })

  it("removes a file that was new when a later rename fails", async () => {
    const { home, replacements, texts } = start()
    failRenames("one", 1, "EACCES")
    await expect(replaceFiles(replacements.toReversed(), yes)).rejects.toThrow(/d\/one/)
    expect(texts()).toEqual(["1", "2", undefined])
    expectNone(home)
  })

  it("does nothing once the lock is lost, and leaves the new owner's files alone", async () => {
    const { home, replacements, texts } = start()
    const theirs = ["d/.one.pum-aws.tmp", "d/.one.pum-aws-theirs.tmp"]
    for (const name of theirs) home.write(name, "theirs")
    expect(await replaceFiles(replacements, () => false)).toBe(false)
    expect(texts()).toEqual(["1", "2", undefined])
    expect(theirs.map(home.read)).toEqual(["theirs", "theirs"])
    expect(temporaries(home, "one")).toHaveLength(2)
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
  ])("does nothing when one was %s since it was read", async (_, meddle, left) => {
    const { home, replacements, texts } = start()
    const { ctimeMs } = statSync(home.path("d/one"))
    meddle(home)
    expect(await replaceFiles(replacements, yes)).toBe(false)
    expect([...texts(), statSync(home.path("d/one")).ctimeMs]).toEqual(["1", left, undefined, ctimeMs])
    expectNone(home)
  })

  it("does nothing when one has appeared since", async () => {
    const { home, replacements, texts } = start()
    home.write("d/three", "theirs")
    expect(await replaceFiles(replacements, yes)).toBe(false)
    expect(texts()).toEqual(["1", "2", "theirs"])
    expectNone(home)
  })

  it("makes them private, and leaves them to their owner", async () => {
    const { home, replacements } = start()
    home.write("d/one", "1", 0o644)
    const me = process.getuid?.() ?? 0
    const owner = me === 0 ? 65534 : me
    chownSync(home.path("d/one"), owner, me === 0 ? 65534 : (process.getgid?.() ?? 0))
    expect(
      await replaceFiles([{ before: readIn(home, "d/one"), text: "new" }, ...replacements.slice(2)], yes),
    ).toBe(true)
    expect([home.mode("d/one"), home.mode("d/three")]).toEqual(["600", "600"])
    expect(statSync(home.path("d/one")).uid).toBe(owner)
  })
})

describe("each file reaches the disk before it takes its place, and then its folder does", () => {
  it("in this order", async () => {
    const { replacements } = start()
    const names = new Map<unknown, string>()
    const events: string[] = []
    const path = (name: unknown) =>
      basename(String(name)).replace(/^\.(\w+)\.pum-aws-[\w-]+\.tmp$/, "temporary $1")
    patchFs("openSync", real => (...args) => {
      const handle = real(...args)
      names.set(handle, path(args[0]))
      return handle
    })
    for (const name of ["writeFileSync", "fsyncSync", "closeSync"] as const)
      patchFs(name, real => (...args) => {
        events.push(`${name} ${names.get(args[0])}`)
        return real(...args)
      })
    patchFs("renameSync", real => (...args) => {
      events.push(`renameSync ${path(args[0])}`)
      return real(...args)
    })
    await replaceFiles(replacements.slice(0, 2), yes)
    const written = (name: string) =>
      ["writeFileSync", "fsyncSync", "closeSync"].map(call => `${call} temporary ${name}`)
    expect(events).toEqual([
      ...written("one"),
      ...written("two"),
      "renameSync temporary one",
      "renameSync temporary two",
      "fsyncSync d",
      "closeSync d",
    ])
  })

  it("a folder that cannot be synced is no failure", async () => {
    const { home, replacements, texts } = start()
    failFirst("openSync", 1, { end: home.path("d"), code: "EISDIR" })
    expect(await replaceFiles(replacements, yes)).toBe(true)
    expect(texts()).toEqual(["new d/one", "new d/two", "new d/three"])
  })
})

describe("a file that another program has open (Windows)", () => {
  const wait = { platform: "win32", openPatience: 10_000 } as const
  const isBusy = (name: string, times = Number.POSITIVE_INFINITY, code = "EPERM") =>
    failRenames(name, times, code)

  it.each(["EPERM", "EACCES", "EBUSY"])("is replaced once it is free: %s", async code => {
    const { home, replacements, texts } = start()
    isBusy("two", 3, code)
    expect(await replaceFiles(replacements, yes, wait)).toBe(true)
    expect(texts()).toEqual(["new d/one", "new d/two", "new d/three"])
    expectNone(home)
  })

  it("does not block the event loop, and is asked about again only while the locks are ours", async () => {
    const { replacements, texts } = start()
    isBusy("two")
    let turns = 0
    const turning = setInterval(() => turns++, 10)
    expect(await replaceFiles(replacements, () => turns < 20, wait)).toBe(false)
    clearInterval(turning)
    // The new holder has read the first one as it is.
    expect(texts()).toEqual(["new d/one", "2", undefined])
  })

  it("and that it changes meanwhile: nothing is changed", async () => {
    const { home, replacements, texts } = start()
    isBusy("two")
    setTimeout(() => home.write("d/two", "theirs"), 150)
    expect(await replaceFiles(replacements, yes, wait)).toBe(false)
    expect(texts()).toEqual(["1", "theirs", undefined])
    expectNone(home)
  })

  it("for too long: that is said, with nothing changed", async () => {
    const { home, replacements, texts } = start()
    isBusy("two")
    await expect(replaceFiles(replacements, yes, { ...wait, openPatience: 250 })).rejects.toMatchObject({
      code: "file",
      message: "cannot write ~/d/two: another program holds it open",
      hint: "close that program, then run this again",
    })
    expect(texts()).toEqual(["1", "2", undefined])
    expectNone(home)
  })

  it("is waited for 10 seconds", async () => {
    vi.useFakeTimers({ toFake: ["performance"] })
    onTestFinished(() => void vi.useRealTimers())
    const { replacements } = start()
    let tries = 0
    patchFs("renameSync", () => () => {
      tries++
      vi.advanceTimersByTime(999)
      throw systemError("EBUSY")
    })
    await expect(replaceFiles(replacements, yes, { platform: "win32" })).rejects.toThrow("holds it open")
    expect(tries).toBe(11)
  })

  it("elsewhere the rename fails at once", async () => {
    const { replacements, texts } = start()
    isBusy("two")
    await expect(replaceFiles(replacements, yes, { platform: "linux" })).rejects.toMatchObject({
      message: "cannot write ~/d/two: permission denied",
    })
    expect(texts()).toEqual(["1", "2", undefined])
  })

  it("for too long, and so is the one before it by then: the reason is said all the same", async () => {
    const { replacements } = start()
    isBusy("two")
    setTimeout(() => isBusy("one"), 100)
    await expect(replaceFiles(replacements, yes, { ...wait, openPatience: 250 })).rejects.toMatchObject({
      message: "cannot write ~/d/two: another program holds it open",
    })
  })

  it("while the process exits: nothing is changed", async () => {
    const { home, replacements, texts } = start()
    isBusy("three")
    const listeners = process.listeners("exit")
    const replacing = replaceFiles(replacements, yes, { ...wait, openPatience: 300 })
    await new Promise(resolve => setImmediate(resolve))
    expect(texts()).toEqual(["new d/one", "new d/two", undefined])
    const [atExit] = process.listeners("exit").filter(one => !listeners.includes(one))
    atExit?.(130)
    expect(texts()).toEqual(["1", "2", undefined])
    expectNone(home)
    await expect(replacing).rejects.toThrow("holds it open")
  })
})

describe("a process that stood still while another took over its locks", () => {
  it.each(["one", "two"])(
    "and that goes on right before the rename of %s, leaves the files to it",
    async name => {
      const { home, replacements, texts } = start()
      let isOurs = true
      patchFs("renameSync", real => (...args) => {
        if (isOurs && String(args[1]).endsWith(`d/${name}`)) {
          isOurs = false
          rmSync(home.path(`d/${temporaries(home, name)}`))
          for (const file of ["d/one", "d/two"]) home.write(file, "theirs")
        }
        return real(...args)
      })
      expect(await replaceFiles(replacements, () => isOurs)).toBe(false)
      expect(texts()).toEqual(["theirs", "theirs", undefined])
    },
  )

  it("and that goes on right before it makes its temporary file, does not rename that", async () => {
    const { home, replacements, texts } = start()
    let isOurs = true
    patchFs("openSync", real => (...args) => {
      if (isOurs) {
        isOurs = false
        home.write("d/.one.pum-aws-theirs.tmp", "theirs")
      }
      return real(...args)
    })
    expect(await replaceFiles(replacements.slice(0, 1), () => isOurs)).toBe(false)
    expect(texts()).toEqual(["1", "2", undefined])
    expect(temporaries(home, "one")).toEqual([".one.pum-aws-theirs.tmp"])
  })

  it("does not take back a new file either, which the other has read by then", async () => {
    const { replacements, texts } = start()
    let isOurs = true
    patchFs("renameSync", real => (...args) => {
      const result = real(...args)
      isOurs = false
      return result
    })
    expect(await replaceFiles(replacements.toReversed(), () => isOurs)).toBe(false)
    expect(texts()).toEqual(["1", "2", "new d/three"])
  })

  it("and that then fails, starts again: what it met was the other's doing", async () => {
    const { replacements, texts } = start()
    let isOurs = true
    patchFs("renameSync", real => (...args) => {
      if (!String(args[1]).endsWith("d/two")) return real(...args)
      isOurs = false
      throw systemError("EACCES", "rename")
    })
    expect(await replaceFiles(replacements, () => isOurs, { platform: "linux" })).toBe(false)
    expect(texts()).toEqual(["new d/one", "2", undefined])
  })

  it("and then removes the temporary file of that one, does not make it fail: it starts again", async () => {
    const { home, replacements, texts } = start()
    const removing = vi.fn(() => {
      for (const one of temporaries(home, "two")) rmSync(home.path(`d/${one}`))
      return true
    })
    expect(await replaceFiles(replacements, removing)).toBe(false)
    expect(removing).toHaveBeenCalled()
    expect(texts()).toEqual(["1", "2", undefined])
    expectNone(home)
  })
})
