import type { Login } from "../answers/questions.ts"
import { shortHash } from "../domain/hash.ts"
import { inOneLine, PumError } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import type { Lock } from "../files/lock.ts"
import { ownFile, readOwnFile } from "../files/read-own-file.ts"
import { removeQuietly } from "../files/temporary-files.ts"
import { writePrivately } from "../files/write-privately.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Keychain } from "./keychain.ts"
import { takeTurn } from "./turns.ts"

export interface PasswordSettings {
  readonly keychain: Keychain
  /** Of the identity provider. */
  readonly host: string
  readonly home: string
  readonly terminal: Pick<Terminal, "progress" | "warn">
  readonly pause: (milliseconds: number) => Promise<void>
  /** How long to wait for another process that has sent the password, in milliseconds. */
  readonly patience?: number
}

/**
 * The password of one identity provider in the keychain, by user. Processes use it in turn: if ADFS refuses it, it is
 * removed before another one reads it, and if the keychain does not remove it, a file says that it was refused. Several
 * wrong passwords would lock the account.
 */
export class RememberedPassword {
  private readonly settings: PasswordSettings
  /** Whose password was given out. */
  private givenFor: string | undefined
  private lock: Lock | undefined

  constructor(settings: PasswordSettings) {
    this.settings = settings
  }

  /** @returns `undefined` if there is none for this user, or no user is known */
  async login(username: string | undefined): Promise<Login | undefined> {
    if (username === undefined) return undefined
    const { keychain, terminal } = this.settings
    if (!(await this.takeTurn(username))) {
      terminal.warn("the remembered password is not used: another pum-aws is using it")
      return undefined
    }
    if (this.wasRefused(username)) {
      await this.remove(username)
      await this.release()
      return undefined
    }
    const { secret, trouble } = await keychain.get(this.nameOf(username))
    if (trouble !== undefined) terminal.warn(`the remembered password is not used: ${trouble}`)
    if (secret) {
      this.givenFor = username
      return { username, password: secret }
    }
    await this.release()
    return undefined
  }

  /** Lets other processes use it: ADFS has taken it, or the sign-in has ended. */
  async release(): Promise<void> {
    await this.lock?.release()
    this.lock = undefined
  }

  /** @returns false if another process uses the password for too long */
  private async takeTurn(username: string): Promise<boolean> {
    const { home, pause, terminal, patience = 55_000 } = this.settings
    const name = `password-${shortHash(this.nameOf(username))}`
    const file = ownFile(home, name)
    try {
      this.lock = await takeTurn(file, { terminal, pause, patience })
      return this.lock !== undefined
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      // A folder that cannot be written to does not keep the password from being used.
      terminal.warn(`the remembered password is used out of turn: ${inOneLine(error)}`)
      return true
    }
  }

  /** Removes the password that was given out: ADFS refused it, or it has expired. */
  async removeGiven(): Promise<void> {
    if (this.givenFor === undefined) return
    await this.remove(this.givenFor)
    this.givenFor = undefined
    await this.release()
  }

  private async remove(username: string): Promise<void> {
    const { keychain, terminal } = this.settings
    // First, as the run may end while the keychain is waited for.
    const unmarked = await this.markRefused(username)
    const { trouble } = await keychain.delete(this.nameOf(username))
    if (trouble === undefined) {
      this.unmarkRefused(username)
      terminal.warn("the remembered password was removed from the keychain")
      return
    }
    terminal.warn(`the remembered password was refused, and is still in the keychain: ${trouble}`)
    if (unmarked !== undefined) terminal.warn(`the next run sends it again: ${unmarked}`)
  }

  /** @returns why that could not be done; `undefined` if it was */
  private async markRefused(username: string): Promise<string | undefined> {
    try {
      await writePrivately(this.refusedFile(username), "", { lasts: true })
      return undefined
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      return inOneLine(error)
    }
  }

  private wasRefused(username: string): boolean {
    try {
      return readOwnFile(this.refusedFile(username)) !== undefined
    } catch {
      return false
    }
  }

  private unmarkRefused(username: string): void {
    removeQuietly(this.refusedFile(username).path)
  }

  private refusedFile(username: string): UserFile {
    return ownFile(this.settings.home, `refused-password-${shortHash(this.nameOf(username))}`)
  }

  async keep(username: string, password: string): Promise<void> {
    const { trouble } = await this.settings.keychain.set(this.nameOf(username), password)
    if (trouble === undefined) this.unmarkRefused(username)
    else this.settings.terminal.warn(`the password is not remembered: ${trouble}`)
  }

  /** Deletes it, if it is there. */
  async forget(username: string): Promise<void> {
    const { trouble, isMissing = false } = await this.settings.keychain.delete(this.nameOf(username))
    if (trouble === undefined) this.unmarkRefused(username)
    if (trouble === undefined || isMissing) return
    this.settings.terminal.warn(`if a password is remembered, it is still in the keychain: ${trouble}`)
  }

  /** Active Directory ignores the case of user names. */
  private nameOf(username: string): string {
    return `password ${this.settings.host} ${username.toLowerCase()}`
  }
}
