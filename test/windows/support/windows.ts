import { spawn } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { homedir, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"
import type { World } from "../../emulators/world.ts"
import { Pty } from "../../support/pty.ts"

const root = join(import.meta.dirname, "../../..")
/** Where scripts/install-windows.sh puts node.exe of each version, and wine its prefix. */
const cache = process.env.PUM_TEST_WINDOWS ?? join(homedir(), ".cache/pum-aws-windows")

/** Node.js versions for Windows that start under wine 8. */
export const nodeVersions = ["20", "22"] as const
export type NodeVersion = (typeof nodeVersions)[number]

const nodeExe = (version: NodeVersion) => join(cache, `node-${version}/node.exe`)

/** wine knows the file system of this machine as drive Z. */
export const windowsPath = (path: string) => `Z:${path.replaceAll("/", "\\")}`

const runner = join(root, "test/windows/support/runner.cjs")
export const program = windowsPath(join(root, "bin/pum-aws"))

const wineEnv = {
  PATH: process.env.PATH ?? "",
  HOME: cache,
  WINEPREFIX: join(cache, "prefix"),
  WINEARCH: "win64",
  WINEDEBUG: "-all",
  WINEDLLOVERRIDES: "mscoree,mshtml=",
  LANG: "C.UTF-8",
}

/** The folder of node.exe, for a PATH. */
export const nodeFolder = windowsPath(dirname(nodeExe("20")))

/** A home of its own on drive Z, removed when the test ends. */
export class WindowsHome {
  readonly folder: string
  readonly path: string

  constructor(name = "home") {
    const parent = mkdtempSync(join(tmpdir(), "pum-aws-windows-"))
    onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
    this.folder = join(parent, name)
    mkdirSync(this.folder)
    this.path = windowsPath(this.folder)
  }

  read(name: string): string | undefined {
    const file = join(this.folder, name)
    return existsSync(file) ? readFileSync(file, "utf8") : undefined
  }

  /** Names in a folder; none if it is not there. */
  list(name: string): string[] {
    const folder = join(this.folder, name)
    return existsSync(folder) ? readdirSync(folder) : []
  }

  write(name: string, content: string | Buffer): string {
    const file = join(this.folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    return windowsPath(file)
  }
}

/** What a process on Windows is started with beside wine's own environment. */
export function windowsEnv(home: WindowsHome, more: Readonly<Record<string, string>> = {}) {
  return { USERPROFILE: home.path, HOME: home.path, PUM_NO_OP: "1", ...more }
}

/** The world as Windows reaches it: files by their names on drive Z. */
export function worldEnv(world: World): Record<string, string> {
  return { ...world.env, AWS_CA_BUNDLE: windowsPath(world.caFile) }
}

export interface Job {
  readonly version?: NodeVersion
  /** Default: node.exe itself. */
  readonly file?: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin?: string | Buffer
  readonly keepStdinOpen?: boolean
  readonly stdio?: "inherit" | readonly ("inherit" | "ignore" | "pipe")[]
  /** Milliseconds until it is killed. */
  readonly killAfter?: number
  readonly timeout?: number
}

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
  readonly error?: string
  readonly timedOut?: boolean
}

/** Runs processes of Windows without a console, one after the other, or all at once. */
export async function runJobs(jobs: readonly Job[], atOnce = false): Promise<readonly Ended[]> {
  const folder = mkdtempSync(join(tmpdir(), "pum-aws-job-"))
  try {
    const [jobFile, resultFile] = [join(folder, "job.json"), join(folder, "result.json")]
    const encoded = jobs.map(({ stdin, version: _, ...job }) => ({
      ...job,
      ...(stdin === undefined ? {} : { stdin: Buffer.from(stdin).toString("base64") }),
    }))
    writeFileSync(jobFile, JSON.stringify({ jobs: encoded, atOnce }))
    const command = [nodeExe(jobs[0]?.version ?? "20"), ...[runner, jobFile, resultFile].map(windowsPath)]
    await new Promise<void>((done, failed) => {
      // Not a pipe: one of Linux gives EBADF on Windows' side.
      const child = spawn("wine", command, { env: wineEnv, stdio: "ignore", timeout: 110_000 })
      child.on("error", failed)
      child.on("close", code =>
        code === 0 ? done() : failed(new Error(`the runner ended with ${code}: ${command.join(" ")}`)),
      )
    })
    return JSON.parse(readFileSync(resultFile, "utf8")) as readonly Ended[]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export async function runJob(job: Job): Promise<Ended> {
  const [ended] = await runJobs([job])
  if (ended === undefined) throw new Error("the job has no result")
  return ended
}

/** Runs the program itself without a console. */
export const runProgram = (args: readonly string[], job: Omit<Job, "args">) =>
  runJob({ ...job, args: [program, ...args] })

/** Processes on a Windows console, which wine shows on a pseudo-terminal. */
interface Console {
  readonly pty: Pty
  /** How each of the processes ended, after the console has ended. */
  readonly results: () => readonly Ended[]
}

/**
 * Starts processes at once on a new console. The runner starts them, because Node.js 22 ends with a failed assertion on
 * a console without a title.
 */
export function openConsoleFor(jobs: readonly Job[], version: NodeVersion = "20"): Console {
  const folder = mkdtempSync(join(tmpdir(), "pum-aws-console-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [jobFile, resultFile] = [join(folder, "job.json"), join(folder, "result.json")]
  writeFileSync(
    jobFile,
    JSON.stringify({ jobs: jobs.map(job => ({ ...job, onConsole: true })), atOnce: true }),
  )
  const pty = new Pty({
    command: ["wine", nodeExe(version), ...[runner, jobFile, resultFile].map(windowsPath)],
    env: wineEnv,
    cwd: root,
    // wine can lose a key that comes while the program changes the console's mode; no person types so soon.
    settle: 250,
  })
  return { pty, results: () => JSON.parse(readFileSync(resultFile, "utf8")) as readonly Ended[] }
}

/** The program on a Windows console of its own. The console ends with its exit code. */
export function openConsole(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  version: NodeVersion = "20",
): Pty {
  return openConsoleFor([{ args: [program, ...args], env, stdio: "inherit" }], version).pty
}
