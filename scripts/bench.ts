// Speed, as ratios within one run: what each thing takes beside what it cannot do without.
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import type http from "node:http"
import https from "node:https"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { spawn as spawnPty } from "@lydell/node-pty"
import { HttpsProxyAgent } from "https-proxy-agent"
import { startWorld } from "../test/emulators/world.ts"

const program = resolve("bin/pum-aws")
const user = { name: "adm\\dev_aly", password: "demo-1", codes: "any six digits" } as const
const distance = 50
const folder = mkdtempSync(join(tmpdir(), "pum-aws-bench-"))
/** Each code works once. */
let nextCode = 100_000
const results: { what: string; measured: string; goal: string; met: boolean }[] = []

function report(what: string, value: number, unit: string, goal: number): void {
  results.push({
    what,
    measured: `${value.toFixed(2)} ${unit}`,
    goal: `≤ ${goal} ${unit}`,
    met: value <= goal,
  })
  console.log(`${value <= goal ? "met " : "MISS"}  ${what}: ${value.toFixed(2)} ${unit} (goal ≤ ${goal})`)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Start-up: the two commands in turn, so that a machine that drifts slows both. */
function startUp(what: string, args: readonly string[], goal: number, env = process.env): void {
  const time = (command: readonly string[]) => {
    const started = process.hrtime.bigint()
    const { status } = spawnSync(process.execPath, command, { stdio: "ignore", env })
    if (command.includes("--credential-process") && status !== 0) throw new Error("no session was kept")
    return Number(process.hrtime.bigint() - started)
  }
  const ratios: number[] = []
  for (let round = 0; round < 41; round++) ratios.push(time([program, ...args]) / time(["-e", "0"]))
  report(what, median(ratios), "× node -e 0", goal)
}

/** The highest resident set of a process, in kB, told by itself when it ends. */
function peakMemory(run: (env: Record<string, string>) => Promise<void>): Promise<number> {
  const hook = join(folder, "peak.cjs")
  const file = join(folder, "peak.txt")
  writeFileSync(
    hook,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)))`,
  )
  return run({ NODE_OPTIONS: `--require ${hook}` }).then(() => Number(readFileSync(file, "utf8")))
}

type World = Awaited<ReturnType<typeof startWorld>>

/** A home in which the names of these roles' accounts are known: AWS' own page is asked once a month. */
function homeThatKnows(roles: readonly string[]): string {
  const home = mkdtempSync(join(folder, "home-"))
  const asked = new Date().toISOString()
  const names = roles.map(role => [role.split(":")[4], { name: `name-${role.split(":")[4]}`, asked }])
  mkdirSync(join(home, ".aws/pum-aws"), { recursive: true })
  writeFileSync(join(home, ".aws/pum-aws/accounts.json"), JSON.stringify(Object.fromEntries(names)))
  return home
}

/** One run from its start to its end, all answers given, in milliseconds. */
function wholeRun(world: World, args: readonly string[], profiles: number): Promise<number> {
  const home = mkdtempSync(join(folder, "home-"))
  const env = { PATH: process.env.PATH ?? "", HOME: home, PUM_NO_OP: "1", ...world.env }
  const started = performance.now()
  const child = spawn(process.execPath, [program, "-u", user.name, "--password-stdin", ...args], {
    env,
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
  })
  let said = ""
  child.stderr.on("data", part => {
    said += part
  })
  child.stdin.end(`${user.password}\n${nextCode++}\n`)
  return new Promise((done, failed) => {
    child.on("close", () => {
      const took = performance.now() - started
      const file = join(home, ".aws/credentials")
      const stored = existsSync(file) ? readFileSync(file, "utf8").split("aws_session_token").length - 1 : 0
      if (stored === profiles) done(took)
      else failed(new Error(`${stored} of ${profiles} profiles were stored:\n${said}`))
    })
  })
}

/** One sign-in on a pseudo-terminal; gives the moments that are measured, in milliseconds. */
async function session(
  world: World,
  more: Record<string, string> = {},
): Promise<{ lastKey: number; menu: number | undefined; stored: number }> {
  const home = homeThatKnows(world.adfs.settings.roles)
  const env = {
    PATH: process.env.PATH ?? "",
    TERM: "xterm-256color",
    HOME: home,
    PUM_NO_OP: "1",
    ...world.env,
    ...more,
  }
  const pty = spawnPty(process.execPath, [program], { env, cols: 120, rows: 40 })
  let shown = ""
  let lastKey = Number.NaN
  let menu: number | undefined
  let stored = Number.NaN
  const answers: [string, string][] = [
    ["Privileged user (e.g. adm\\dev_aly):", user.name],
    ["Domain password:", user.password],
    ["2FA Token:", String(nextCode++)],
  ]
  const ended = new Promise<void>(done => {
    pty.onExit(() => done())
  })
  pty.onData(data => {
    shown += stripVTControlCharacters(data)
    const [next] = answers
    if (next !== undefined && shown.includes(next[0])) {
      answers.shift()
      // As a person: the answer comes a while after the question, and Enter after the answer.
      setTimeout(() => pty.write(next[1]), 300)
      setTimeout(() => {
        lastKey = performance.now()
        pty.write("\r")
      }, 500)
      shown = ""
    }
    if (menu === undefined && shown.includes("type to filter")) {
      menu = performance.now()
      // The assertion of 2,000 roles is longer than STS takes: the menu is all that is measured here.
      pty.write("\x03")
    }
  })
  const file = join(home, ".aws/credentials")
  const watch = setInterval(() => {
    if (Number.isNaN(stored) && existsSync(file)) stored = performance.now()
  }, 1)
  await ended
  clearInterval(watch)
  if (Number.isNaN(stored) && menu === undefined) throw new Error(`nothing was stored:\n${shown}`)
  return { lastKey, menu, stored }
}

/** The round trips that cannot be spared, on connections that are open already. */
async function roundTrips(world: World): Promise<number> {
  const agent = new HttpsProxyAgent(world.proxy.url, { keepAlive: true })
  const options = { agent, ca: readFileSync(world.caFile) }
  const get = (url: string, method: string) =>
    new Promise<number>((done, failed) => {
      const started = performance.now()
      const request = https.request(url, { ...options, method }, (answer: http.IncomingMessage) => {
        answer.resume()
        answer.on("end", () => done(performance.now() - started))
      })
      request.on("error", failed)
      request.end()
    })
  const adfs = "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"
  const sts = "https://sts.eu-central-1.amazonaws.com/"
  await get(adfs, "GET")
  await get(sts, "HEAD")
  const total = (await get(adfs, "GET")) + (await get(adfs, "GET")) + (await get(sts, "HEAD"))
  agent.destroy()
  return total
}

startUp("--version", ["--version"], 1.15)
startUp("--help", ["--help"], 1.4)
startUp("a usage error", ["--nope"], 1.4)

const kept = await startWorld({ adfs: { users: [user], roles: ["arn:aws:iam::585848786654:role/Admin"] } })
const keptEnv = {
  PATH: process.env.PATH ?? "",
  HOME: mkdtempSync(join(folder, "home-")),
  PUM_NO_OP: "1",
  PUM_USERNAME: user.name,
  PUM_PASSWORD_COMMAND: `echo ${user.password}`,
  PUM_OTP_COMMAND: `echo ${nextCode++}`,
  ...kept.env,
}
const inOrder = ["--profile", "prod", "--account", "585848786654", "--role", "Admin", "--credential-process"]
const inAnother = ["--credential-process", "--role=Admin", "-a", "585848786654", "-p", "prod"]
await new Promise(done => spawn(process.execPath, [program, ...inOrder], { env: keptEnv }).on("close", done))
await kept.close()
startUp("--credential-process of a kept session", inOrder, 1.15, keptEnv)
startUp("the same, options in another order", inAnother, 1.15, keptEnv)

const far = await startWorld({
  adfs: { users: [user], roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] },
  delayMs: distance,
})
await far.warmUp()
const ratios: number[] = []
const spent: number[] = []
for (let round = 0; round < 9; round++) {
  const trips = await roundTrips(far)
  const { lastKey, stored } = await session(far)
  ratios.push((stored - lastKey) / trips)
  spent.push(stored - lastKey - trips)
}
report("last key until the files are written, servers 50 ms away", median(ratios), "× three round trips", 1.2)
console.log(`      (${median(spent).toFixed(0)} ms beside the round trips)`)
await far.close()

for (const [count, goal] of [
  [500, 50],
  [2000, 150],
] as const) {
  const roles = Array.from(
    { length: count },
    (_, index) => `arn:aws:iam::${String(100_000_000_000 + index * 7919)}:role/Role${index}`,
  )
  const world = await startWorld({ adfs: { users: [user], roles } })
  await world.warmUp()
  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    const { menu } = await session(world)
    times.push((menu ?? Number.NaN) - world.adfs.lastAnswerAt)
  }
  report(`menu of ${count} roles after the assertion arrives`, median(times), "ms", goal)
  await world.close()
}

const twenty = Array.from({ length: 20 }, (_, index) => `P${index + 10}`)
const many = await startWorld({
  adfs: {
    users: [user],
    roles: twenty.map((name, index) => `arn:aws:iam::${585_848_786_000 + index}:role/${name}-Admin`),
  },
  delayMs: distance,
})
await many.warmUp()
const manyToOne: number[] = []
for (let round = 0; round < 7; round++) {
  const one = await wholeRun(many, ["--role", "P10-Admin"], 1)
  manyToOne.push((await wholeRun(many, ["--profiles", twenty.join()], 20)) / one)
}
report("20 profiles, same sign-in, servers 50 ms away", median(manyToOne), "× one profile", 1.5)
await many.close()

const near = await startWorld({
  adfs: { users: [user], roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] },
})
await near.warmUp()
const bare = await peakMemory(async env => {
  spawnSync(process.execPath, ["-e", "0"], { env: { ...process.env, ...env } })
})
const full = await peakMemory(async env => {
  await session(near, env)
})
report("peak memory of a sign-in", full / bare, "× node -e 0", 2.2)
await near.close()

const [packed] = JSON.parse(
  execFileSync("npm", ["pack", "--json", "--dry-run", "--ignore-scripts"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }),
) as [{ unpackedSize: number }]
report("package, unpacked", packed.unpackedSize / 1e6, "MB", 1.5)

rmSync(folder, { recursive: true, force: true })
console.log(`\n${results.filter(({ met }) => met).length} of ${results.length} goals met`)
process.exit(results.every(({ met }) => met) ? 0 : 1)
