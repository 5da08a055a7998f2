// Speed and size, each beside its goal, as ratios within one run:
// npm run bench [-- --against FOLDER] [--node PATH]… [words of the rows to run]
// FOLDER is another checkout of pum-aws, built, that is measured in turn with this one. PATH is another Node.js.
import { rmSync } from "node:fs"
import { resolve } from "node:path"
import { startWorld, type World, type WorldOptions } from "../test/emulators/world.ts"
import { type Row, runRow, type Verdict } from "./bench/measure.ts"
import {
  costlyPageRows,
  costRows,
  largeFileRows,
  lastKeyRow,
  menuRow,
  severalRow,
  twentyRoles,
  wholeRunByOther,
  wholeRunRow,
} from "./bench/rows.ts"
import { folder, user } from "./bench/sign-ins.ts"
import { keptRows, runtimeOf, sizeRow, startUpRows } from "./bench/start-up.ts"

const words = process.argv.slice(2)

/** Takes every `name value` out of the words. */
function takeOption(name: string): string[] {
  const values: string[] = []
  for (let at = words.indexOf(name); at >= 0; at = words.indexOf(name))
    values.push(...words.splice(at, 2).slice(1))
  return values
}

const programs = [".", ...takeOption("--against")].map(checkout => resolve(checkout, "bin/pum-aws"))
const runtimes = [process.execPath, ...takeOption("--node")].map(runtimeOf)
const isWanted = ({ what }: Row) => words.every(word => what.includes(word))
/** Milliseconds: the whole benchmark takes less than 6 minutes, if need be with fewer rounds. */
const deadline = performance.now() + 300_000
const verdicts: Verdict[] = []
const misses: string[] = []

async function run(rows: readonly Row[]): Promise<void> {
  for (const row of rows.filter(isWanted)) {
    const verdict = await runRow(row, programs, deadline)
    verdicts.push(verdict)
    if (verdict === "missed") misses.push(row.what)
  }
}

/** Runs rows against servers that are there for these rows only. */
async function runIn(options: WorldOptions, rows: (world: World) => readonly Row[]): Promise<void> {
  const roles = ["arn:aws:iam::585848786654:role/AdministratorAccess"]
  const world = await startWorld({ ...options, adfs: { users: [user], roles, ...options.adfs } })
  const wanted = rows(world)
  if (wanted.some(isWanted)) {
    await world.warmUp()
    await run(wanted)
  }
  await world.close()
}

const distance = { roundTripMs: 50 }
const passwordOnly = { secondFactors: [], afterPassword: "redirect" } as const
const others = runtimes.slice(1)

await run([sizeRow])
for (const runtime of runtimes) await run(startUpRows(runtime))
if ((await keptRows([], runtimes)).some(isWanted)) await run(await keptRows(programs, runtimes))
await runIn(distance, world => [lastKeyRow(world, "direct"), lastKeyRow(world, "proxy")])
await runIn({ ...distance, adfs: passwordOnly }, world => [
  wholeRunRow(world, "direct"),
  wholeRunRow(world, "proxy"),
  ...others.map(other => wholeRunByOther(world, other)),
])
await runIn({ ...distance, adfs: { roles: twentyRoles } }, world => [
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
  ...costRows(world),
  ...costlyPageRows(world),
  ...largeFileRows(world, 5_000, { ms: 150, mb: 100 }),
  ...largeFileRows(world, 100_000, { ms: 1_500, mb: 450 }),
])

rmSync(folder, { recursive: true, force: true })
const met = verdicts.filter(verdict => verdict === "met").length
console.log(`\n${met} of ${met + misses.length} goals met, in ${(performance.now() / 1000).toFixed(0)} s`)
for (const miss of misses) console.log(`missed: ${miss}`)
process.exit(misses.length === 0 ? 0 : 1)
