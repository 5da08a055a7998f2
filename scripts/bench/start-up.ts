// What takes no network: start-up, answers from a kept session, size and memory.
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { join } from "node:path"
import { startWorld } from "../../test/emulators/world.ts"
import type { Row } from "./measure.ts"
import { folder, newCode, user } from "./sign-ins.ts"

/** Node.js 20 takes twice as long to start as later versions, so the same milliseconds are a larger share there. */
const isNode20 = process.version.startsWith("v20.")

function elapsed(command: readonly string[], env: NodeJS.ProcessEnv): number {
  const started = process.hrtime.bigint()
  const { status } = spawnSync(process.execPath, command, { stdio: "ignore", env })
  if (env !== process.env && status !== 0) throw new Error(`${command.join(" ")} ended with ${status}`)
  return Number(process.hrtime.bigint() - started)
}

/** Time beside that of a Node.js process that does nothing. */
function row(what: string, args: readonly string[], goal: number, env = process.env): Row {
  return {
    what,
    unit: "× node -e 0",
    goal,
    rounds: 31,
    measure: program => elapsed([program, ...args], env) / elapsed(["-e", "0"], process.env),
  }
}

export function startUpRows(): Row[] {
  return [
    row("--version", ["--version"], isNode20 ? 1.1 : 1.25),
    row("--help", ["--help"], isNode20 ? 1.25 : 1.5),
    row("a usage error", ["--nope"], isNode20 ? 1.25 : 1.5),
  ]
}

/** Answers from a session that one sign-in has left behind. */
export async function keptRows(program: string): Promise<Row[]> {
  const world = await startWorld({ adfs: { users: [user], roles: ["arn:aws:iam::585848786654:role/Admin"] } })
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: mkdtempSync(join(folder, "home-")),
    PUM_NO_OP: "1",
    PUM_USERNAME: user.name,
    PUM_PASSWORD_COMMAND: `echo ${user.password}`,
    PUM_OTP_COMMAND: `echo ${newCode()}`,
    ...world.env,
  }
  const request = ["--profile", "prod", "--account", "585848786654", "--role", "Admin"]
  const another = ["--role=Admin", "-a", "585848786654", "-p", "prod"]
  const signIn = [program, ...request, "--credential-process"]
  await new Promise(done => spawn(process.execPath, signIn, { env }).on("close", done))
  await world.close()
  return [
    row("--credential-process of a kept session", [...request, "--credential-process"], 1.1, env),
    row("the same, options in another order", ["--credential-process", ...another], 1.1, env),
    row("--json of a kept session", [...request, "--json"], 1.2, env),
    row("--export bash of a kept session", [...request, "--export", "bash"], 1.2, env),
  ]
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
    return packed.unpackedSize / 1e6
  },
}
