import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"

export const program = join(import.meta.dirname, "../../bin/pum-aws")

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A temporary home folder. It is removed when the test ends. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), "pum-aws-home-"))

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }))
  }

  read(name: string): string | undefined {
    try {
      return readFileSync(join(this.path, name), "utf8")
    } catch {
      return undefined
    }
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true })
    writeFileSync(join(this.path, name), text, { mode: 0o600 })
  }

  /** Text of both AWS files, to compare before and after. */
  awsFiles(): { credentials: string | undefined; config: string | undefined } {
    return { credentials: this.read(".aws/credentials"), config: this.read(".aws/config") }
  }
}

/** Where the programs of tests keep their compiled code, which would else be made anew in each home. */
const codeCache = join(import.meta.dirname, "../../node_modules/.cache")
mkdirSync(codeCache, { recursive: true, mode: 0o700 })

/**
 * An environment that holds only what a program needs to start. 1Password is off, because the PATH of the machine may
 * lead to it.
 */
export function cleanEnv(home: Home, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home.path,
    USERPROFILE: home.path,
    LANG: "C.UTF-8",
    PUM_NO_OP: "1",
    NODE_COMPILE_CACHE: codeCache,
    ...more,
  }
}

/** Writes a file for each start of Node.js, for tests in which all processes must have started before the first ends. */
export function notingStarts(home: Home): { readonly NODE_OPTIONS: string; readonly folder: string } {
  const file = JSON.stringify(join(home.path, "started/"))
  home.write("started.cjs", `require("node:fs").writeFileSync(${file} + process.pid, "")`)
  const folder = join(home.path, "started")
  mkdirSync(folder)
  return { NODE_OPTIONS: `--require ${home.path}/started.cjs`, folder }
}

export interface Run {
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Text for stdin, which is always a pipe. */
  readonly stdin?: string
}

export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** Waits until stdout holds this text. */
  readonly prints: (text: string) => Promise<void>
}

/** Starts a command in a session of its own, so that it has no controlling terminal. */
export function startWithoutTerminal(command: string, { args = [], env, stdin = "" }: Run): Running {
  const child = spawn(command, args, { env, detached: true, stdio: "pipe" })
  let stdout = ""
  let stderr = ""
  const changed = new Set<() => void>()
  child.stdout.on("data", chunk => {
    stdout += chunk
    for (const check of changed) check()
  })
  child.stderr.on("data", chunk => {
    stderr += chunk
  })
  // A program may end without reading its stdin.
  child.stdin.on("error", () => {})
  child.stdin.end(stdin)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  const prints = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!stdout.includes(text)) return
        changed.delete(check)
        resolve()
      }
      changed.add(check)
      ended.then(
        ({ code }) => reject(new Error(`it ended with ${code} before '${text}': ${stdout}${stderr}`)),
        reject,
      )
      check()
    })
  return { process: child, ended, prints }
}

export function runWithoutTerminal(command: string, run: Run): Promise<Ended> {
  return startWithoutTerminal(command, run).ended
}

export function runProgram(run: Run): Promise<Ended> {
  return runWithoutTerminal(process.execPath, { ...run, args: [program, ...(run.args ?? [])] })
}

/** Makes a profile whose credentials AWS tools get from `--credential-process`. Returns the text of the file. */
export function serveProfile(home: Home, profile: string): string {
  const call = `${process.execPath} ${program} --credential-process --profile ${profile}`
  const config = `[profile ${profile}]\ncredential_process = ${call}\nregion = eu-north-1\n`
  home.write(".aws/config", config)
  return config
}
