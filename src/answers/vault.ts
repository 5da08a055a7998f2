import { usernameProblem } from "../domain/username.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { usable } from "./questions.ts"

/** An item of a password manager. What it does not hold is undefined. */
export interface VaultItem {
  readonly username: string | undefined
  readonly password: string | undefined
  /** The current one. */
  readonly code: string | undefined
}

export interface VaultSettings {
  /** For messages. */
  readonly name: string
  /** @throws PumError, or the signal's reason */
  readonly read: (signal: AbortSignal) => Promise<VaultItem>
  readonly terminal: Terminal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** How long a code is the current one, counted from 1970 (RFC 6238, section 4), in milliseconds. */
export const codePeriod = 30_000

/** Answers from an item of a password manager. Trouble with it is a warning: then come the ordinary questions. */
export class Vault {
  /** Whose item it is, as long as it may be used: a code belongs to its user. */
  user: string | undefined
  private readonly settings: VaultSettings
  private held: { readonly code: string; readonly period: number } | undefined

  constructor(settings: VaultSettings) {
    this.settings = settings
  }

  /**
   * User name and password, where the item holds one for this user.
   * @param wanted the user name, where it is decided
   * @param askName for an item that names no user
   */
  async login(
    wanted: string | undefined,
    askName: () => Promise<string>,
    signal: AbortSignal,
  ): Promise<{ username: string; password: string } | undefined> {
    const { name, terminal } = this.settings
    const item = await this.item(signal)
    if (item === undefined) return undefined
    const complaint = item.username === undefined ? undefined : wrongUser(item.username, wanted)
    if (complaint !== undefined) {
      terminal.warn(`${name} is not used: ${complaint}`)
      return undefined
    }
    const username = wanted ?? item.username ?? (await askName())
    this.user = username
    if (item.password !== undefined)
      return { username, password: usable(item.password, `the password of ${name}`) }
    terminal.warn(`${name} holds no password`)
    return undefined
  }

  /** A code that may well be one of `used`; nothing where the item holds none. */
  async code(used: readonly string[]): Promise<string | undefined> {
    const { held } = this
    if (held !== undefined && held.period === this.period() && !used.includes(held.code)) return held.code
    return (await this.item(new AbortController().signal))?.code
  }

  /** From now on only for this user. */
  restrictTo(username: string): void {
    if (this.user !== undefined && !isSameUser(username, this.user)) this.user = undefined
  }

  private async item(signal: AbortSignal): Promise<VaultItem | undefined> {
    const period = this.period()
    try {
      const item = await this.settings.read(signal)
      // Read across the end of a period, the code may be of either.
      const isCurrent = item.code !== undefined && period === this.period()
      this.held = isCurrent ? { code: item.code, period } : undefined
      return item
    } catch (error) {
      if (signal.aborted || !(error instanceof PumError)) throw error
      this.settings.terminal.warn(inOneLine(error))
      this.user = undefined
      return undefined
    }
  }

  private period(): number {
    return Math.floor(this.settings.now() / codePeriod)
  }
}

/** Why an item of that user must not be used for this one, if so. */
function wrongUser(ofItem: string, wanted: string | undefined): string | undefined {
  if (wanted !== undefined && !isSameUser(wanted, ofItem)) return `it belongs to ${ofItem}, not to ${wanted}`
  const complaint = wanted === undefined ? usernameProblem(ofItem) : undefined
  return complaint === undefined ? undefined : `its user name is '${ofItem}'; ${complaint}`
}

/** As Active Directory compares: without regard to case. In an item a name without a domain is that of any. */
function isSameUser(name: string, ofItem: string): boolean {
  const full = name.toLowerCase()
  return [full, full.replace(/^.*\\|@.*$/g, "")].includes(ofItem.toLowerCase())
}
