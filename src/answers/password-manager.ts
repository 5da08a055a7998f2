import { usernameProblem } from "../domain/username.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { type Login, requirePassword } from "./questions.ts"

/** An item of a password manager. A field that it does not have is undefined. */
export interface ManagerItem {
  readonly username: string | undefined
  readonly password: string | undefined
  /** The current one-time code. */
  readonly code: string | undefined
}

export interface ManagerSettings {
  /** The item, in messages. */
  readonly name: string
  /** @throws PumError, or the signal's reason */
  readonly read: (signal: AbortSignal) => Promise<ManagerItem>
  readonly terminal: Terminal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The time step of one-time codes, which begins at multiples of it since 1970 (RFC 6238, section 4), in milliseconds. */
export const codePeriod = 30_000

/** Answers from one item of a password manager. If it cannot be used, it warns, and the user is asked as usual. */
export class PasswordManager {
  /** The user whose codes the item gives; `undefined` before it was read, if it could not be, and if another user signs in. */
  user: string | undefined
  private readonly settings: ManagerSettings
  private cachedCode: { readonly code: string; readonly period: number } | undefined

  constructor(settings: ManagerSettings) {
    this.settings = settings
  }

  /**
   * @param wanted the user name, if it is decided
   * @param askUsername called if neither `wanted` nor the item names a user
   * @returns undefined if the item cannot be used, belongs to another user or has no password
   * @throws PumError `answerMissing` if ADFS would not take the password
   */
  async login(
    wanted: string | undefined,
    askUsername: () => Promise<string>,
    signal: AbortSignal,
  ): Promise<Login | undefined> {
    const { name, terminal } = this.settings
    const item = await this.readItem(signal)
    if (item === undefined) return undefined
    const mismatch = item.username === undefined ? undefined : mismatchOf(item.username, wanted)
    if (mismatch !== undefined) {
      terminal.warn(`${name} is not used: ${mismatch}`)
      return undefined
    }
    const username = wanted ?? item.username ?? (await askUsername())
    this.user = username
    if (item.password !== undefined)
      return { username, password: requirePassword(item.password, `the password of ${name}`) }
    terminal.warn(`${name} holds no password`)
    return undefined
  }

  /** @returns a code, perhaps one of `used`; undefined if the item has none */
  async code(used: readonly string[]): Promise<string | undefined> {
    const cached = this.cachedCode
    if (cached !== undefined && cached.period === this.currentPeriod() && !used.includes(cached.code))
      return cached.code
    return (await this.readItem(new AbortController().signal))?.code
  }

  /** From now on the item is used only if it belongs to this user. */
  restrictTo(username: string): void {
    if (this.user !== undefined && !isSameUser(username, this.user)) this.user = undefined
  }

  private async readItem(signal: AbortSignal): Promise<ManagerItem | undefined> {
    const period = this.currentPeriod()
    try {
      const item = await this.settings.read(signal)
      // If a period ended during the reading, the code may be of either.
      const isCurrent = item.code !== undefined && period === this.currentPeriod()
      this.cachedCode = isCurrent ? { code: item.code, period } : undefined
      return item
    } catch (error) {
      if (signal.aborted || !(error instanceof PumError)) throw error
      this.settings.terminal.warn(inOneLine(error))
      this.user = undefined
      return undefined
    }
  }

  private currentPeriod(): number {
    return Math.floor(this.settings.now() / codePeriod)
  }
}

/** Why an item of that user must not be used for the wanted one. */
function mismatchOf(itemUser: string, wanted: string | undefined): string | undefined {
  if (wanted !== undefined)
    return isSameUser(wanted, itemUser) ? undefined : `it belongs to ${itemUser}, not to ${wanted}`
  const problem = usernameProblem(itemUser)
  return problem === undefined ? undefined : `its user name is '${itemUser}'; ${problem}`
}

/** Active Directory ignores case. The user name of an item may lack the domain: it then fits any. */
function isSameUser(name: string, itemUser: string): boolean {
  const full = name.toLowerCase()
  return [full, full.replace(/^.*\\|@.*$/g, "")].includes(itemUser.toLowerCase())
}
