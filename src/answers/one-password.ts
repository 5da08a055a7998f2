import { PumError, plain } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { type Ending, run } from "./run-program.ts"
import type { VaultItem } from "./vault.ts"

export interface OnePasswordSettings {
  /** Absolute path of `op`, version 2. */
  readonly op: string
  readonly account: string
  readonly item: string
  readonly terminal: Terminal
  /** How long one answer of `op` may take, which includes a fingerprint: milliseconds. */
  readonly timeout: number
  /** Aborted when this process ends. */
  readonly ending: AbortSignal
}

const hint = "--no-op, or no_op = true in ~/.pum-aws, leaves 1Password out"

/** One item of 1Password. Signs in where `op` asks for it, once, and keeps the session for this run. */
export class OnePasswordItem {
  private readonly settings: OnePasswordSettings
  private session: string | undefined

  constructor(settings: OnePasswordSettings) {
    this.settings = settings
  }

  /**
   * What the item holds now.
   * @throws PumError `answerMissing` with `op`'s own words; the reason of a signal
   */
  async read(signal: AbortSignal): Promise<VaultItem> {
    const { ending, item, terminal } = this.settings
    const signals = [ending, signal]
    let answer = await this.get(signals)
    if (answer.trouble !== undefined && this.session === undefined && wantsSignIn(answer)) {
      await this.signIn(answer, signals)
      answer = await this.get(signals)
    }
    if (answer.trouble !== undefined) throw unusable(wordsOf(answer))
    const found = fieldsOf(answer.stdout)
    if (found === undefined) throw unusable(`op printed no item '${item}'`)
    for (const secret of [found.password, found.code]) if (secret !== undefined) terminal.keepSecret(secret)
    return found
  }

  private get(signals: readonly AbortSignal[]): Promise<Ending> {
    const { op, account, item, terminal, timeout } = this.settings
    // A session token is of no use to others on this machine: it wants the files that op keeps for this user.
    const session = this.session ? ["--session", this.session] : []
    const done = terminal.progress("Asking 1Password")
    return run(op, {
      args: ["item", "get", item, "--account", account, "--format", "json", ...session],
      // Here it may ask through the 1Password app only: a question of its own would be hidden by the spinner.
      stdin: "ignore",
      stderr: "pipe",
      timeout,
      signals,
    }).finally(done)
  }

  private async signIn(refusal: Ending, signals: readonly AbortSignal[]): Promise<void> {
    const { op, account, terminal } = this.settings
    if (!terminal.interactive) throw unusable(wordsOf(refusal))
    terminal.trace("signing in to 1Password")
    const { stdout, trouble } = await run(op, {
      args: ["signin", "--account", account, "--raw"],
      ...terminal.lend(),
      signals,
    })
    if (trouble !== undefined) throw unusable(`op signin ${trouble}`)
    // With the app's integration there is no token, and none is needed.
    this.session = stdout.trim()
    terminal.keepSecret(this.session)
  }
}

/** Whether signing in can help; it cannot where the item or the account is not there, or the user said no. */
function wantsSignIn({ stderr }: Ending): boolean {
  return /sign(ed)?[ -]?in|session|locked|authenticat/i.test(stderr) && !/dismissed|denied/i.test(stderr)
}

/** `[ERROR] 2026/11/23 12:00:00 text` */
function wordsOf({ stderr, trouble }: Ending): string {
  const line = stderr.split("\n").find(one => one.includes("[ERROR]")) ?? stderr.trim().split("\n")[0] ?? ""
  const words = plain(line.replace(/^.*?\[ERROR\]\s*([\d/]+ [\d:]+)?\s*/, ""), 200)
  return words === "" ? `op ${trouble}` : words
}

function unusable(why: string): PumError {
  return new PumError("answerMissing", `1Password could not be used: ${why}`, { hint })
}

/** From `op item get --format json`: fields by id, the current code by type. */
function fieldsOf(json: string): VaultItem | undefined {
  let item: unknown
  try {
    item = JSON.parse(json)
  } catch {
    return undefined
  }
  const fields: unknown = isObject(item) ? item.fields : undefined
  if (!Array.isArray(fields)) return undefined
  const text = (wanted: (field: Record<string, unknown>) => boolean, key: string) => {
    const field: unknown = fields.find(one => isObject(one) && wanted(one) && one[key])
    const value = isObject(field) ? field[key] : undefined
    return typeof value === "string" ? value : undefined
  }
  return {
    username: text(({ id }) => id === "username", "value"),
    password: text(({ id }) => id === "password", "value"),
    code: text(({ type }) => type === "OTP", "totp"),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null
}
