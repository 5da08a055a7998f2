import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { awsClients } from "../support/aws-clients.ts"
import { PackageFolder } from "../support/keyring.ts"
import { cleanEnv, Home, runWithoutTerminal } from "../support/program.ts"
import { Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const roles = [
  "095344953043-RDSAlice",
  "095344953043-PowerUserAccess",
  "039882259752-ViewOnlyAccess",
] as const
const arns = roles.map(role => `arn:aws:sts::${role.replace("-", ":assumed-role/")}/dev_aly`)

/** All roles on demand, by a pum-aws in a folder with blanks and umlauts. */
async function setUp(): Promise<Home> {
  const packages = new PackageFolder()
  packages.installProgram()
  const home = new Home()
  const bin = join(home.path, "Häst Öl & Söner")
  mkdirSync(bin)
  symlinkSync(process.execPath, join(bin, "node"))
  symlinkSync(packages.script, join(bin, "pum-aws"))
  home.write(".pum-aws", "[default]\nno_op = true\n")
  const { code, stderr } = await runWithoutTerminal(process.execPath, {
    args: [packages.script, "--all", "--on-demand", "--password-stdin", "-u", defaultUser.name],
    env: cleanEnv(home, { ...world.env, PATH: bin, TMPDIR: join(home.path, "tmp"), PUM_NO_OP: "" }),
    stdin: `${defaultUser.password}\n${defaultUser.codes[0]}\n`,
  })
  expect([code, stderr]).toEqual([0, expect.stringContaining("✔ Set up 4 profiles")])
  world.reset()
  world.adfs.settings.users = [{ ...defaultUser, codes: "any six digits" }]
  return home
}

/** Runs these commands one after the other on a terminal, and answers as many sign-ins. */
async function answersOf(home: Home, lines: readonly string[], signIns: number): Promise<string[]> {
  const env = cleanEnv(home, { ...world.env, ...world.awsEnv })
  const pty = new Pty({ command: ["sh", "-c", lines.join(" && ")], env, columns: 200 })
  for (let count = 0; count < signIns; count++) {
    await pty.answer("Domain password:", defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", `${100_000 + count}`)
  }
  expect([await pty.ends(), pty.text]).toEqual([0, expect.any(String)])
  return pty.text.split("\n").filter(line => line.startsWith("arn:"))
}

describe.each(Object.entries(awsClients))("--all --on-demand, then %s", { timeout: 60_000 }, (_, whoAmI) => {
  const lines = roles.map(role => whoAmI(role))

  it("asks once for each role", async () => {
    const home = await setUp()
    expect(await answersOf(home, lines, 3)).toEqual(arns)
    expect([world.adfs.passwords.length, world.adfs.codes.length]).toEqual([3, 3])
    expect(home.read(".aws/credentials")).toBeUndefined()
  })

  it("asks once for all roles if the sign-in is remembered", async () => {
    const home = await setUp()
    home.write(".pum-aws", `${home.read(".pum-aws")}`.replace("no_op = true", "$&\nremember = sign-in"))
    expect(await answersOf(home, lines, 1)).toEqual(arns)
    expect([world.adfs.passwords.length, world.adfs.codes.length]).toEqual([1, 1])
  })
})
