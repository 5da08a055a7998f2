// The rows that take sign-ins at the emulators.
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { World } from "../../test/emulators/world.ts"
import type { Row } from "./measure.ts"
import {
  bareNode,
  environmentOf,
  newHome,
  roundTrips,
  typedSignIn,
  usedBy,
  type Way,
  wholeRun,
  workOfServers,
} from "./sign-ins.ts"
import type { Runtime } from "./start-up.ts"

/** The round trips include the servers' own work, as for reading an assertion: the program cannot be faster. */
export const lastKeyRow = (world: World, way: Way): Row => ({
  what: `last key until the files are written, ${way}, servers 50 ms away`,
  unit: "× three round trips",
  goal: 1.15,
  rounds: 7,
  async measure(program) {
    const { adfs, sts } = await roundTrips(world, way)
    let took = Number.NaN
    const { cpu } = await usedBy(async env => {
      const { lastKey, stored } = await typedSignIn(program, world, { ...environmentOf(world, way), ...env })
      took = stored - lastKey
    })
    const needed = 2 * adfs + sts + workOfServers(world, 2, 1)
    return { value: took / needed, cpu, note: `${(took - needed).toFixed(0)} ms beside them` }
  },
})

export const wholeRunRow = (world: World, way: Way): Row => ({
  what: `whole run with the answers on stdin, ${way}, servers 50 ms away`,
  unit: "× node -e 0 and its round trips",
  goal: 1.35,
  rounds: 7,
  async measure(program) {
    const started = performance.now()
    bareNode(environmentOf(world, way))
    const bare = performance.now() - started
    const { firstPage, adfs, sts } = await roundTrips(world, way)
    let took = Number.NaN
    const { cpu } = await usedBy(async env => {
      took = await wholeRun({ program, world, way, args: [], profiles: 1, env })
    })
    const needed = bare + firstPage + 2 * adfs + sts + workOfServers(world, 2, 1)
    return { value: took / needed, cpu, note: `${(took - needed).toFixed(0)} ms beside them` }
  },
})

/** A later Node.js does less before it begins: it is to take no more time than the one that runs the benchmark. */
export const wholeRunByOther = (world: World, { node, version }: Runtime): Row => ({
  what: `whole run with the answers on stdin, direct, servers 50 ms away, Node.js ${version}`,
  unit: `× the same by ${process.version}`,
  goal: 1,
  rounds: 7,
  async measure(program) {
    const runBy = (node: string) => wholeRun({ program, world, way: "direct", args: [], profiles: 1, node })
    return { value: (await runBy(node)) / (await runBy(process.execPath)) }
  },
})

/** What a run costs, servers being near. */
export const costRows = (world: World): Row[] => [
  {
    what: "CPU time of a whole run with the answers on stdin",
    unit: "× node -e 0",
    goal: undefined,
    rounds: 5,
    async measure(program) {
      const bare = await usedBy(env => bareNode({ ...environmentOf(world, "direct"), ...env }))
      const used = await usedBy(env =>
        wholeRun({ program, world, way: "direct", args: [], profiles: 1, env: { ...env } }),
      )
      return { value: used.cpu / bare.cpu, cpu: used.cpu }
    },
  },
  {
    what: "peak memory of a sign-in",
    unit: "× node -e 0",
    goal: 1.9,
    rounds: 3,
    async measure(program) {
      const bare = await usedBy(env => bareNode({ ...environmentOf(world, "proxy"), ...env }))
      const used = await usedBy(env =>
        typedSignIn(program, world, { ...environmentOf(world, "proxy"), ...env }),
      )
      return { value: used.peakMemory / bare.peakMemory, note: `${(used.peakMemory / 1000).toFixed(0)} MB` }
    },
  },
]

const costlyPages: Readonly<Record<string, string>> = {
  "100,000 nested elements": "<div>".repeat(100_000),
  "3,000 forms": "<form><input name=x></form>".repeat(3_000),
  "a script of arrows":
    '<form method="post"><input type="hidden" name="AuthMethod" value="A"></form>' +
    `<script>x=${"a=>".repeat(60_000)}1</script>`,
}

/** CPU time of the whole process, its start included, that meets such a page instead of the login page. */
export const costlyPageRows = (world: World): Row[] =>
  Object.entries(costlyPages).map(([name, body]) => ({
    what: `CPU time of a run that ends at a costly page: ${name}`,
    unit: "ms",
    goal: 1_000,
    rounds: 3,
    async measure(program) {
      world.adfs.faults.switchOn("login page", { kind: "answer", status: 200, body })
      try {
        const { cpu } = await usedBy(env =>
          wholeRun({ program, world, way: "direct", args: [], profiles: 0, env }),
        )
        return { value: cpu }
      } finally {
        world.adfs.faults.clear()
      }
    },
  }))

export const menuRow = (world: World, count: number, goal: number): Row => ({
  what: `menu of ${count} roles after the assertion arrives`,
  unit: "ms",
  goal,
  rounds: 5,
  async measure(program) {
    const { menu } = await typedSignIn(program, world, environmentOf(world, "proxy"))
    return { value: (menu ?? Number.NaN) - world.adfs.lastAnswerAt }
  },
})

const twenty = Array.from({ length: 20 }, (_, index) => `P${index + 10}`)
export const twentyRoles = twenty.map(
  (name, index) => `arn:aws:iam::${585_848_786_000 + index}:role/${name}-Admin`,
)

export const severalRow = (world: World, way: Way): Row => ({
  what: `20 profiles, same sign-in, ${way}, servers 50 ms away`,
  unit: "× one profile",
  goal: 1.3,
  rounds: 5,
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
  const home = newHome()
  mkdirSync(join(home, ".aws"), { recursive: true })
  const text = (index: number) =>
    `[other-${index}]\naws_access_key_id = ASIA${index}\naws_secret_access_key = ${"s".repeat(40)}\naws_session_token = ${"t".repeat(300)}\n\n`
  writeFileSync(join(home, ".aws/credentials"), Array.from({ length: profiles }, (_, i) => text(i)).join(""))
  return home
}

/** What a large credentials file costs: wall time and memory beside those of an empty one. */
export function largeFileRows(world: World, count: number, goals: { ms: number; mb: number }): Row[] {
  const runWith = (program: string, profiles: number, env = {}) =>
    wholeRun({ program, world, way: "direct", args: [], profiles: 1, home: homeWith(profiles), env })
  const isHuge = count > 10_000
  const peaks = new Map<string, number>()
  return [
    {
      what: `${count} profiles in the credentials file`,
      unit: "ms more than an empty file",
      goal: goals.ms,
      rounds: isHuge ? 1 : 5,
      async measure(program) {
        const empty = await runWith(program, 0)
        let full = Number.NaN
        const { cpu, peakMemory } = await usedBy(async env => {
          full = await runWith(program, count, env)
        })
        peaks.set(program, peakMemory / 1000)
        return { value: full - empty, cpu }
      },
    },
    {
      what: `peak memory with ${count} profiles in the credentials file`,
      unit: "MB",
      goal: goals.mb,
      rounds: 1,
      async measure(program) {
        const known = peaks.get(program)
        if (known !== undefined) return { value: known }
        return { value: (await usedBy(env => runWith(program, count, env))).peakMemory / 1000 }
      },
    },
  ]
}
