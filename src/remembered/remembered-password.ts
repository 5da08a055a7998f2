import type { Terminal } from "../terminal/terminal.ts"
import type { Keychain } from "./keychain.ts"

/** The password of one identity provider in the keychain, by user. */
export class RememberedPassword {
  private readonly keychain: Keychain
  private readonly host: string
  private readonly terminal: Pick<Terminal, "warn">
  /** Whose password was given out. */
  private givenFor: string | undefined

  constructor(keychain: Keychain, host: string, terminal: Pick<Terminal, "warn">) {
    this.keychain = keychain
    this.host = host
    this.terminal = terminal
  }

  /** @returns `undefined` if there is none for this user, or no user is known */
  async login(username: string | undefined): Promise<{ username: string; password: string } | undefined> {
    if (username === undefined) return undefined
    const { secret, trouble } = await this.keychain.get(this.nameOf(username))
    if (trouble !== undefined) this.terminal.warn(`the remembered password is not used: ${trouble}`)
    if (!secret) return undefined
    this.givenFor = username
    return { username, password: secret }
  }

  /** Removes the password that was given out: ADFS refused it, or it has expired. */
  async removeGiven(): Promise<void> {
    if (this.givenFor === undefined) return
    const { trouble } = await this.keychain.delete(this.nameOf(this.givenFor))
    this.givenFor = undefined
    this.terminal.warn(
      trouble === undefined
        ? "the remembered password was removed from the keychain"
        : `the remembered password is still in the keychain: ${trouble}`,
    )
  }

  async keep(username: string, password: string): Promise<void> {
    const { trouble } = await this.keychain.set(this.nameOf(username), password)
    if (trouble !== undefined) this.terminal.warn(`the password is not remembered: ${trouble}`)
  }

  /** Deletes it, if it is there. */
  async forget(username: string): Promise<void> {
    const { trouble, isMissing = false } = await this.keychain.delete(this.nameOf(username))
    if (trouble === undefined || isMissing) return
    this.terminal.warn(`if a password is remembered, it is still in the keychain: ${trouble}`)
  }

  /** Active Directory ignores the case of user names. */
  private nameOf(username: string): string {
    return `password ${this.host} ${username.toLowerCase()}`
  }
}
