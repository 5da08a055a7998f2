import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { keepSeenRoles } from "../../../src/aws/keep-seen-roles.ts"
import { readSeenRoles } from "../../../src/aws/seen-roles.ts"
import type { Options } from "../../../src/options/options.ts"
import { Home } from "../../support/program.ts"
import { role } from "../../support/role.ts"

const now = Date.parse("2026-11-23T12:00:00Z")
const options = {
  accountNames: true,
  idpUrl: new URL("https://federation.visma.com/adfs"),
  username: "adm\\Dev_aly",
} as Options
const elsewhere = { ...options, idpUrl: new URL("https://adfs.visma.net/adfs") }
const roles = [role("095344953043 Admin")]

async function homeThatHasSeen(): Promise<{ home: string; file: string }> {
  const home = new Home().path
  await keepSeenRoles(roles, "adm\\dev_aly", options, { home, now })
  return { home, file: join(home, ".aws/pum-aws/roles.json") }
}

const replaceByLink = (path: string) => {
  renameSync(path, `${path}.elsewhere`)
  symlinkSync(`${path}.elsewhere`, path)
}

it("are those of this user at this identity provider, until they are 30 days old", async () => {
  const { home } = await homeThatHasSeen()
  expect(readSeenRoles(options, { home, now })).toEqual([{ account: "095344953043", role: "Admin" }])
  expect(readSeenRoles(elsewhere, { home, now })).toEqual([])
  expect(readSeenRoles({ ...options, username: "adm\\other" }, { home, now })).toEqual([])
  expect(readSeenRoles(options, { home, now: now + 31 * 86_400_000 })).toEqual([])
  expect(readSeenRoles(options, { home, now: now - 31 * 86_400_000 })).toEqual([])
})

it.each<[string, (path: string) => void]>([
  ["a symbolic link", replaceByLink],
  ["writable by its group", path => chmodSync(path, 0o620)],
  ["writable by all", path => chmodSync(path, 0o602)],
  ["in a folder that all may write to", path => chmodSync(join(path, ".."), 0o777)],
  ["no JSON", path => writeFileSync(path, "{")],
  ["of another shape", path => writeFileSync(path, '{"version":1,"entries":[{"idp":1}]}')],
])("are not read from a file that is %s", async (_, plant) => {
  const { home, file } = await homeThatHasSeen()
  plant(file)
  expect(readSeenRoles(options, { home, now })).toEqual([])
})

it("of one user stay when another one signs in; without a name they are those of all", async () => {
  const { home } = await homeThatHasSeen()
  await keepSeenRoles([role("039882259752 View")], "adm\\dev_bob", options, { home, now })
  const namesFor = (username: string | undefined) =>
    readSeenRoles({ ...options, username } as Options, { home, now }).map(seen => seen.role)
  expect([namesFor("adm\\dev_aly"), namesFor("adm\\dev_bob"), namesFor(undefined)]).toEqual([
    ["Admin"],
    ["View"],
    ["Admin", "View"],
  ])
})

it("leave a file of a later version as it is", async () => {
  const { home, file } = await homeThatHasSeen()
  const later = '{"version":2,"roles":"in another way"}'
  writeFileSync(file, later)
  await keepSeenRoles(roles, "adm\\dev_aly", options, { home, now })
  expect(readFileSync(file, "utf8")).toBe(later)
})

it("are not kept where that is impossible, without a word", async () => {
  const home = new Home().path
  mkdirSync(join(home, ".aws"), { recursive: true })
  writeFileSync(join(home, ".aws/pum-aws"), "")
  await keepSeenRoles(roles, "adm\\dev_aly", options, { home, now })
  expect(readSeenRoles(options, { home, now })).toEqual([])
})
