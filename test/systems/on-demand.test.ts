import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { python, whoAmI, whoAmIByCli1 } from "../support/aws-cli.ts"
import { cleanEnv, Home, program } from "../support/program.ts"
import { Pty } from "../support/pty.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const boto3 = (profile: string) =>
  `${python} -c "import boto3; print(boto3.Session(profile_name='${profile}').client('sts').get_caller_identity()['Arn'])"`
const awsCli = (profile: string) => `${whoAmI} --profile ${profile}`

describe("--all --on-demand", () => {
  it("then each profile asks once, in a folder with blanks and umlauts, whichever tool uses it", async () => {
    const home = new Home()
    const bin = join(home.path, "Häst Öl & Söner")
    mkdirSync(bin)
    symlinkSync(process.execPath, join(bin, "node"))
    symlinkSync(program, join(bin, "pum-aws"))
    home.write(".pum-aws", "[default]\nno_op = true\n")
    const secrets = `${defaultUser.password}\n${defaultUser.codes[0]}\n`
    const { code } = await tellStory(home, world, {
      args: ["--all", "--on-demand", "--password-stdin", "-u", defaultUser.name],
      env: { PATH: bin, TMPDIR: join(home.path, "tmp"), PUM_NO_OP: "" },
      stdin: secrets,
    })
    expect(code).toBe(0)

    const env = cleanEnv(home, { ...world.env, ...world.awsEnv })
    for (const [line, arn] of [
      [awsCli("095344953043-RDSAlice"), "arn:aws:sts::095344953043:assumed-role/RDSAlice/dev_aly"],
      [
        `${whoAmIByCli1} --profile 095344953043-PowerUserAccess`,
        "arn:aws:sts::095344953043:assumed-role/PowerUserAccess/dev_aly",
      ],
      [boto3("039882259752-ViewOnlyAccess"), "arn:aws:sts::039882259752:assumed-role/ViewOnlyAccess/dev_aly"],
    ] as const) {
      world.reset()
      const pty = new Pty({ command: ["sh", "-c", `${line} && ${line}`], env, columns: 200 })
      await pty.answer("Domain password:", defaultUser.password)
      await pty.answer("Visma Google Auth 2FA Token:", defaultUser.codes[0])
      expect(await pty.ends()).toBe(0)
      expect(pty.text.split("\n").filter(each => each === arn)).toHaveLength(2)
      expect(world.adfs.passwords).toHaveLength(1)
    }
    expect(home.read(".aws/credentials")).toBeUndefined()
  })
})
