// What a user gets: packs the tarball, installs it into an empty prefix with an empty npm cache, and signs in with
// that copy on emulated servers; then 50 AWS CLIs at once ask it for credentials.
import { execFile, execFileSync } from "node:child_process"
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { defaultUser, startWorld } from "../test/emulators/world.ts"

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
const whoAmI = async (profile: string, env: Record<string, string>) => {
  const call = ["sts", "get-caller-identity", "--profile", profile, "--query", "Arn", "--output", "text"]
  return (await run(aws, call, env)).trim()
}
const expected = "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly"
const identity = await whoAmI("vadfs", world.awsEnv)
if (identity !== expected) fail(`AWS says ${identity}`)
console.log(
  `The installed tarball (${packed.unpackedSize} bytes unpacked, no dependencies) signed in; AWS says ${identity}`,
)

// As a run of Terraform does, with nothing kept: one of them signs in, the others get its session.
const many = 50
world.reset()
appendFileSync(
  join(home, ".aws/config"),
  `[profile many]\nregion = eu-north-1\ncredential_process = ${program} --credential-process -p many --role AdministratorAccess\n`,
)
const answers = {
  PUM_USERNAME: defaultUser.name,
  PUM_PASSWORD_COMMAND: `echo '${defaultUser.password}'`,
  PUM_OTP_COMMAND: `echo ${defaultUser.codes[0]}`,
}
const env = { ...world.env, ...world.awsEnv, ...answers }
const identities = await Promise.all(Array.from({ length: many }, () => whoAmI("many", env)))
const served = identities.filter(one => one === expected).length
const signIns = world.adfs.passwords.length
if (served !== many || signIns !== 1)
  fail(`${served} of ${many} AWS CLIs were served, with ${signIns} sign-ins`)
console.log(`${many} AWS CLIs at once asked it for credentials: all were served, with ${signIns} sign-in`)
await world.close()
rmSync(folder, { recursive: true, force: true })
