import type { Keychain, KeychainAnswer } from "../../src/remembered/keychain.ts"

/** A keychain in this process. */
export class MemoryKeychain implements Keychain {
  readonly entries = new Map<string, string>()
  /** What was asked, in order: `get sign-in …`. */
  readonly calls: string[] = []
  /** Why it cannot be asked; `undefined` if it can. */
  trouble: string | undefined
  isMissing = false

  async get(name: string): Promise<KeychainAnswer> {
    return this.answer(`get ${name}`, () => ({ secret: this.entries.get(name) }))
  }

  async set(name: string, secret: string): Promise<KeychainAnswer> {
    return this.answer(`set ${name}`, () => {
      this.entries.set(name, secret)
      return {}
    })
  }

  async delete(name: string): Promise<KeychainAnswer> {
    return this.answer(`delete ${name}`, () => {
      this.entries.delete(name)
      return {}
    })
  }

  private answer(call: string, work: () => KeychainAnswer): KeychainAnswer {
    this.calls.push(call)
    return this.trouble === undefined ? work() : { trouble: this.trouble, isMissing: this.isMissing }
  }
}
