import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { tempHome } from "./temp-home.ts"

/** What a stand-in process saw of itself. */
export interface Seen {
  readonly pid: number
  readonly commandLine: string
  readonly environment: Readonly<Record<string, string>>
  readonly linux: { readonly store: string }
}

/** As a package: entries are a file; each process goes on for ever, as one does that asks a locked keychain. */
const standIn = `
const fs = require("node:fs")
const file = __dirname + "/entries.json"
const entries = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {}
const save = () => fs.writeFileSync(file, JSON.stringify(entries))
exports.AsyncEntry = class {
  constructor(service, name, options) {
    this.key = service + "/" + name
    const commandLine = process.platform === "linux"
      ? fs.readFileSync("/proc/self/cmdline", "utf8") : [process.argv0, ...process.execArgv, ...process.argv.slice(1)].join("\\0")
    const seen = { pid: process.pid, commandLine, environment: process.env, linux: options.linux }
    fs.writeFileSync(__dirname + "/seen.part", JSON.stringify(seen))
    fs.renameSync(__dirname + "/seen.part", __dirname + "/seen.json")
    setInterval(() => {}, 1000)
    if (name === "ends") process.exit(0)
  }
  async getPassword() {
    if (this.key.endsWith("/hangs") || fs.existsSync(__dirname + "/hangs")) await new Promise(() => {})
    return entries[this.key] ?? null
  }
  async setPassword(secret) {
    if (this.key.endsWith("/quotes")) throw new Error("cannot store " + secret)
    if (this.key.endsWith("/escapes")) throw new Error("cannot store " + JSON.stringify(secret))
    if (this.key.endsWith("/fails")) throw new Error("no\\u001b[31m bus")
    entries[this.key] = secret
    save()
  }
  async deletePassword() {
    if (entries[this.key] === undefined) return false
    delete entries[this.key]
    save()
    return true
  }
}
`

/** A folder of global packages: pum-aws as far as the keychain needs it, and a stand-in for `@napi-rs/keyring`. */
export class PackageFolder {
  readonly path = tempHome()
  /** A link to pum-aws' script, as npm makes it. */
  readonly script = join(this.path, "pum-aws.link")

  /**
   * @param version of the stand-in
   * @param scope a real folder `@napi-rs`, instead of the stand-in
   */
  constructor(version = "2.1.2", scope?: string) {
    this.write("pum-aws/bin/pum-aws", "")
    symlinkSync(join(this.path, "pum-aws/bin/pum-aws"), this.script)
    mkdirSync(join(this.path, "pum-aws/dist"))
    copyFileSync(
      join(import.meta.dirname, "../../dist/keychain.js"),
      join(this.path, "pum-aws/dist/keychain.js"),
    )
    if (scope === undefined) this.writeModule("@napi-rs/keyring", version)
    else symlinkSync(scope, join(this.path, "@napi-rs"))
  }

  /** Makes the whole program start from here, as it does from a global installation. */
  installProgram(): void {
    const root = join(import.meta.dirname, "../..")
    rmSync(join(this.path, "pum-aws/dist"), { recursive: true })
    symlinkSync(join(root, "dist"), join(this.path, "pum-aws/dist"))
    for (const file of ["bin/pum-aws", "package.json"])
      copyFileSync(join(root, file), join(this.path, "pum-aws", file))
  }

  writeModule(name: string, version: string): void {
    this.write(`${name}/package.json`, JSON.stringify({ version, main: "index.js" }))
    this.write(`${name}/index.js`, standIn)
  }

  /** Of the last stand-in process; `undefined` if none was started. */
  seen(): Seen | undefined {
    const text = this.read("seen.json")
    return text === undefined ? undefined : JSON.parse(text)
  }

  /** Secrets by `service/name`. */
  entries(): Readonly<Record<string, string>> {
    return JSON.parse(this.read("entries.json") ?? "{}")
  }

  /** From now on no entry can be read: each call waits for ever, as for a keychain that is locked. */
  hang(): void {
    rmSync(join(this.path, "@napi-rs/keyring/seen.json"), { force: true })
    this.write("@napi-rs/keyring/hangs", "")
  }

  setEntries(entries: Readonly<Record<string, string>>): void {
    this.write("@napi-rs/keyring/entries.json", JSON.stringify(entries))
  }

  private read(name: string): string | undefined {
    const path = join(this.path, "@napi-rs/keyring", name)
    return existsSync(path) ? readFileSync(path, "utf8") : undefined
  }

  private write(name: string, text: string): void {
    const path = join(this.path, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

/** A process that has ended, but that its parent has not asked for yet, does not run. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !(process.platform === "linux" && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8")))
  } catch {
    return false
  }
}
