import {
  chmodSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { type Options, readOptions } from "../../../src/options/options.ts"
import { forgetSessions } from "../../../src/sessions/forget-sessions.ts"
import { keepSession } from "../../../src/sessions/keep-session.ts"
import { findKeptSession, listKeptSessions } from "../../../src/sessions/kept-sessions.ts"
import { removeOldFiles } from "../../../src/sessions/remove-old-files.ts"
import { patchFs } from "../../support/patched-fs.ts"
import { session, TestClock } from "../../support/sharing.ts"
import { tempHome } from "../../support/temp-home.ts"

const user = { id: "adm\\dev_aly", ownsItem: false }
const given = { profile: "prod", account: "5858", role: "Admin" }

function setUp() {
  const [home, clock] = [tempHome(), new TestClock()]
  const ignored: string[] = []
  const optionsOf = (more: object = {}, env = {}) =>
    readOptions({ wants: "run", given: { ...given, ...more }, command: undefined }, env, home)
  return {
    home,
    clock,
    ignored,
    folder: join(home, ".aws/pum-aws"),
    optionsOf,
    keep: (accessKeyId: string, options: Options = optionsOf(), minutes = 60) =>
      keepSession(session(clock, accessKeyId, minutes), options, [user], home),
    find: (options: Options = optionsOf(), who = user) =>
      findKeptSession(options, who, { home, now: clock.now(), onIgnored: what => ignored.push(what) })
        ?.accessKeyId,
  }
}

const onlyFile = (folder: string, end: string) =>
  join(folder, readdirSync(folder).find(name => name.endsWith(end)) ?? "")

it("a session that is kept while sessions are being forgotten is forgotten, too", async () => {
  const { home, folder, keep, find } = setUp()
  await keep("ASIA1")
  const files = readdirSync(folder).map(
    name => [join(folder, name), readFileSync(join(folder, name))] as const,
  )
  for (const [path] of files) rmSync(path)
  writeFileSync(join(folder, "prod-0123456789abcd.outcome"), "{}")
  patchFs("unlinkSync", remove => path => {
    // The sign-in has looked for its file just before.
    if (String(path).endsWith(".outcome")) for (const [name, text] of files) writeFileSync(name, text)
    return remove(path)
  })
  expect(forgetSessions(home, undefined)).toBe(1)
  expect([find(), readdirSync(folder)]).toEqual([undefined, []])
})

describe("two look-ups", () => {
  it("lead from a request to its role, and from the role to its newest session, whichever request renewed it", async () => {
    const { clock, optionsOf, keep, find } = setUp()
    await keep("ASIA1")
    clock.time += 10 * 60_000
    await keep("ASIA2", optionsOf({ profile: "other" }))
    expect([find(), find(optionsOf({ profile: "other" }))]).toEqual(["ASIA2", "ASIA2"])
  })

  it("forget the role when the request's session ends, though another request has a session of that role", async () => {
    const { clock, optionsOf, keep, find } = setUp()
    await keep("ASIA1")
    clock.time += 50 * 60_000
    await keep("ASIA2", optionsOf({ profile: "other" }))
    clock.time += 9 * 60_000
    expect(find()).toBe("ASIA2")
    clock.time += 60_000
    expect([find(), find(optionsOf({ profile: "other" }))]).toEqual([undefined, "ASIA2"])
  })

  it.each<[string, object, Record<string, string>, typeof user]>([
    ["profile", { profile: "other" }, {}, user],
    ["account as it was asked for", { account: "585848786654" }, {}, user],
    ["role as it was asked for", { role: "Adm" }, {}, user],
    ["duration", { duration: "2h" }, {}, user],
    ["sign-in page", { idpUrl: "https://login.example.com/" }, {}, user],
    ["STS", {}, { AWS_ENDPOINT_URL_STS: "https://localhost:4566/" }, user],
    ["user", {}, {}, { id: "adm\\other", ownsItem: false }],
  ])("do not lead to the session from another %s", async (_, more, env, who) => {
    const { optionsOf, keep, find } = setUp()
    await keep("ASIA1")
    expect([find(), find(optionsOf(more, env), who)]).toEqual(["ASIA1", undefined])
  })

  describe("take the account for the same", () => {
    const id = "585848786654"
    const isFound = async (mapping: string, kept: string, asked: string) => {
      const { home, optionsOf, keep, find } = setUp()
      writeFileSync(join(home, ".pum-aws"), `[account-mapping]\n${mapping}`)
      await keep("ASIA1", optionsOf({ account: kept }))
      return find(optionsOf({ account: asked })) !== undefined
    }

    it.each([
      ["by its alias", `${id} = prod`, "prod", id, true],
      ["by its id", `${id} = Prod`, id, "pROD", true],
      ["not by a part of the alias", `${id} = prod`, id, "pro", false],
      [
        "not by an alias that another one begins with",
        `${id} = prod\n095344953043 = prod-2`,
        id,
        "prod",
        false,
      ],
      ["not by digits, with which an id may begin", `${id} = 0953`, id, "0953", false],
    ])("%s", async (_, mapping, kept, asked, found) => {
      expect(await isFound(mapping, kept, asked)).toBe(found)
    })
  })

  it("lead to no older session, if the new one could not be kept", async () => {
    const { home, keep, find } = setUp()
    await keep("ASIA1")
    const folder = join(home, ".aws/pum-aws")
    const file = readdirSync(folder).find(name => name.endsWith(".json")) ?? ""
    renameSync(join(folder, file), join(folder, "aside"))
    mkdirSync(join(folder, file, "full"), { recursive: true })
    await expect(keep("ASIA2")).rejects.toThrow("cannot write")
    rmSync(join(folder, file), { recursive: true })
    renameSync(join(folder, "aside"), join(folder, file))
    expect(find()).toBeUndefined()
    await keep("ASIA3")
    expect(find()).toBe("ASIA3")
  })

  it("list the sessions of each profile once", async () => {
    const { home, optionsOf, keep } = setUp()
    await keep("ASIA1")
    await keep("ASIA2", optionsOf({ account: "585848786654" }))
    await keep("ASIA3", optionsOf({ profile: "other" }))
    expect(
      listKeptSessions(home).map(({ profile, session: { accessKeyId } }) => [profile, accessKeyId]),
    ).toEqual([
      ["other", "ASIA3"],
      ["prod", "ASIA3"],
    ])
  })
})

describe("files that are not ours", () => {
  const replaceByLink = (path: string) => {
    renameSync(path, `${path}.elsewhere`)
    symlinkSync(`${path}.elsewhere`, path)
  }
  const replaceByFolder = (path: string) => {
    renameSync(path, `${path}.elsewhere`)
    mkdirSync(path)
  }
  /** Only root can give files away. */
  const foreign: [string, string, (path: string) => void][] =
    process.getuid?.() === 0
      ? [["another user's", "it belongs to another user", path => lchownSync(path, 1234, 1234)]]
      : []

  it.each<[string, string, (path: string) => void]>([
    ["larger than any of ours", "it is too large", path => truncateSync(path, 1_000_001)],
    ["a symbolic link", "it is a symbolic link", replaceByLink],
    ["writable by its group", "it can be changed by other users", path => chmodSync(path, 0o620)],
    ["writable by all", "it can be changed by other users", path => chmodSync(path, 0o602)],
    ["a folder", "it is no regular file", replaceByFolder],
    ...foreign,
  ])("are refused, with the reason: %s", async (_, reason, plant) => {
    for (const end of [".request", ".json"]) {
      const { folder, ignored, keep, find } = setUp()
      await keep("ASIA1")
      const file = onlyFile(folder, end)
      plant(file)
      expect(find()).toBeUndefined()
      expect(ignored).toEqual([`~/.aws/pum-aws/${file.split("/").at(-1)}: ${reason}`])
    }
  })

  it.each<[string, string, (path: string) => void]>([
    ["a symbolic link", "it is a symbolic link", replaceByLink],
    ["writable by its group", "it can be changed by other users", path => chmodSync(path, 0o770)],
    ...foreign,
  ])("are neither read nor written in a folder that is %s", async (_, reason, plant) => {
    const { folder, ignored, keep, find } = setUp()
    await keep("ASIA1")
    plant(folder)
    expect(find()).toBeUndefined()
    expect(ignored).toEqual([expect.stringContaining(reason.replace("it ", "its folder "))])
    const before = readdirSync(folder).map(name => readFileSync(join(folder, name), "utf8"))
    await expect(keep("ASIA2")).rejects.toThrow(`cannot use ~/.aws/pum-aws: ${reason}`)
    expect(readdirSync(folder).map(name => readFileSync(join(folder, name), "utf8"))).toEqual(before)
  })
})

describe("files of other versions", () => {
  it("are left alone if they are later ones, and not used", async () => {
    for (const end of [".request", ".json"]) {
      const { home, clock, folder, ignored, keep, find } = setUp()
      await keep("ASIA1")
      const file = onlyFile(folder, end)
      const later = readFileSync(file, "utf8").replace('"version":1', '"version":2')
      writeFileSync(file, later)
      expect([find(), ignored]).toEqual([undefined, []])
      await expect(keep("ASIA2")).rejects.toThrow("a later version of pum-aws wrote it")
      clock.time += 72 * 3600_000
      removeOldFiles(home, clock)
      expect(readFileSync(file, "utf8")).toBe(later)
    }
  })

  it("are removed if version 0.1 wrote them, and nothing else is", async () => {
    const { home, clock, folder, keep } = setUp()
    await keep("ASIA1")
    const ours = readdirSync(folder)
    const old = {
      "default-00c0ffee00c0ff.json": '{"key":"k","profile":"default","session":{}}',
      "default-00c0ffee00c0ff.outcome": '{"key":"k"}',
      "default-00c0ffee00c0ff.refusal": '{"key":"k"}',
      "accounts.json": '{"585848786654":{"name":"Prod","asked":"2029-12-31T00:00:00Z"}}',
    }
    const others = { "notes.json": '{"key":"mine"}', "notes-00c0ffee00c0ff.json": "[1]", "x.txt": "{}" }
    for (const [name, text] of Object.entries({ ...old, ...others })) writeFileSync(join(folder, name), text)
    removeOldFiles(home, clock)
    expect(readdirSync(folder).sort()).toEqual([...ours, ...Object.keys(others)].sort())
  })
})
