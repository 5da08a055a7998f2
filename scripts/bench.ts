// Speed and size, each as a ratio within one run beside its goal:
// npm run bench [-- --against FOLDER] [-- words of the rows to run]
// FOLDER is another checkout of pum-aws, built, that is measured in turn with this one.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { startWorld, type World, type WorldOptions } from "../test/emulators/world.ts"
import { type Row, runRow } from "./bench/measure.ts"
import {
  bareNode,
  environmentOf,
  folder,
  roundTrips,
  typedSignIn,
  usedBy,
  user,
  type Way,
  wholeRun,
} from "./bench/sign-ins.ts"
import { keptRows, sizeRow, startUpRows } from "./bench/start-up.ts"

const admin = "arn:aws:iam::585848786654:role/AdministratorAccess"
const distance = { roundTripMs: 50 }

const words = process.argv.slice(2)
const at = words.indexOf("--against")
const other = at < 0 ? [] : words.splice(at, 2).slice(1)
const programs = [".", ...other].map(checkout => resolve(checkout, "bin/pum-aws"))
const [ours = ""] = programs
const isWanted = ({ what }: Row) => words.every(word => what.includes(word))

let met = 0
let measured = 0
async function run(rows: readonly Row[]): Promise<void> {
  for (const row of rows.filter(isWanted)) {
    measured++
    if (await runRow(row, programs)) met++
  }
}

/** Runs rows against servers that are there for these rows only. */
async function runIn(options: WorldOptions, rows: (world: World) => readonly Row[]): Promise<void> {
  const world = await startWorld({ ...options, adfs: { users: [user], roles: [admin], ...options.adfs } })
  const wanted = rows(world)
  if (wanted.some(isWanted)) {
    await world.warmUp()
    await run(wanted)
  }
  await world.close()
}

const lastKeyRow = (world: World, way: Way): Row => ({
  what: `last key until the files are written, ${way}, servers 50 ms away`,
  unit: "× three round trips",
  goal: 1.15,
  rounds: 9,
  async measure(program) {
    const { adfs, sts } = await roundTrips(world, way)
    const { lastKey, stored } = await typedSignIn(program, world, environmentOf(world, way))
    const beside = stored - lastKey - 2 * adfs - sts
    return { value: (stored - lastKey) / (2 * adfs + sts), note: `${beside.toFixed(0)} ms beside them` }
  },
})

const wholeRunRow = (world: World, way: Way): Row => ({
  what: `whole run with the answers on stdin, ${way}, servers 50 ms away`,
  unit: "× node -e 0 and its round trips",
  goal: 1.35,
  rounds: 9,
  async measure(program) {
    const started = performance.now()
    bareNode({})
    const bare = performance.now() - started
    const { firstPage, adfs, sts } = await roundTrips(world, way)
    const took = await wholeRun({ program, world, way, args: [], profiles: 1 })
    return took / (bare + firstPage + 2 * adfs + sts)
  },
})

const cpuRow = (world: World): Row => ({
  what: "CPU time of a whole run with the answers on stdin",
  unit: "× node -e 0",
  goal: 9,
  rounds: 5,
  async measure(program) {
    const bare = await usedBy(bareNode)
    const used = await usedBy(env =>
      wholeRun({ program, world, way: "direct", args: [], profiles: 1, env: { ...env } }),
    )
    return { value: used.cpu / bare.cpu, note: `${used.cpu.toFixed(0)} ms` }
  },
})

const memoryRow = (world: World): Row => ({
  what: "peak memory of a sign-in",
  unit: "× node -e 0",
  goal: 1.9,
  rounds: 3,
  async measure(program) {
    const bare = await usedBy(bareNode)
    const used = await usedBy(env => typedSignIn(program, world, { ...world.env, ...env }))
    return used.peakMemory / bare.peakMemory
  },
})

const menuRow = (world: World, count: number, goal: number): Row => ({
  what: `menu of ${count} roles after the assertion arrives`,
  unit: "ms",
  goal,
  rounds: 5,
  async measure(program) {
    const { menu } = await typedSignIn(program, world, world.env)
    return (menu ?? Number.NaN) - world.adfs.lastAnswerAt
  },
})

const twenty = Array.from({ length: 20 }, (_, index) => `P${index + 10}`)
const severalRow = (world: World, way: Way): Row => ({
  what: `20 profiles, same sign-in, ${way}, servers 50 ms away`,
  unit: "× one profile",
  goal: 1.3,
  rounds: 7,
  async measure(program) {
    const one = await wholeRun({ program, world, way, args: ["--role", "P10-Admin"], profiles: 1 })
    world.distance.sts.forget()
    const args = ["--profiles", twenty.join()]
    const value = (await wholeRun({ program, world, way, args, profiles: 20 })) / one
    return { value, note: `${world.distance.sts.connections()} connections to STS` }
  },
})

/** A home whose credentials file holds this many profiles of other tools. */
function homeWith(profiles: number): string {
  const home = mkdtempSync(join(folder, "home-"))
  mkdirSync(join(home, ".aws"))
  const text = (index: number) =>
    `[other-${index}]\naws_access_key_id = ASIA${index}\naws_secret_access_key = ${"s".repeat(40)}\naws_session_token = ${"t".repeat(300)}\n\n`
  writeFileSync(join(home, ".aws/credentials"), Array.from({ length: profiles }, (_, i) => text(i)).join(""))
  return home
}

/** What a large credentials file costs: wall time and memory beside those of an empty one. */
const largeFileRows = (world: World, count: number, goals: { ms: number; mb: number }): Row[] => {
  const runWith = (program: string, profiles: number, env = {}) =>
    wholeRun({ program, world, way: "direct", args: [], profiles: 1, home: homeWith(profiles), env })
  return [
    {
      what: `${count} profiles in the credentials file`,
      unit: "ms more than an empty file",
      goal: goals.ms,
      rounds: 3,
      measure: async program => (await runWith(program, count)) - (await runWith(program, 0)),
    },
    {
      what: `memory for ${count} profiles in the credentials file`,
      unit: "MB",
      goal: goals.mb,
      rounds: 1,
      measure: async program => (await usedBy(env => runWith(program, count, env))).peakMemory / 1000,
    },
  ]
}

await run(startUpRows())
await run(await keptRows(ours))
await runIn(distance, world => [lastKeyRow(world, "direct"), lastKeyRow(world, "proxy")])
const passwordOnly = { secondFactors: [], afterPassword: "redirect" } as const
await runIn({ ...distance, adfs: passwordOnly }, world => [
  wholeRunRow(world, "direct"),
  wholeRunRow(world, "proxy"),
])
const several = twenty.map((name, index) => `arn:aws:iam::${585_848_786_000 + index}:role/${name}-Admin`)
await runIn({ ...distance, adfs: { roles: several } }, world => [
  severalRow(world, "direct"),
  severalRow(world, "proxy"),
])
for (const [count, goal] of [
  [500, 50],
  [2000, 130],
] as const) {
  const roles = Array.from(
    { length: count },
    (_, index) => `arn:aws:iam::${String(100_000_000_000 + index * 7919)}:role/Role${index}`,
  )
  await runIn({ adfs: { roles } }, world => [menuRow(world, count, goal)])
}
await runIn({ adfs: passwordOnly }, world => [
  ...largeFileRows(world, 5_000, { ms: 150, mb: 100 }),
  ...largeFileRows(world, 100_000, { ms: 3_000, mb: 800 }),
  cpuRow(world),
  memoryRow(world),
])
await run([sizeRow])

rmSync(folder, { recursive: true, force: true })
console.log(`\n${met} of ${measured} goals met`)
process.exit(met === measured ? 0 : 1)
