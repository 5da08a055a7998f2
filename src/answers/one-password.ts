import { isObject, parseObject } from "../domain/json.ts"
import { PumError, plain } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { OnePassword } from "./find-one-password.ts"
import type { ManagerItem } from "./password-manager.ts"
import { type ProgramResult, runProgram } from "./run-program.ts"

/** Needs version 2 of `op`. */
export interface OnePasswordSettings extends OnePassword {
  readonly terminal: Terminal
  /** Limit for one answer of `op`, which may wait for a fingerprint: milliseconds. */
  readonly timeout: number
  /** Aborted when this process ends. */
  readonly ending: AbortSignal
}

const hint = "--no-op, or no_op = true in ~/.pum-aws, leaves 1Password out"

/** One item of 1Password. If `op` wants a sign-in, it signs in once and keeps the session for this run. */
export class OnePasswordItem {
  private readonly settings: OnePasswordSettings
  private sessionToken: string | undefined

  constructor(settings: OnePasswordSettings) {
    this.settings = settings
  }

  /** @throws PumError `answerMissing` with the words of `op`; the reason of a signal */
  async read(signal: AbortSignal): Promise<ManagerItem> {
    const { ending, item, terminal } = this.settings
    const signals = [ending, signal]
    let result = await this.runItemGet(signals)
    if (result.failure !== undefined && this.sessionToken === undefined && wantsSignIn(result)) {
      await this.signIn(result, signals)
      result = await this.runItemGet(signals)
    }
    if (result.failure !== undefined) throw onePasswordError(messageOf(result))
    const fields = parseItem(result.stdout)
    if (fields === undefined) throw onePasswordError(`op printed no item '${item}'`)
    for (const secret of [fields.password, fields.code]) if (secret !== undefined) terminal.keepSecret(secret)
    return fields
  }

  private runItemGet(signals: readonly AbortSignal[]): Promise<ProgramResult> {
    const { op, account, item, terminal, timeout } = this.settings
    // Command lines are public, but the token works only together with files that op keeps for this user.
    const session = this.sessionToken ? ["--session", this.sessionToken] : []
    const done = terminal.progress("Asking 1Password")
    return runProgram(op, {
      args: ["item", "get", item, "--account", account, "--format", "json", ...session],
      // Without the terminal op asks in the 1Password app only: the spinner would hide a question of its own.
      stdin: "ignore",
      stderr: "pipe",
      timeout,
      signals,
    }).finally(done)
  }

  private async signIn(refused: ProgramResult, signals: readonly AbortSignal[]): Promise<void> {
    const { op, account, terminal } = this.settings
    if (!terminal.interactive) throw onePasswordError(messageOf(refused))
    terminal.trace("signing in to 1Password")
    const { stdout, failure } = await runProgram(op, {
      args: ["signin", "--account", account, "--raw"],
      ...terminal.lendStreams(),
      signals,
    })
    if (failure !== undefined) throw onePasswordError(`op signin ${failure}`)
    // Empty if op is integrated with the 1Password app, which needs no token.
    this.sessionToken = stdout.trim()
    terminal.keepSecret(this.sessionToken)
  }
}

/** Whether a sign-in can help: not if item or account do not exist, nor if the user said no. */
function wantsSignIn({ stderr }: ProgramResult): boolean {
  return /sign(ed)?[ -]?in|session|locked|authenticat/i.test(stderr) && !/dismissed|denied/i.test(stderr)
}

/** The text of `[ERROR] 2026/11/23 12:00:00 text`, else the first line of stderr, else how `op` ended. */
function messageOf({ stderr, failure }: ProgramResult): string {
  const line = stderr.split("\n").find(one => one.includes("[ERROR]")) ?? stderr.trim().split("\n")[0] ?? ""
  const text = plain(line.replace(/^.*?\[ERROR\]\s*([\d/]+ [\d:]+)?\s*/, ""), 200)
  return text === "" ? `op ${failure}` : text
}

function onePasswordError(why: string): PumError {
  return new PumError("answerMissing", `1Password could not be used: ${why}`, { hint })
}

/** Reads the output of `op item get --format json`. User name and password are found by id, the code by type. */
function parseItem(json: string): ManagerItem | undefined {
  const { fields } = parseObject(json) ?? {}
  if (!Array.isArray(fields)) return undefined
  const textOf = (key: string, wanted: string, content: string) => {
    const found = fields.filter(isObject).find(field => field[key] === wanted && field[content])?.[content]
    return typeof found === "string" ? found : undefined
  }
  return {
    username: textOf("id", "username", "value")?.trim(),
    password: textOf("id", "password", "value"),
    code: textOf("type", "OTP", "totp"),
  }
}
