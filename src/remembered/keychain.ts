import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync, realpathSync } from "node:fs"
import { dirname, join } from "node:path"
import { parseObject } from "../domain/json.ts"
import { plain } from "../errors.ts"
import type { Environment } from "../platform/platform.ts"
import type { Terminal } from "../terminal/terminal.ts"

/** An answer of the keychain; without `trouble`, it was asked, and `secret` is what it holds. */
export interface KeychainAnswer {
  readonly secret?: string | undefined
  /** Why it could not be asked, for a line on the terminal. */
  readonly trouble?: string
  /** Whether its module is not installed: nothing was put there by this installation. */
  readonly isMissing?: boolean
}

/** The system's keychain. Its entries are named; their service is `pum-aws`. */
export interface Keychain {
  get(name: string): Promise<KeychainAnswer>
  set(name: string, secret: string): Promise<KeychainAnswer>
  /** Deletes an entry, if it is there. */
  delete(name: string): Promise<KeychainAnswer>
}

/** What the child process reads on its stdin (keychain-child.ts). Nothing of it is on a command line. */
export interface KeychainRequest {
  /** Folder of `@napi-rs/keyring`. */
  readonly module: string
  readonly action: "get" | "set" | "delete"
  readonly name: string
  readonly secret?: string
  /** After this time (milliseconds) it ends by itself: the process that would kill it may be gone. */
  readonly limit: number
}

export interface KeychainSettings {
  /** `bin/pum-aws`, or a link to it. */
  readonly script: string
  readonly env: Environment
  readonly platform: NodeJS.Platform
  readonly terminal: Pick<Terminal, "progress">
  /** Aborted when this process is about to end: no child outlives it. */
  readonly ending: AbortSignal
  /** Milliseconds; default: 5 s without a display, 60 s where a window may ask to unlock the keychain. */
  readonly limit?: number
}

/**
 * The keychain by `@napi-rs/keyring`, if that is installed beside pum-aws. A call blocks a thread, and a keychain that is
 * locked waits for a person; so each call is a child process, which is killed after its limit.
 */
export function openKeychain(settings: KeychainSettings): Keychain {
  return {
    get: name => askChild({ action: "get", name }, settings),
    set: (name, secret) => askChild({ action: "set", name, secret }, settings),
    delete: name => askChild({ action: "delete", name }, settings),
  }
}

async function askChild(
  request: Omit<KeychainRequest, "module" | "limit">,
  settings: KeychainSettings,
): Promise<KeychainAnswer> {
  const { env, script, terminal } = settings
  const module = keyringFolder(script)
  const unusable = checkModule(module)
  if (unusable !== undefined) return unusable
  const done = terminal.progress("Asking the keychain; if it is locked, unlock it")
  // These variables make the module load another library.
  const childEnv = Object.fromEntries(Object.entries(env).filter(([name]) => !/^NAPI_RS_/i.test(name)))
  const child = spawn(process.execPath, [join(packageFolder(script), "dist", "keychain.js")], {
    env: childEnv,
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  })
  const limit = settings.limit ?? limitOf(env, settings.platform)
  const text = JSON.stringify({ ...request, module, limit: limit + 1_000 } satisfies KeychainRequest)
  return answerOf(child, text, limit, settings.ending).finally(done)
}

/** The folder of this package. @param script `bin/pum-aws`, or a link to it */
const packageFolder = (script: string) => join(dirname(realpathSync(script)), "..")

/**
 * Where `@napi-rs/keyring` is if it is installed beside this package. What NODE_PATH or the current folder offers is not
 * loaded.
 */
export const keyringFolder = (script: string) => join(packageFolder(script), "..", "@napi-rs", "keyring")

function answerOf(
  child: ChildProcess,
  request: string,
  limit: number,
  ending: AbortSignal,
): Promise<KeychainAnswer> {
  return new Promise((resolve, reject) => {
    let text = ""
    const end = (answer: KeychainAnswer) => {
      clearTimeout(timer)
      ending.removeEventListener("abort", abort)
      child.kill("SIGKILL")
      resolve(answer)
    }
    const abort = () => {
      child.kill("SIGKILL")
      clearTimeout(timer)
      reject(ending.reason)
    }
    const timer = setTimeout(
      () => end({ trouble: `the keychain did not answer within ${limit / 1000} s; it may be locked` }),
      limit,
    )
    ending.addEventListener("abort", abort)
    if (ending.aborted) abort()
    child.stdout?.setEncoding("utf8").on("data", part => {
      text += part
      if (text.includes("\n")) end(parseAnswer(text))
    })
    child.on("error", () => end({ trouble: "the keychain could not be asked" }))
    child.on("close", () => end(parseAnswer(text)))
    child.stdin?.on("error", () => {})
    child.stdin?.end(request)
  })
}

function parseAnswer(text: string): KeychainAnswer {
  const { secret, trouble } = parseObject(text) ?? { trouble: "the keychain gave no answer" }
  if (typeof trouble === "string") return { trouble: plain(trouble, 200) }
  return { secret: typeof secret === "string" ? secret : undefined }
}

/** Why the module is not loaded. Versions before 2.1.2 put a secret into the Linux kernel's keyring, which all may read. */
function checkModule(module: string): KeychainAnswer | undefined {
  let manifest: string
  try {
    manifest = readFileSync(join(module, "package.json"), "utf8")
  } catch {
    const trouble =
      "there is no @napi-rs/keyring beside pum-aws (npm install -g pum-aws @napi-rs/keyring; under npx there is none)"
    return { trouble, isMissing: true }
  }
  const version = String(parseObject(manifest)?.version)
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(part => Number.parseInt(part, 10))
  const isNewEnough = major === 2 && (minor > 1 || (minor === 1 && patch >= 2))
  if (isNewEnough) return undefined
  return { trouble: `@napi-rs/keyring ${plain(version)} is not used: 2.1.2 is needed` }
}

function limitOf(env: Environment, platform: NodeJS.Platform): number {
  const hasDisplay =
    platform === "linux" ? Boolean(env.DISPLAY || env.WAYLAND_DISPLAY) : !(env.SSH_CONNECTION || env.SSH_TTY)
  return hasDisplay ? 60_000 : 5_000
}
