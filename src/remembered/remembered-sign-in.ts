import { inOneLine, PumError } from "../errors.ts"
import type { Lock } from "../files/lock.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { SealedContent, SealedFor } from "./seal.ts"
import { type OpenedSignIn, SealedStore, type StoreSettings } from "./sealed-store.ts"
import { takeTurn } from "./turns.ts"

export interface RememberedSettings extends Omit<StoreSettings, "keepSecret"> {
  readonly terminal: Terminal
  /** Of this run; the user is the one who is expected to sign in, if there is one. */
  readonly wanted: Omit<SealedFor, "user"> & { readonly user: string | undefined }
  /** Whether to sign in anew in any case (--force). */
  readonly isForced: boolean
  /** Whether to ask before it is used. */
  readonly confirm: boolean
  readonly pause: (milliseconds: number) => Promise<void>
  /** How long to wait for another process that signs in or visits, in milliseconds. */
  readonly patience?: number
}

/** How long a run that was not in its turn waits to write, in milliseconds. */
const writePatience = 10_000

/**
 * The remembered sign-in of one run: looked for before the questions, kept after them. A lock per identity provider and
 * user makes visits take turns; a run that waited for it finds what the run before has kept.
 */
export class RememberedSignIn {
  private readonly settings: RememberedSettings
  private readonly store: SealedStore | undefined
  private lock: Lock | undefined

  constructor(settings: RememberedSettings) {
    this.settings = settings
    const { user } = settings.wanted
    this.store = user === undefined ? undefined : this.storeOf(user)
  }

  /** Whether something is kept that `find` opens without asking the user. */
  asksNoPerson(): boolean {
    const { confirm, isForced } = this.settings
    return !confirm && !isForced && this.store?.exists() === true
  }

  /**
   * Takes the turn, and opens what is kept. If questions can be asked and nothing is kept yet, no other run is waited for.
   * @returns `undefined` if there is nothing to use; a line says why, unless nothing was kept
   * @throws PumError `cancelled` after a "no" of the user
   */
  async find(): Promise<OpenedSignIn | undefined> {
    const { store } = this
    const { isForced, patience = 55_000, terminal } = this.settings
    if (store === undefined) return undefined
    try {
      const mayWait = !isForced && (store.exists() || !terminal.interactive)
      this.lock = await this.takeTurn(store, mayWait ? patience : 0)
      if (isForced || !store.exists() || !(await this.isAllowed(store))) return undefined
      if (this.lock === undefined) throw new PumError("file", "another pum-aws is using it")
      const opened = await store.open()
      if (opened === undefined || "header" in opened) return opened
      if (opened.isWorthless) terminal.trace(`the remembered sign-in was removed: ${opened.why}`)
      else terminal.warn(`the remembered sign-in is not used: ${opened.why}`)
      return undefined
    } catch (error) {
      if (!(error instanceof PumError) || error.code === "cancelled") throw error
      terminal.warn(`the remembered sign-in is not used: ${inOneLine(error)}`)
      return undefined
    }
  }

  /** Keeps the cookies of a visit that used what was remembered, unless that was removed or replaced meanwhile. */
  async keepVisit(opened: OpenedSignIn, cookies: SealedContent["cookies"]): Promise<void> {
    await this.orWarn(async () => {
      if (this.lock?.intact() && this.store?.holds(opened)) await this.store.write({ ...opened, cookies })
      return undefined
    })
  }

  /**
   * Keeps a new sign-in.
   * @param began when the password was given, in milliseconds since 1970
   * @param users under whose names it will be looked for (`ExpectedUser.id`)
   */
  async keepNew(content: SealedContent, began: number, users: readonly string[]): Promise<void> {
    if (content.cookies.length === 0) {
      this.settings.terminal.warn("the sign-in is not remembered: ADFS gave no cookie to know it by")
      return
    }
    for (const user of users) {
      const store = this.storeOf(user)
      const isKept = await this.orWarn(async () => {
        if (user === this.settings.wanted.user && this.lock?.intact()) return store.begin(content, began)
        const lock = await this.takeTurn(store, writePatience)
        if (lock === undefined) return "another pum-aws is using its file"
        try {
          return await store.begin(content, began)
        } finally {
          await lock.release()
        }
      })
      if (!isKept) return
    }
  }

  /** Removes what ADFS does not take any more, unless another run has replaced it. */
  async throwAway(opened: OpenedSignIn, why: string): Promise<void> {
    this.settings.terminal.trace(`the remembered sign-in is removed: ${why}`)
    await this.orWarn(async () => {
      if (this.store?.holds(opened)) await this.store.remove(opened.header.keyId)
      return undefined
    })
  }

  async release(): Promise<void> {
    await this.lock?.release()
  }

  private storeOf(user: string): SealedStore {
    const { home, keychain, now, terminal, wanted } = this.settings
    const { keepSecret } = terminal
    return new SealedStore({ ...wanted, user }, { home, keychain, now, keepSecret })
  }

  /** @param work gives why nothing was kept @returns whether it was */
  private async orWarn(work: () => Promise<string | undefined>): Promise<boolean> {
    const warn = (why: string) => this.settings.terminal.warn(`the sign-in is not remembered: ${why}`)
    try {
      const why = await work()
      if (why !== undefined) warn(why)
      return why === undefined
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      warn(inOneLine(error))
      return false
    }
  }

  private takeTurn({ file }: SealedStore, patience: number): Promise<Lock | undefined> {
    const { pause, terminal } = this.settings
    return takeTurn(file, { pause, terminal, patience })
  }

  private async isAllowed(store: SealedStore): Promise<boolean> {
    const { confirm, terminal } = this.settings
    if (!confirm || store.read()?.state !== "usable") return true
    if (!terminal.interactive) {
      terminal.warn("the remembered sign-in is not used: there is no terminal to confirm it on")
      return false
    }
    const yes = await terminal.confirm({ message: "Use the remembered sign-in?" })
    if (!yes) throw new PumError("cancelled", "cancelled, the remembered sign-in was not used")
    return true
  }
}
