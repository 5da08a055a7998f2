// Whole sign-ins at the emulators: typed at a pseudo-terminal, or with all answers given.
import { spawn, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import type http from "node:http"
import https from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { spawn as spawnPty } from "@lydell/node-pty"
import { HttpsProxyAgent } from "https-proxy-agent"
import { formatVersion } from "../../src/files/own-content.ts"
import type { World } from "../../test/emulators/world.ts"

export const user = { name: "adm\\dev_aly", password: "demo-1", codes: "any six digits" } as const
export const folder = mkdtempSync(join(tmpdir(), "pum-aws-bench-"))

let nextCode = 100_000
/** Each code works once. */
export const newCode = () => String(nextCode++)

/** How the program reaches the servers. */
export type Way = "direct" | "proxy"

/** On a machine that sets NODE_EXTRA_CA_CERTS, as behind a proxy that inspects TLS. */
export function environmentOf(world: World, way: Way): Record<string, string> {
  const { AWS_CA_BUNDLE, ...servers } = way === "proxy" ? world.env : world.directEnv
  return { ...servers, NODE_EXTRA_CA_CERTS: world.caFile }
}

const code = ".aws/pum-aws/code"
let lastHome: string | undefined

/** The home of one who has run the program before: compiled code is kept there. The first one is empty. */
export function newHome(): string {
  const home = mkdtempSync(join(folder, "home-"))
  if (lastHome !== undefined && existsSync(join(lastHome, code)))
    cpSync(join(lastHome, code), join(home, code), { recursive: true })
  lastHome = home
  return home
}

/** A home in which the names of these roles' accounts are known, as AWS' own page is asked once a month. */
export function homeThatKnows(roles: readonly string[]): string {
  const home = newHome()
  const asked = new Date().toISOString()
  const names = roles.map(role => [role.split(":")[4], { name: `name-${role.split(":")[4]}`, asked }])
  mkdirSync(join(home, ".aws/pum-aws"), { recursive: true })
  const text = JSON.stringify({ version: formatVersion, ...Object.fromEntries(names) })
  writeFileSync(join(home, ".aws/pum-aws/accounts.json"), text, { mode: 0o600 })
  return home
}

/** What a process used, told by itself when it ends. */
export interface Used {
  /** Kilobytes. */
  readonly peakMemory: number
  /** Milliseconds, of user and system. */
  readonly cpu: number
}

const hook = join(folder, "used.cjs")
const usedFile = join(folder, "used.json")
writeFileSync(
  hook,
  `process.on("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    const used = { peakMemory: maxRSS, cpu: (userCPUTime + systemCPUTime) / 1000 }
    require("node:fs").writeFileSync(${JSON.stringify(usedFile)}, JSON.stringify(used))
  })`,
)

/** @param run starts one Node.js process with this environment on top of its own */
export async function usedBy(
  run: (env: Record<string, string>) => Promise<unknown> | unknown,
): Promise<Used> {
  await run({ NODE_OPTIONS: `--require ${hook}` })
  return JSON.parse(readFileSync(usedFile, "utf8")) as Used
}

/** @param env of the sign-in that it is measured beside: NODE_EXTRA_CA_CERTS doubles its time */
export const bareNode = (env: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, ["-e", "0"], { env: { PATH: process.env.PATH ?? "", ...env } })

/** Milliseconds that ADFS and STS have worked for the last requests, each in the order of its log. */
export function workOfServers({ adfs, sts }: World, adfsRequests: number, stsRequests: number): number {
  const last = [...adfs.log.slice(-adfsRequests), ...sts.log.slice(-stsRequests)]
  return last.reduce((sum, { tookMs = 0 }) => sum + tookMs, 0)
}

export interface WholeRun {
  /** Default: the one that runs the benchmark. */
  readonly node?: string
  readonly program: string
  readonly world: World
  readonly way: Way
  readonly args: readonly string[]
  /** How many profiles it stores. */
  readonly profiles: number
  readonly home?: string
  readonly env?: Readonly<Record<string, string>>
}

/** One run from its start to its end with all answers on stdin; milliseconds. */
export function wholeRun({ program, world, way, args, profiles, ...more }: WholeRun): Promise<number> {
  const home = more.home ?? newHome()
  const own = { PATH: process.env.PATH ?? "", HOME: home, PUM_NO_OP: "1", ...environmentOf(world, way) }
  const started = performance.now()
  const child = spawn(
    more.node ?? process.execPath,
    [program, "-u", user.name, "--password-stdin", ...args],
    {
      env: { ...own, ...more.env },
      detached: true,
      stdio: ["pipe", "ignore", "pipe"],
    },
  )
  let said = ""
  child.stderr.on("data", part => {
    said += part
  })
  child.stdin.end(`${user.password}\n${newCode()}\n`)
  return new Promise((done, failed) => {
    child.on("close", () => {
      const took = performance.now() - started
      const file = join(home, ".aws/credentials")
      const text = existsSync(file) ? readFileSync(file, "utf8") : ""
      const stored = text.split("\nx_principal_arn").length - 1
      if (stored === profiles) done(took)
      else failed(new Error(`${stored} of ${profiles} profiles were stored:\n${said}`))
    })
  })
}

export interface Typed {
  /** Moments on the clock of `performance`, in milliseconds. */
  readonly lastKey: number
  readonly menu: number | undefined
  readonly stored: number
}

/** One sign-in typed at a pseudo-terminal, up to the stored files or the menu. */
export async function typedSignIn(
  program: string,
  world: World,
  env: Readonly<Record<string, string>>,
): Promise<Typed> {
  const home = homeThatKnows(world.adfs.settings.roles)
  const own = { PATH: process.env.PATH ?? "", TERM: "xterm-256color", HOME: home, PUM_NO_OP: "1" }
  const pty = spawnPty(process.execPath, [program], { env: { ...own, ...env }, cols: 120, rows: 40 })
  let shown = ""
  let lastKey = Number.NaN
  let menu: number | undefined
  let stored = Number.NaN
  const answers: [question: string, answer: string][] = [
    ["Privileged user (e.g. adm\\dev_aly):", user.name],
    ["Domain password:", user.password],
    ["2FA Token:", newCode()],
  ]
  pty.onData(data => {
    shown += stripVTControlCharacters(data)
    const [next] = answers
    if (next !== undefined && shown.includes(next[0])) {
      answers.shift()
      // As a person does: the answer a while after the question, and Enter after the answer.
      setTimeout(() => pty.write(next[1]), 200)
      setTimeout(() => {
        lastKey = performance.now()
        pty.write("\r")
      }, 400)
      shown = ""
    }
    if (menu === undefined && shown.includes("type to filter")) {
      menu = performance.now()
      // With 2,000 roles the assertion is longer than STS takes: only the menu is measured.
      pty.write("\x03")
    }
  })
  const file = join(home, ".aws/credentials")
  const watch = setInterval(() => {
    if (Number.isNaN(stored) && existsSync(file)) stored = performance.now()
  }, 1)
  await new Promise<void>(done => {
    pty.onExit(() => done())
  })
  clearInterval(watch)
  if (Number.isNaN(stored) && menu === undefined) throw new Error(`nothing was stored:\n${shown}`)
  return { lastKey, menu, stored }
}

/** How long the network alone takes; milliseconds. */
export interface RoundTrips {
  /** Connecting to ADFS, TLS included, and one GET. */
  readonly firstPage: number
  /** One exchange on an open connection. */
  readonly adfs: number
  readonly sts: number
}

export async function roundTrips(world: World, way: Way): Promise<RoundTrips> {
  const settings = { keepAlive: true, ca: readFileSync(world.caFile) }
  const agent = way === "proxy" ? new HttpsProxyAgent(world.proxy.url, settings) : new https.Agent(settings)
  const direct = world.directEnv
  const adfsHost = way === "proxy" ? "https://federation.visma.com" : new URL(direct.PUM_IDP_URL ?? "").origin
  const adfs = `${adfsHost}/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices`
  const sts =
    way === "proxy" ? "https://sts.eu-central-1.amazonaws.com/" : (direct.AWS_ENDPOINT_URL_STS ?? "")
  const exchange = (url: string, method: string) =>
    new Promise<number>((done, failed) => {
      const started = performance.now()
      const request = https.request(
        url,
        { agent, ca: settings.ca, method },
        (answer: http.IncomingMessage) => {
          answer.resume()
          answer.on("end", () => done(performance.now() - started))
        },
      )
      request.on("error", failed)
      request.end()
    })
  const firstPage = await exchange(adfs, "GET")
  // The emulated STS answers GET with an error at once, which is all that is needed.
  await exchange(sts, "GET")
  const measured = { firstPage, adfs: await exchange(adfs, "GET"), sts: await exchange(sts, "GET") }
  agent.destroy()
  return measured
}
