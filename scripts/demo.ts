// The whole job on emulated servers: real program, real terminal, throw-away home.
import { execFile, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { codeOfSignal } from "../src/platform/end-process.ts"
import { wrapLine } from "../src/terminal/width.ts"
import { startWorld } from "../test/emulators/world.ts"

const user = { name: "adm\\dev_aly", password: "demo", codes: ["444692", "123456", "654321"] }
const profile = "vadfs"
const world = await startWorld({ adfs: { users: [user] } })
const home = mkdtempSync(join(tmpdir(), "pum-aws-demo-"))
const program = resolve(process.cwd(), "bin/pum-aws")
const own = {
  PATH: process.env.PATH ?? "",
  TERM: process.env.TERM ?? "",
  HOME: home,
  USERPROFILE: home,
  PUM_NO_OP: "1",
}

const width = process.stdout.columns || 80
const say = (text: string) =>
  console.log(
    text
      .split("\n")
      .flatMap(line => wrapLine(line, width))
      .join("\n"),
  )

say(`
ADFS, STS and a proxy are emulated on this machine. The home folder is
${home}. Type these:

    user       ${user.name}
    password   ${user.password}
    2FA code   ${user.codes[0]}   (each code works once: ${user.codes.slice(1).join(", ")} are left)

$ pum-aws --profile ${profile} ${process.argv.slice(2).join(" ")}`)

const exitCode = await new Promise<number>(done => {
  // Ctrl-C is for the program; the demo goes on to what it left behind.
  process.on("SIGINT", () => {})
  const child = spawn(process.execPath, [program, "--profile", profile, ...process.argv.slice(2)], {
    env: { ...own, ...world.env },
    stdio: "inherit",
  })
  child.on("close", (code, signal) => done(code ?? (signal === null ? 1 : codeOfSignal(signal))))
})

const credentials = join(home, ".aws/credentials")
if (exitCode === 0 && existsSync(credentials)) {
  const shown = new RegExp(`(.{${Math.min(70, width - 2)}}).+`, "g")
  say(`\n$ cat ~/.aws/credentials\n${readFileSync(credentials, "utf8").replace(shown, "$1…")}`)
  // The servers answer in this very process, so it must not stand still while AWS is asked.
  const identity = await new Promise<string>(done => {
    const args = [resolve("test/support/who-am-i.mjs"), profile]
    execFile(process.execPath, args, { env: { ...own, ...world.env } }, (_, stdout, stderr) =>
      done(stdout + stderr),
    )
  })
  say(
    `AWS, asked with the profile ${profile} by the AWS SDK for JavaScript, says:\n${identity}
The servers end now, and the home folder is removed. No file of yours changed.`,
  )
} else if (exitCode !== 0) say(`\npum-aws ended with exit code ${exitCode}; nothing was stored.`)

await world.close()
rmSync(home, { recursive: true, force: true })
process.exit(exitCode)
