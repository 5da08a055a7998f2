import { randomBytes, randomUUID } from "node:crypto"
import { existsSync, rmSync } from "node:fs"
import { PumError } from "../errors.ts"
import { fileTrouble, type UserFile } from "../files/file-error.ts"
import { isOfLaterVersion } from "../files/own-content.ts"
import { checkOwnFolder, ownFile, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import { writePrivately } from "../files/write-privately.ts"
import type { Keychain } from "./keychain.ts"
import {
  keyBytes,
  longestSignIn,
  type Reading,
  readSealed,
  type SealedContent,
  type SealedFor,
  type SealedHeader,
  seal,
  sealedName,
  unseal,
} from "./seal.ts"

/** A remembered sign-in that was opened. */
export interface OpenedSignIn extends SealedContent {
  readonly header: SealedHeader
  readonly key: Buffer
}

export interface StoreSettings {
  readonly home: string
  readonly keychain: Keychain
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** From now on this text is not shown. */
  readonly keepSecret: (secret: string) => void
}

/** Why there is nothing to use; `isWorthless` if it was removed. */
interface Unusable {
  readonly why: string
  readonly isWorthless: boolean
}

/** The sealed file of one identity provider and user, and its key in the keychain. */
export class SealedStore {
  readonly file: UserFile
  private readonly wanted: SealedFor
  private readonly settings: StoreSettings

  /** @param name of the file; default: that of this identity provider and user */
  constructor(wanted: SealedFor, settings: StoreSettings, name = sealedName(wanted.origin, wanted.user)) {
    this.wanted = wanted
    this.settings = settings
    this.file = ownFile(settings.home, name)
  }

  exists(): boolean {
    return existsSync(this.file.path)
  }

  /**
   * What the fields say, without the key.
   * @returns `undefined` if there is no file, or none of ours
   * @throws PumError `file`
   */
  read(): Reading | undefined {
    const text = readOwnFile(this.file)
    return text === undefined ? undefined : readSealed(text, this.wanted, this.settings.now())
  }

  /**
   * Opens the file. One that is worthless is removed, with its key.
   * @throws PumError `file`
   */
  async open(): Promise<OpenedSignIn | Unusable | undefined> {
    const { keychain, keepSecret } = this.settings
    const reading = this.read()
    if (reading === undefined) return undefined
    if (reading.state !== "usable") {
      const isWorthless = reading.state === "worthless"
      if (isWorthless) await this.remove(reading.keyId)
      return { why: reading.why, isWorthless }
    }
    const { file } = reading
    const { secret, trouble } = await keychain.get(keyName(file.keyId))
    if (trouble !== undefined) return { why: trouble, isWorthless: false }
    if (secret === undefined) return { why: "this keychain does not hold its key", isWorthless: false }
    keepSecret(secret)
    const key = Buffer.from(secret, "base64")
    const content = unseal(file, key)
    if (content !== undefined) return { header: file, key, ...content }
    await this.remove(file.keyId)
    return { why: "it was changed", isWorthless: true }
  }

  /**
   * Seals a new sign-in with a new key. The key is in the keychain before the file is, and the old key is deleted after:
   * at each moment there is a whole file and its key.
   * @param began when the password was given, in milliseconds since 1970
   * @returns why it was not kept
   * @throws PumError `file`
   */
  async begin(content: SealedContent, began: number): Promise<string | undefined> {
    const { keychain, keepSecret, now } = this.settings
    const text = readOwnFile(this.file)
    if (isOfLaterVersion(text ?? "")) return "a later version of pum-aws wrote its file"
    const previous = text === undefined ? undefined : keyIdIn(readSealed(text, this.wanted, now()))
    const key = randomBytes(keyBytes)
    const keyId = randomUUID()
    const secret = key.toString("base64")
    keepSecret(secret)
    const { trouble } = await keychain.set(keyName(keyId), secret)
    if (trouble !== undefined) return trouble
    const header = { ...this.wanted, keyId, began, ends: began + longestSignIn }
    try {
      await this.write({ header, key, ...content })
    } catch (error) {
      await keychain.delete(keyName(keyId))
      throw error
    }
    if (previous !== undefined) await keychain.delete(keyName(previous))
    return undefined
  }

  /**
   * Writes the cookies of another visit. The end does not move.
   * @throws PumError `file`
   */
  async write({ header, key, cookies, identity }: OpenedSignIn): Promise<void> {
    checkOwnFolder(ownFolder(this.settings.home))
    await writePrivately(this.file, seal(header, { cookies, identity }, key), { lasts: true })
  }

  /**
   * Removes the file, and its key if that is known. A key that stays opens nothing.
   * @returns why the key stays
   * @throws PumError `file`
   */
  async remove(keyId = this.keyId()): Promise<string | undefined> {
    try {
      rmSync(this.file.path, { force: true })
    } catch (error) {
      throw fileTrouble("cannot remove", this.file, error)
    }
    if (keyId === undefined) return undefined
    return (await this.settings.keychain.delete(keyName(keyId))).trouble
  }

  /** Whether the file is still of this sign-in: not removed, and not replaced by one with a new key. */
  holds({ header }: OpenedSignIn): boolean {
    return this.keyId() === header.keyId
  }

  private keyId(): string | undefined {
    try {
      const reading = this.read()
      return reading === undefined ? undefined : keyIdIn(reading)
    } catch (error) {
      if (error instanceof PumError) return undefined
      throw error
    }
  }
}

function keyIdIn(reading: Reading): string | undefined {
  if (reading.state === "usable") return reading.file.keyId
  return reading.keyId
}

const keyName = (keyId: string) => `sign-in ${keyId}`
