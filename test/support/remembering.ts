import { readdirSync } from "node:fs"
import { join } from "node:path"
import { defaultUser, type World } from "../emulators/world.ts"
import { MemoryKeychain } from "./keychain.ts"
import { Home } from "./program.ts"
import { tellStory } from "./story.ts"

export const sealedFolder = ".aws/pum-aws"

/** Names of the sealed files in a home folder. */
export function sealedFilesIn(home: string): string[] {
  return readdirSync(join(home, sealedFolder)).filter(name => /^sign-in-[\da-f]{32}$/.test(name))
}

/** A home and a keychain of a user who remembers the sign-in; the stories run in this process. */
export class Remembering {
  readonly home = new Home()
  keychain = new MemoryKeychain()
  /** Codes that were not sent yet. */
  readonly codes: string[] = [...defaultUser.codes]
  private readonly world: World

  constructor(world: World) {
    this.world = world
  }

  /** Signs in and prints the roles; the password and a new code are on stdin. */
  async list(args: readonly string[] = [], env: Record<string, string> = {}, home = this.home) {
    const stdin = `${defaultUser.password}\n${this.codes[0]}\n`
    const before = this.world.adfs.codes.length
    const all = ["--remember", "sign-in", "--list", "--password-stdin", ...args]
    const ended = await this.tell(all, env, home, stdin)
    if (this.world.adfs.codes.length > before) this.codes.shift()
    return ended
  }

  /** A run of which nothing but `stdin` can answer a question. */
  tell(args: readonly string[], env: Record<string, string> = {}, home = this.home, stdin = "") {
    const { keychain } = this
    return tellStory(home, this.world, { args: ["-u", defaultUser.name, ...args], stdin, env, keychain })
  }

  /** How many passwords and codes ADFS was sent. */
  asked(): [number, number] {
    return [this.world.adfs.passwords.length, this.world.adfs.codes.length]
  }

  files(): string[] {
    return sealedFilesIn(this.home.path)
  }

  get text(): string {
    return this.home.read(`${sealedFolder}/${this.files()[0]}`) ?? ""
  }

  get keyId(): string {
    return JSON.parse(this.text).keyId
  }

  /** Changes the text of the file. */
  change(change: (text: string) => string): void {
    this.home.write(`${sealedFolder}/${this.files()[0]}`, change(this.text))
  }
}

/** Changes one field of the file, and nothing else. */
export function withField(name: string, value: unknown) {
  return (text: string) => {
    const fields = JSON.parse(text)
    const changed = typeof value === "function" ? value(fields[name]) : value
    return JSON.stringify({ ...fields, [name]: changed })
  }
}
