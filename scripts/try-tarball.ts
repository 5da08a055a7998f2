// What a user gets: packs the tarball, installs it into an empty prefix with an empty npm cache, and signs in with
// that copy on emulated servers.
import { execFile, execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { defaultUser, startWorld } from "../test/emulators/index.ts"

const folder = mkdtempSync(join(tmpdir(), "pum-aws-tarball-"))
const npm = (...args: string[]) =>
  execFileSync("npm", [...args, "--cache", join(folder, "cache"), "--loglevel", "error"], {
    encoding: "utf8",
  })
const fail = (what: string): never => {
  throw new Error(what)
}

const [packed] = JSON.parse(npm("pack", "--json", "--ignore-scripts", "--pack-destination", folder)) as [
  { filename: string; unpackedSize: number },
]
const prefix = join(folder, "prefix")
// No run-time dependencies: nothing but the tarball is needed, so the registry is not asked.
npm("install", "--global", "--offline", "--prefix", prefix, join(folder, packed.filename))
const installed = readdirSync(join(prefix, "lib/node_modules"))
if (installed.join() !== "pum-aws") fail(`installed besides pum-aws: ${installed.join(", ")}`)
if (!existsSync(join(prefix, "lib/node_modules/pum-aws/THIRD-PARTY-NOTICES.txt")))
  fail("the notices are missing")

const world = await startWorld()
const home = join(folder, "home")
const own = { PATH: process.env.PATH ?? "", HOME: home, PUM_NO_OP: "1" }
const run = (command: string, args: readonly string[], env: Record<string, string>, input = "") =>
  new Promise<string>((resolve, reject) => {
    // The servers answer in this very process, so it must not wait for its child.
    const child = execFile(command, args, { env: { ...own, ...env } }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${command} ${args.join(" ")}: ${error.message}\n${stderr}`))
    })
    child.stdin?.end(input)
  })

const program = join(prefix, "bin/pum-aws")
const version = (await run(program, ["--version"], {})).trim()
if (version !== (JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version)
  fail(`it says ${version}`)
await run(
  program,
  ["--password-stdin", "-u", defaultUser.name, "-p", "vadfs", "--role", "AdministratorAccess"],
  world.env,
  `${defaultUser.password}\n${defaultUser.codes[0]}\n`,
)
const aws = existsSync("/usr/bin/aws") ? "/usr/bin/aws" : "aws"
const identity = await run(
  aws,
  ["sts", "get-caller-identity", "--profile", "vadfs", "--query", "Arn", "--output", "text"],
  world.awsEnv,
)
if (identity.trim() !== "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly")
  fail(`AWS says ${identity}`)
await world.close()
rmSync(folder, { recursive: true, force: true })
console.log(
  `The installed tarball (${packed.unpackedSize} bytes unpacked, no dependencies) signed in; AWS says ${identity.trim()}`,
)
