// What each mode hands over is used by the AWS CLI, and what is stored by SDKs, too. The tests of the modes themselves
// ask AWS by its SDK for JavaScript.
import { execFileSync } from "node:child_process"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { storeProfiles } from "../../src/profiles/store-profiles.ts"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { aws, identityOf, python, runAws, whoAmI } from "../support/aws-cli.ts"
import { awsClients } from "../support/aws-clients.ts"
import { newHome, writeOf } from "../support/aws-home.ts"
import { cleanEnv, type Ended, Home, runProgram, runWithoutTerminal } from "../support/program.ts"
import { answerAll, enter, Pty } from "../support/pty.ts"
import { keptSettings, statusCases, statusCasesOfAwsCli } from "../support/status-cases.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const secrets = `${defaultUser.password}\n${defaultUser.codes[0]}\n`
const signedIn = ["--password-stdin", "-u", defaultUser.name]
const admin = ["--account", "585848786654", "--role", "AdministratorAccess"]
const adminArn = "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly"

function run(home: Home, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return runProgram({
    args: [...signedIn, ...args],
    env: cleanEnv(home, { ...world.env, ...env }),
    stdin: secrets,
  })
}

describe("the AWS CLI", () => {
  it("is the chosen role by what was stored without a terminal", async () => {
    const home = new Home()
    expect(await run(home, ["--profile", "vadfs", ...admin])).toMatchObject({ code: 0 })
    expect(await identityOf(home, world, "vadfs")).toBe(adminArn)
  })

  it("is the only role there is", async () => {
    world.adfs.settings.roles = ["arn:aws:iam::585848786654:role/team/Only"]
    const home = new Home()
    expect(await run(home, [])).toMatchObject({ code: 0 })
    expect(await identityOf(home, world, "default")).toBe(
      "arn:aws:sts::585848786654:assumed-role/Only/dev_aly",
    )
  })

  it("is the role that was chosen in the menu", async () => {
    const home = new Home()
    const pty = new Pty({ args: ["--profile", "vadfs"], env: cleanEnv(home, world.env) })
    await answerAll(pty)
    await pty.sees("4 · type to filter, ↑↓ to move, Enter to choose")
    pty.type(`acc 0398${enter}`)
    expect(await pty.ends()).toBe(0)
    expect(await identityOf(home, world, "vadfs")).toBe(
      "arn:aws:sts::039882259752:assumed-role/ViewOnlyAccess/dev_aly",
    )
  })

  it("is another role in each of several profiles", async () => {
    const home = new Home()
    home.write(".pum-aws", "[profile prod]\naccount = 585848786654\n[profile rds]\nrole = RDSAlice\n")
    expect(await run(home, ["--profiles", "prod,rds"])).toMatchObject({ code: 0 })
    expect(await identityOf(home, world, "prod")).toBe(adminArn)
    expect(await identityOf(home, world, "rds")).toBe(
      "arn:aws:sts::095344953043:assumed-role/RDSAlice/dev_aly",
    )
  })

  it("is the role as the command of pum-aws, whatever the environment and the AWS files said before", async () => {
    const home = new Home()
    home.write(".aws/config", "[profile other]\nregion = us-east-1\n")
    const { code, stdout, stderr } = await run(home, [...admin, "--", ...whoAmI.split(" ")], {
      ...world.awsEnv,
      AWS_PROFILE: "other",
      AWS_SECURITY_TOKEN: "old",
      AWS_SESSION_TOKEN: "old",
    })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${adminArn}\n`, stderr: "" })
  })

  it("uses what was stored", async () => {
    const home = newHome({ ".aws/config": "[default]\r\ns3 =\r\n  addressing_style = path\r\n" })
    await storeProfiles(home.paths, [writeOf("a.b/c@d+e", { region: "eu-north-1" })], { overwrite: false })
    const { session } = writeOf("a.b/c@d+e")
    const script = `
from awscli.botocore.session import Session
import json
session = Session(profile="a.b/c@d+e")
keys = session.get_credentials().get_frozen_credentials()
print(json.dumps([*keys, session.get_config_variable("region"), session.get_scoped_config()["output"], session.full_config["profiles"]["default"]["s3"]]))`
    const answer = execFileSync(python, ["-c", script], { encoding: "utf8", env: { HOME: home.folder } })
    expect(JSON.parse(answer)).toEqual([
      session.accessKeyId,
      session.secretAccessKey,
      session.sessionToken,
      "eu-north-1",
      "json",
      { addressing_style: "path" },
    ])
    const args = ["configure", "get", "aws_session_token", "--profile", "a.b/c@d+e"]
    const env = { HOME: home.folder, PATH: "/usr/bin:/bin" }
    expect(execFileSync(aws, args, { encoding: "utf8", env }).trim()).toBe(session.sessionToken)
  })
})

describe("what was stored", () => {
  it.each(Object.entries(awsClients))("is used by %s", async (_, whoAmI) => {
    const home = new Home()
    expect((await tell(home, ["--profile", "vadfs", ...admin, ...signedIn])).code).toBe(0)
    const { code, stdout, stderr } = await runWithoutTerminal("sh", {
      args: ["-c", whoAmI("vadfs")],
      env: cleanEnv(home, { ...world.env, ...world.awsEnv }),
    })
    expect([code, stdout, stderr]).toEqual([0, `${adminArn}\n`, ""])
  })
})

/** Told in this process: what matters is what is stored and printed. */
const tell = (home: Home, args: readonly string[]) => tellStory(home, world, { args, stdin: secrets })

describe("--status", () => {
  it.each([...statusCases, ...statusCasesOfAwsCli])(
    "counts a kept session %s as the AWS CLI does",
    async (_, one) => {
      const home = new Home()
      home.write(".pum-aws", keptSettings)
      await tell(home, ["-p", "kept", "--json", "--password-stdin"])
      home.write(".pum-aws", one.settings ?? keptSettings)
      home.write(".aws/config", one.config)
      if (one.credentials !== undefined) home.write(".aws/credentials", one.credentials)
      expect((await tell(home, ["--status", "-p", "kept"])).code).toBe(one.expected[0])
      const used = await runAws(home, world, [...whoAmI.split(" ").slice(1), "--profile", "kept"])
      expect(used.code === 0).toBe(one.expected[0] === 0)
    },
  )
})
