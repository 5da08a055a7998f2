// What takes no network: start-up, answers from a kept session, size and memory.
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { join } from "node:path"
import { startWorld } from "../../test/emulators/world.ts"
import type { Row } from "./measure.ts"
import { environmentOf, folder, newCode, usedBy, user } from "./sign-ins.ts"

/** A Node.js to measure with, and its environment. */
export interface Runtime {
  readonly node: string
  /** `v20.20.2` */
  readonly version: string
}

export function runtimeOf(node: string): Runtime {
  return { node, version: execFileSync(node, ["--version"], { encoding: "utf8" }).trim() }
}

/** Goals differ: Node.js 20 takes longer to start, so the same milliseconds are a smaller share there. */
const goalFor = ({ version }: Runtime, of20: number, ofLater: number) =>
  version.startsWith("v20.") ? of20 : ofLater

/** As a user's shell has it, without NODE_EXTRA_CA_CERTS: with it, Node.js 20 takes twice as long to start. */
function plainEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "" } = process.env
  return { PATH, HOME, ...more, NODE_EXTRA_CA_CERTS: undefined }
}

function elapsed(node: string, command: readonly string[], env: NodeJS.ProcessEnv): number {
  const started = process.hrtime.bigint()
  const { status } = spawnSync(node, command, { stdio: "ignore", env })
  const isUsageError = command.includes("--usage-error")
  if (status !== (isUsageError ? 2 : 0)) throw new Error(`${command.join(" ")} ended with ${status}`)
  return Number(process.hrtime.bigint() - started)
}

type EnvironmentOf = (program: string) => NodeJS.ProcessEnv

interface StartUp {
  readonly runtime: Runtime
  readonly what: string
  readonly args: readonly string[]
  readonly goal: number | undefined
  readonly env?: EnvironmentOf
  /** The Node.js that the same command is measured beside; without it, `node -e 0` is. */
  readonly beside?: Runtime
}

/** CPU time needs a run of its own. */
const cpuRounds = 5

/** Time beside that of a Node.js process that does nothing, or of the same command by another Node.js. */
function startUpRow({ runtime, what, args, goal, env = () => plainEnv(), beside }: StartUp): Row {
  const { node, version } = runtime
  const rounds = new Map<string, number>()
  return {
    what: `${what}, Node.js ${version}`,
    unit: beside === undefined ? "× node -e 0" : `× the same by ${beside.version}`,
    goal,
    rounds: 15,
    async measure(program) {
      const command = [program, ...args]
      const unit =
        beside === undefined
          ? elapsed(node, ["-e", "0"], env(program))
          : elapsed(beside.node, command, env(program))
      const value = elapsed(node, command, env(program)) / unit
      const round = rounds.get(program) ?? 0
      rounds.set(program, round + 1)
      if (round >= cpuRounds) return { value }
      const used = await usedBy(more =>
        spawnSync(node, command, { stdio: "ignore", env: { ...env(program), ...more } }),
      )
      return { value, cpu: used.cpu }
    },
  }
}

export function startUpRows(runtime: Runtime): Row[] {
  const row = (args: string, goal: number | undefined) =>
    startUpRow({ runtime, what: args, args: [args], goal })
  return [
    row("--version", goalFor(runtime, 1.1, 1.25)),
    row("--help", goalFor(runtime, 1.25, 1.5)),
    row("--usage-error", undefined),
  ]
}

/**
 * Answers from a session that one sign-in of each program has left behind. The goals are for a machine that sets
 * NODE_EXTRA_CA_CERTS, as behind a proxy that inspects TLS: there Node.js 20 starts in 80 ms. Elsewhere it starts in 40,
 * and our 10 ms are a larger share, which has no goal.
 */
export async function keptRows(programs: readonly string[], runtimes: readonly Runtime[]): Promise<Row[]> {
  const world = await startWorld({ adfs: { users: [user], roles: ["arn:aws:iam::585848786654:role/Admin"] } })
  const request = ["--profile", "prod", "--account", "585848786654", "--role", "Admin"]
  const another = ["--role=Admin", "-a", "585848786654", "-p", "prod"]
  const environments = new Map<string, NodeJS.ProcessEnv>()
  for (const program of programs) {
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: mkdtempSync(join(folder, "home-")),
      PUM_NO_OP: "1",
      PUM_USERNAME: user.name,
      PUM_PASSWORD_COMMAND: `echo ${user.password}`,
      ...environmentOf(world, "proxy"),
    }
    environments.set(program, env)
    for (const mode of [["--credential-process"], []]) {
      const signIn = [program, ...request, ...mode]
      const answers = { ...env, PUM_OTP_COMMAND: `echo ${newCode()}` }
      const status = await new Promise(done =>
        spawn(process.execPath, signIn, { env: answers }).on("close", done),
      )
      if (status !== 0) throw new Error(`${signIn.join(" ")} ended with ${status}`)
    }
  }
  await world.close()
  const env: EnvironmentOf = program => environments.get(program) ?? {}
  const [first] = runtimes
  return runtimes.flatMap(runtime => {
    // A later Node.js does less before it begins: it is to take no more time than the first.
    const later = runtime === first || first === undefined ? {} : { goal: 1, beside: first }
    const row = (what: string, args: readonly string[], goal: number | undefined) => [
      startUpRow({ runtime, what, args, goal, env, ...later }),
      startUpRow({
        runtime,
        what: `${what}, without NODE_EXTRA_CA_CERTS`,
        args,
        goal: undefined,
        env: program => plainEnv(env(program)),
      }),
    ]
    const main = [
      ...row("--credential-process of a kept session", [...request, "--credential-process"], 1.1),
      ...row("--json of a kept session", [...request, "--json"], 1.2),
    ]
    if (runtime !== first) return main
    return [
      ...main,
      ...row("--credential-process, options in another order", ["--credential-process", ...another], 1.1),
      ...row("--export bash of a kept session", [...request, "--export", "bash"], 1.2),
      ...row("--status", ["--status"], undefined),
      ...row("--status --short", ["--status", "--short", "--profile", "prod"], 1.2),
    ]
  })
}

/** The package as npm would unpack it. */
export const sizeRow: Row = {
  what: "package, unpacked",
  unit: "MB",
  goal: 1.4,
  rounds: 1,
  measure(program) {
    const pack = ["pack", "--json", "--dry-run", "--ignore-scripts"]
    const cwd = join(program, "../..")
    const output = execFileSync("npm", pack, { encoding: "utf8", cwd, stdio: ["ignore", "pipe", "ignore"] })
    const [packed] = JSON.parse(output) as [{ unpackedSize: number }]
    return { value: packed.unpackedSize / 1e6 }
  },
}
