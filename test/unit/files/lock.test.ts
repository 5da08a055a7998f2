import { once } from "node:events"
import {
  type BigIntStats,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs"
import { createServer } from "node:net"
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { type Lock, lockAll, tryToLock } from "../../../src/files/lock.ts"
import { checkLockable } from "../../../src/files/lock-folder.ts"
import { Sightings } from "../../../src/files/sightings.ts"
import { fileIn, type Home, newHome, readIn } from "../../support/aws-home.ts"
import { type FsName, failFirst, patchFs, systemError } from "../../support/patched-fs.ts"

const day = 24 * 3600_000
const resolved = (home: Home, name = "f") => ({ file: fileIn(home, name), target: home.path(name) })

/** What happens to the time of a folder whose maker was killed, without waiting for it. */
function age(home: Home, ...names: string[]): void {
  const past = new Date(Date.now() - 10_000)
  for (const name of names) utimesSync(home.path(name), past, past)
}

function staleLock(...more: string[]): Home {
  const home = newHome({ f: "" })
  const names = ["f.lock", ...more]
  for (const name of names) mkdirSync(home.path(name))
  age(home, ...names)
  return home
}

async function listen(path: string): Promise<void> {
  const server = createServer()
  onTestFinished(() => void server.close())
  await once(server.listen(path), "listening")
}

const remaining = (home: Home) => readdirSync(home.folder).filter(name => name !== "f")

async function lock(home: Home): Promise<Lock> {
  const lock = await tryToLock(resolved(home))
  if (lock === undefined) throw new Error("it is held")
  return lock
}

describe("a lock", () => {
  it("is ours until somebody takes it over, and then it is theirs", async () => {
    const home = newHome({ f: "0" })
    const locks = await lockAll([readIn(home, "f")], 100)
    expect(locks.intact()).toBe(true)
    rmSync(home.path("f.lock"), { recursive: true })
    expect(locks.intact()).toBe(false)
    mkdirSync(home.path("f.lock"))
    expect(locks.intact()).toBe(false)
    await locks.release()
    expect(statSync(home.path("f.lock")).isDirectory()).toBe(true)
  })

  it("is not ours after a takeover within one tick of the file system's clock either", async () => {
    const home = newHome()
    const taken = await lock(home)
    const { mtimeMs } = statSync(home.path("f.lock"))
    rmdirSync(home.path("f.lock"))
    mkdirSync(home.path("f.lock"))
    utimesSync(home.path("f.lock"), mtimeMs / 1000, Math.floor(mtimeMs) / 1000)
    expect(taken.intact()).toBe(false)
  })

  it("is not ours after a takeover at the very moment in which it is touched", async () => {
    const home = newHome()
    let touches = 0
    patchFs("utimesSync", real => (...args) => {
      const result = real(...args)
      if (++touches === 1) {
        rmdirSync(home.path("f.lock"))
        mkdirSync(home.path("f.lock"))
        const theirs = Number(args[1]) + 0.0003
        real(args[0], theirs, theirs)
      }
      return result
    })
    expect(await tryToLock(resolved(home))).toBeUndefined()
  })

  it.each([1, 1000, 2000])("is ours on a file system that keeps times to %i ms only", async precision => {
    const home = newHome()
    patchFs("statSync", real => (...args) => {
      const stats = real(...args) as BigIntStats
      stats.mtimeNs -= stats.mtimeNs % BigInt(precision * 1_000_000)
      return stats
    })
    expect((await lock(home)).intact()).toBe(true)
  })

  it("is removed when it is released, and then not ours any more", async () => {
    const home = newHome()
    const released = await lock(home)
    await released.release()
    expect([remaining(home), released.intact()]).toEqual([[], false])
    const next = await lock(home)
    await released.release()
    expect([next.intact(), released.intact()]).toEqual([true, false])
  })

  it("that cannot be touched is given back", async () => {
    const home = newHome()
    failFirst("utimesSync", 1, { end: "f.lock", code: "EACCES" })
    await expect(tryToLock(resolved(home), undefined, "linux")).rejects.toMatchObject({
      message: "cannot lock ~/f: permission denied",
    })
    expect(remaining(home)).toEqual([])
  })

  it("of another process that ends after the last try is still the reason", async () => {
    const home = newHome()
    mkdirSync(home.path("f.lock"))
    let looks = 0
    patchFs(
      "lstatSync",
      real =>
        (...args) =>
          ++looks > 1 ? undefined : real(...args),
    )
    await expect(lockAll([resolved(home)], -1)).rejects.toMatchObject({
      message: "cannot write ~/f: another process holds its lock",
    })
  })

  it("that is taken in part is given back when the rest cannot be had", async () => {
    const home = newHome({ a: "", b: "" })
    mkdirSync(home.path("b.lock"))
    await expect(lockAll([readIn(home, "b"), readIn(home, "a")], 100)).rejects.toMatchObject({
      code: "file",
      message: expect.stringMatching(/^cannot write ~\/b: another process/),
    })
    expect(statSync(home.path("a.lock"), { throwIfNoEntry: false })).toBeUndefined()
  })

  it("of a folder that does not exist is refused with the reason", async () => {
    await expect(tryToLock(resolved(newHome(), "d/f"))).rejects.toMatchObject({
      code: "file",
      message: "cannot lock ~/d/f: a folder of its path is not there",
    })
  })
})

describe("something else in the lock's place is named at once", () => {
  it.each([
    ["a file", "is a file", (home: Home) => home.write("f.lock", "")],
    [
      "a link that leads nowhere",
      "is a symbolic link",
      (home: Home) => symlinkSync("nowhere", home.path("f.lock")),
    ],
    ["a link to a folder", "is a symbolic link", (home: Home) => symlinkSync(".", home.path("f.lock"))],
    [
      "a folder that is not empty",
      "is a folder that is not empty",
      (home: Home) => home.write("f.lock/x", ""),
    ],
    ["a socket", "is no folder", (home: Home) => listen(home.path("f.lock"))],
  ])("%s", async (_, words, put) => {
    const home = newHome({ f: "" })
    await put(home)
    const refusal = {
      code: "file",
      message: `cannot lock ~/f: ~/f.lock ${words}`,
      hint: "move it away: in its place pum-aws makes an empty folder, its lock",
    }
    await expect(lockAll([resolved(home)], 60_000)).rejects.toMatchObject(refusal)
    await expect(tryToLock(resolved(home))).rejects.toMatchObject(refusal)
    expect(() => checkLockable(resolved(home))).toThrow(expect.objectContaining(refusal))
  })

  it("by its full path where a link leads to the file", async () => {
    const home = newHome({ "d/f.lock": "" })
    symlinkSync("d/f", home.path("f"))
    const message = `cannot lock ~/f: ${home.path("d/f.lock")} is a file`
    await expect(lockAll([readIn(home, "f")], 100)).rejects.toMatchObject({ message })
  })

  it("also where a stale lock is to be taken over", async () => {
    const home = staleLock()
    home.write("f.lock.next", "")
    await expect(tryToLock(resolved(home))).rejects.toMatchObject({
      message: "cannot lock ~/f: ~/f.lock.next is a file",
    })
  })
})

describe("a stale lock", () => {
  it("is taken over, and is ours then", async () => {
    const home = staleLock()
    expect((await lock(home)).intact()).toBe(true)
    expect(remaining(home)).toEqual(["f.lock"])
  })

  it("is taken over although a process was killed while it did the same", async () => {
    const home = staleLock("f.lock.next")
    const locks = await lockAll([resolved(home)], 1000)
    expect([locks.intact(), remaining(home)]).toEqual([true, ["f.lock"]])
  })

  it("is not taken over while another process does that", async () => {
    const home = staleLock()
    mkdirSync(home.path("f.lock.next"))
    expect(await tryToLock(resolved(home))).toBeUndefined()
    expect(remaining(home)).toEqual(["f.lock", "f.lock.next"])
  })

  it("is taken over where the system does not replace folders", async () => {
    const home = staleLock()
    patchFs("renameSync", real => (...args) => {
      if (existsSync(String(args[1]))) throw systemError("EPERM", "rename")
      return real(...args)
    })
    expect((await lock(home)).intact()).toBe(true)
    expect(remaining(home)).toEqual(["f.lock"])
  })

  it("is not taken over by a process that stood still meanwhile: another has done that", async () => {
    const home = staleLock()
    let theirs: number | undefined
    patchFs("renameSync", real => (...args) => {
      rmdirSync(home.path("f.lock.next"))
      rmdirSync(home.path("f.lock"))
      mkdirSync(home.path("f.lock"))
      theirs = statSync(home.path("f.lock")).ctimeMs
      return real(...args)
    })
    expect(await tryToLock(resolved(home))).toBeUndefined()
    expect([statSync(home.path("f.lock")).ctimeMs, remaining(home)]).toEqual([theirs, ["f.lock"]])
  })

  /** Calls `meddle` right before the call of this number that `tryToLock` makes to the file system. */
  function lockWhile() {
    let countdown = 0
    let meddle = () => {}
    for (const name of [
      "mkdirSync",
      "lstatSync",
      "readdirSync",
      "statSync",
      "renameSync",
      "rmdirSync",
      "utimesSync",
    ] as const)
      patchFs(name, real => (...args) => {
        if (--countdown === 0) meddle()
        return real(...args)
      })
    return (home: Home, at: number, newMeddle: () => void) => {
      countdown = at
      meddle = newMeddle
      const trying = tryToLock(resolved(home))
      const hasMeddled = countdown <= 0
      countdown = 0
      return { trying, hasMeddled }
    }
  }

  const isStale = (home: Home) => Date.now() - statSync(home.path("f.lock")).mtimeMs > 5000

  it.each([
    ["locks", []],
    ["locks and releases", ["release"]],
    ["locks and releases, and a third locks", ["release", "third"]],
  ])("is never held by two: one tries, and before any call that it makes another %s", async (_, then) => {
    const lockWhileMeddling = lockWhile()
    let calls = 0
    for (let isOver = false; !isOver; calls++) {
      const home = staleLock()
      const others: Promise<Lock | undefined>[] = []
      const { trying, hasMeddled } = lockWhileMeddling(home, calls + 1, () => {
        const wasStale = isStale(home)
        const other = tryToLock(resolved(home))
        const isTaken = wasStale && !isStale(home)
        if (isTaken && then.includes("release")) rmdirSync(home.path("f.lock"))
        else others.push(other)
        if (then.includes("third")) others.push(tryToLock(resolved(home)))
      })
      const locks = (await Promise.all([trying, ...others])).filter(one => one !== undefined)
      // One that finds the lock released in the middle tries again.
      if (locks.length === 0 && then.length === 1) locks.push(await lock(home))
      expect({ calls, intact: locks.map(one => one.intact()) }).toEqual({ calls, intact: [true] })
      await locks[0]?.release()
      expect(remaining(home)).toEqual([])
      isOver = !hasMeddled
    }
    expect(calls).toBeGreaterThan(10)
  })
})

describe("the heartbeat", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] }))
  afterEach(() => void vi.useRealTimers())

  it("keeps a lock from getting stale", async () => {
    const home = newHome()
    const held = await lock(home)
    for (let seconds = 0; seconds < 20; seconds++) {
      vi.advanceTimersByTime(1000)
      expect(await tryToLock(resolved(home))).toBeUndefined()
    }
    expect([held.intact(), held.lost.aborted]).toEqual([true, false])
    await held.release()
    expect(vi.getTimerCount()).toBe(0)
  })

  it("finds that the lock was taken over, tells so once, and leaves it alone", async () => {
    const home = newHome()
    const held = await lock(home)
    age(home, "f.lock")
    const other = await lock(home)
    expect(held.lost.aborted).toBe(false)
    vi.advanceTimersByTime(1000)
    expect([held.lost.aborted, held.intact(), other.intact()]).toEqual([true, false, true])
    expect(vi.getTimerCount()).toBe(1)
    await held.release()
    vi.advanceTimersByTime(3000)
    expect([other.intact(), other.lost.aborted]).toEqual([true, false])
  })

  it("finds that the lock was removed", async () => {
    const home = newHome()
    const held = await lock(home)
    rmdirSync(home.path("f.lock"))
    vi.advanceTimersByTime(1000)
    expect(held.lost.aborted).toBe(true)
  })

  it.each<FsName>(["statSync", "utimesSync"])("goes on after a %s that fails", async name => {
    const home = newHome()
    const held = await lock(home)
    failFirst(name, 2, { end: "f.lock", code: "EIO" })
    vi.advanceTimersByTime(10_000)
    expect([held.lost.aborted, held.intact()]).toEqual([false, true])
    expect(await tryToLock(resolved(home))).toBeUndefined()
  })
})

/** All orders of these. */
function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map(rest => [item, ...rest]))
}

describe("a clock that is set", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] }))
  afterEach(() => void vi.useRealTimers())

  /** No heartbeat any more. Sets the clock back to when the test began, too. */
  const killHolders = () => vi.clearAllTimers()
  const setBy = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds)
  const events = ["forward", "back", "a second passes", "another tries", "another tries"]

  it("never gives a lock to two, and keeps none from being taken over: every order", async () => {
    for (const order of orders(events.map((event, at) => ({ event, at })))) {
      // Folders get the real time, which has gone on.
      vi.setSystemTime(vi.getRealSystemTime())
      const home = newHome()
      const locks = [await lock(home)]
      for (const { event } of order) {
        if (event === "forward") setBy(day)
        else if (event === "back") setBy(-day)
        else if (event === "a second passes") vi.advanceTimersByTime(1000)
        else {
          // Two that lock at one and the same time could set the same one: a double has 4,096 within a millisecond.
          setBy(1)
          locks.push(...[await tryToLock(resolved(home))].filter(one => one !== undefined))
        }
        expect({ order, intact: locks.filter(one => one.intact()).length }).toEqual({ order, intact: 1 })
      }
      const later = Date.now() + 5000
      killHolders()
      vi.setSystemTime(later)
      expect({ order, lock: await tryToLock(resolved(home)) }).not.toEqual({ order, lock: undefined })
      rmSync(home.folder, { recursive: true })
    }
  })

  it("takes no lock from a person who is asked: every order", async () => {
    for (const order of orders([day, -day, day, -day])) {
      const home = newHome()
      let now = 0
      const sightings = new Sightings(() => now)
      const look = async () => {
        vi.advanceTimersByTime(200)
        now += 200
        return tryToLock(resolved(home), sightings)
      }
      const held = await lock(home)
      for (const jump of order) {
        setBy(jump)
        for (let looks = 0; looks < 30; looks++) expect(await look()).toBeUndefined()
      }
      expect([held.intact(), held.lost.aborted]).toEqual([true, false])
      killHolders()
      setBy(order[0] ?? 0)
      const killed = now
      let other = await look()
      while (other === undefined) other = await look()
      expect(now - killed).toBeGreaterThanOrEqual(4000)
      expect(now - killed).toBeLessThan(5000)
    }
  })
})

describe("locks that are watched", () => {
  it("are stale when they did not change for 4 s of looking", () => {
    let now = 0
    const sightings = new Sightings(() => now)
    const stale: number[] = []
    for (; now <= 10_000; now += 500) if (sightings.isStale("a", now < 2000 ? "x" : "y")) stale.push(now)
    expect(stale[0]).toBe(6000)
    expect(sightings.isStale("b", "y")).toBe(false)
  })

  it("are not stale because this process was suspended: it may have been so together with the holder", () => {
    let now = 0
    const sightings = new Sightings(() => now)
    const looks = [0, 500, 3600_000, 3600_500, 3601_000, 3602_000, 3603_000]
    const stale = looks.filter(at => {
      now = at
      return sightings.isStale("a", "x")
    })
    expect(stale).toEqual([3603_000])
  })
})

describe("Windows, while another process makes or removes the lock", () => {
  const wait = (home: Home, platform: NodeJS.Platform, patience = 30_000) =>
    lockAll([resolved(home)], patience, platform)

  it.each([
    ["EPERM", 1],
    ["EACCES", 1],
    ["EBUSY", 2],
    ["EPERM", 10],
    ["EPERM", 40],
  ])("mkdir answers %s %i times: it tries again", async (code, times) => {
    const home = newHome()
    failFirst("mkdirSync", times, { end: "f.lock", code })
    const locks = await wait(home, "win32")
    expect([locks.intact(), remaining(home)]).toEqual([true, ["f.lock"]])
  })

  it.each(["EPERM", "EACCES", "EBUSY"])("mkdir answers %s for good: the reason is said", async code => {
    const home = newHome()
    failFirst("mkdirSync", Number.POSITIVE_INFINITY, { end: "f.lock", code })
    const reason = code === "EBUSY" ? "another program holds it" : "permission denied"
    const refusal = { code: "file", message: `cannot lock ~/f: ${reason}` }
    await expect(wait(home, "win32", 300)).rejects.toMatchObject(refusal)
    expect(await tryToLock(resolved(home), undefined, "win32")).toBeUndefined()
    // Elsewhere it does not pass.
    await expect(wait(home, "linux")).rejects.toMatchObject(refusal)
    await expect(tryToLock(resolved(home), undefined, "linux")).rejects.toMatchObject(refusal)
  })

  it.each([
    ...["statSync", "rmdirSync", "renameSync", "utimesSync"].map(name => [name, "ENOENT", "linux"] as const),
    ...["rmdirSync", "renameSync"].map(name => [name, "ENOTEMPTY", "linux"] as const),
    ["statSync", "EPERM", "win32"] as const,
    ["utimesSync", "EBUSY", "win32"] as const,
  ])("%s answers %s (%s): it tries again", async (name, code, platform) => {
    const home = staleLock("f.lock.next")
    failFirst(name as FsName, 3, {
      end: name === "renameSync" || name === "rmdirSync" ? "f.lock.next" : "f.lock",
      code,
    })
    const locks = await wait(home, platform)
    expect([locks.intact(), remaining(home)]).toEqual([true, ["f.lock"]])
  })

  it("a lock that cannot be removed is no failure, and gets stale", async () => {
    const home = newHome()
    const held = await lock(home)
    failFirst("rmdirSync", 1, { end: "f.lock", code: "EBUSY" })
    await held.release()
    expect(await tryToLock(resolved(home))).toBeUndefined()
    age(home, "f.lock")
    expect((await lock(home)).intact()).toBe(true)
  })
})
