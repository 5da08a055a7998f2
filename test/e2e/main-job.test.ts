import { statSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, secondFactorNames, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"
import { identityOf } from "../support/sdk.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [code] = defaultUser.codes
const secrets = `${defaultUser.password}\n${code}\n`
const one = ["--account", "585848786654", "--role", "AdministratorAccess"]

function run(home: Home, args: readonly string[] = [], stdin = secrets, env: Record<string, string> = {}) {
  return runProgram({
    args: ["--password-stdin", "-u", defaultUser.name, ...args],
    env: cleanEnv(home, { ...world.env, ...env }),
    stdin,
  })
}

/** Told in this process: what matters is what is sent and read. */
function tell(args: readonly string[], stdin = secrets, env: Record<string, string> = {}, home = new Home()) {
  return tellStory(home, world, { args: ["--password-stdin", "-u", defaultUser.name, ...args], env, stdin })
}

describe("without a terminal, with the default configuration", () => {
  it("stores credentials that AWS tools use as the chosen role", async () => {
    const home = new Home()
    const { code, stdout, stderr } = await run(home, ["--profile", "vadfs", ...one])
    expect(stderr.replace(/\d\d:\d\d/, "15:46")).toBe(
      [
        "✔ Stored in profile [vadfs] of ~/.aws/credentials",
        "  arn:aws:iam::585848786654:role/AdministratorAccess, valid until 15:46 (1 h)",
        "  aws --profile vadfs s3api list-buckets",
        "",
      ].join("\n"),
    )
    expect([code, stdout]).toEqual([0, ""])
    expect(await identityOf(home, world, "vadfs")).toBe(
      "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly",
    )
  })

  it("writes both files for the user alone", async () => {
    const home = new Home()
    await run(home, one)
    const mode = (name: string) => (statSync(join(home.path, name)).mode & 0o777).toString(8)
    expect([mode(".aws"), mode(".aws/credentials"), mode(".aws/config")]).toEqual(["700", "600", "600"])
    expect(home.read(".aws/credentials")).toMatch(
      /^\[default\]\naws_access_key_id = ASIA\w+\naws_secret_access_key = \S{40}\naws_session_token = \S{1000,}\nx_principal_arn = arn:aws:sts::585848786654:assumed-role\/AdministratorAccess\/dev_aly\nx_security_token_expires = 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/,
    )
    expect(home.read(".aws/config")).toBe("[default]\nregion = eu-central-1\noutput = json\n")
  })

  it.each(["direct", "by proxy"])("opens one connection to ADFS and one to STS, %s", async way => {
    const { AWS_CA_BUNDLE, ...servers } = way === "direct" ? world.directEnv : world.env
    // Node's own certificates, and one more.
    const env = cleanEnv(new Home(), { ...servers, NODE_EXTRA_CA_CERTS: world.caFile })
    const args = ["--password-stdin", "-u", defaultUser.name, ...one]
    expect(await runProgram({ args, env, stdin: secrets })).toMatchObject({ code: 0 })
    expect([world.adfs.connections(), world.sts.connections()]).toEqual([1, 1])
    expect(world.sts.log.map(({ method }) => method)).toEqual(["POST"])
  })

  it("sends one password and one code, through the proxy, to the regional STS", async () => {
    const home = new Home()
    await tell([...one, "--region", "eu-north-1", "--duration", "90m"], secrets, {}, home)
    expect([world.adfs.passwords, world.adfs.codes]).toEqual([[defaultUser.password], [code]])
    expect(world.sts.calls).toMatchObject([
      {
        host: "sts.eu-north-1.amazonaws.com",
        role: "arn:aws:iam::585848786654:role/AdministratorAccess",
        durationSeconds: 5400,
      },
    ])
    expect(new Set(world.proxy.log.map(({ target, status }) => `${target} ${status}`))).toEqual(
      new Set(["federation.visma.com:443 200", "sts.eu-north-1.amazonaws.com:443 200"]),
    )
    expect(home.read(".aws/config")).toBe("[default]\nregion = eu-north-1\noutput = json\n")
  })

  it("takes no menu and no --role where ADFS offers one role", async () => {
    world.adfs.settings.roles = ["arn:aws:iam::585848786654:role/team/Only"]
    const home = new Home()
    expect((await tell([], secrets, {}, home)).code).toBe(0)
    expect(await identityOf(home, world, "default")).toBe(
      "arn:aws:sts::585848786654:assumed-role/Only/dev_aly",
    )
  })

  it("uses the region that the profile has", async () => {
    const home = new Home()
    home.write(".aws/config", "[profile vadfs]\nregion = eu-west-1\n")
    await tell(["-p", "vadfs", ...one], secrets, {}, home)
    expect(world.sts.calls).toMatchObject([{ host: "sts.eu-west-1.amazonaws.com" }])
    expect(home.read(".aws/config")).toBe("[profile vadfs]\nregion = eu-west-1\noutput = json\n")
  })

  it.each([
    ["aws-us-gov", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
    ["aws-cn", "sts.cn-north-1.amazonaws.com.cn", "cn-north-1"],
    ["aws-eusc", "sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
  ])("asks the STS of the partition %s", async (partition, host, region) => {
    world.adfs.settings.roles = [`arn:${partition}:iam::585848786654:role/Admin`]
    const home = new Home()
    expect((await tell([], secrets, {}, home)).code).toBe(0)
    expect(world.sts.calls).toMatchObject([{ host }])
    expect(home.read(".aws/config")).toBe(`[default]\nregion = ${region}\noutput = json\n`)
  })

  it("gets one hour where the role allows no more, and says so", async () => {
    world.sts.settings.maxSessionSeconds = { "arn:aws:iam::585848786654:role/AdministratorAccess": 3600 }
    const { code, stderr } = await tell([...one, "--duration", "4"])
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /valid until \d\d:\d\d \(1 h\)\n.*\nwarning: the role does not allow 4 h; these credentials last 1 h\n$/,
    )
    expect(world.sts.calls.map(call => call.durationSeconds)).toEqual([14_400, 3600])
  })

  it("asks STS again when it throttles", async () => {
    world.sts.refuse("Throttling", "AssumeRoleWithSAML", 1)
    expect((await tell(one)).code).toBe(0)
  })

  it("needs no ~/.aws/config that AWS tools could read elsewhere: AWS_CONFIG_FILE and the other variables count", async () => {
    const home = new Home()
    const env = { AWS_SHARED_CREDENTIALS_FILE: join(home.path, "keys"), AWS_CONFIG_FILE: "~/settings" }
    home.write(".aws/config", "[broken")
    const { code, stderr } = await tell(one, secrets, env, home)
    expect([code, stderr.split("\n")[0]]).toEqual([0, "✔ Stored in profile [default] of ~/keys"])
    expect(home.read("settings")).toContain("region")
  })

  it("sends the assertion to AWS_ENDPOINT_URL_STS", async () => {
    const { code } = await tell(one, secrets, {
      AWS_ENDPOINT_URL_STS: world.sts.directUrl,
      NO_PROXY: "127.0.0.1",
    })
    expect(code).toBe(0)
    expect(world.proxy.log.map(({ target }) => target)).not.toContain("sts.eu-central-1.amazonaws.com:443")
  })

  it("trusts the certificates of --ca-bundle, for ADFS and for AWS", async () => {
    const { AWS_CA_BUNDLE, ...env } = world.env
    const args = ["--password-stdin", "-u", defaultUser.name, ...one]
    const home = new Home()
    expect(await runProgram({ args, env: cleanEnv(home, env), stdin: secrets })).toMatchObject({ code: 4 })
    expect(
      await runProgram({
        args: [...args, "--ca-bundle", world.caFile],
        env: cleanEnv(home, env),
        stdin: secrets,
      }),
    ).toMatchObject({ code: 0 })
  })

  it("gives user and password to the proxy", async () => {
    world.proxy.settings.credentials = { user: "me", password: "p@ss:word" }
    expect((await tell(one)).code).toBe(0)
  })

  it("takes the code long after the password", async () => {
    const home = new Home()
    const script = `(printf '%s\\n' "$PASSWORD"; sleep 1; printf '%s\\n' "$CODE") | "$NODE" "$PROGRAM" --password-stdin -u "$NAME" --account 5858`
    const { program, runWithoutTerminal } = await import("../support/program.ts")
    const env = cleanEnv(home, {
      ...world.env,
      PASSWORD: defaultUser.password,
      CODE: code,
      NODE: process.execPath,
      PROGRAM: program,
      NAME: defaultUser.name,
    })
    expect(await runWithoutTerminal("sh", { args: ["-c", script], env })).toMatchObject({ code: 0 })
  })
})

describe("every ADFS", () => {
  it.each(["2012R2", "2016", "2019", "2019-paginated", "2.0"] as const)("signs in to %s", async loginPage => {
    world.adfs.settings.loginPage = loginPage
    expect(await tell(one)).toMatchObject({ code: 0 })
  })
})

describe("pages and assertions of ADFS", () => {
  it.each(secondFactorNames)("signs in with %s", async name => {
    world.adfs.settings.secondFactors = [name]
    world.adfs.settings.push = { polls: 2, outcome: "approved" }
    const codes = [...defaultUser.codes].slice(0, 3).join("\n")
    expect(await tell(one, `${defaultUser.password}\n${codes}\n`)).toMatchObject({ code: 0 })
  })

  it("signs in with an unknown second factor", async () => {
    world.adfs.settings.secondFactors = [{ authMethod: "Acme Token", field: "acme", label: "Acme number" }]
    expect(await tell(one)).toMatchObject({ code: 0 })
    world.reset()
    world.adfs.settings.secondFactors = [{ authMethod: "Acme Token", field: "acme", label: "Acme number" }]
    const { code, stderr } = await tell(one, `${defaultUser.password}\n`)
    expect([code, ...stderr.split("\n").slice(0, 2)]).toEqual([
      2,
      "Please provide your second factor.",
      "pum-aws: the 2FA code (Acme number) is missing, and there is no terminal to ask on",
    ])
  })

  it("chooses Visma's factor where several are offered", async () => {
    world.adfs.settings.secondFactors = ["SecurIDAuthentication", "VismaMFAAdapter", "SymantecVipAdapter"]
    expect(await tell(one)).toMatchObject({ code: 0 })
  })

  it("signs in without a second factor", async () => {
    world.adfs.settings.secondFactors = []
    expect(await tell(one, `${defaultUser.password}\n`)).toMatchObject({ code: 0 })
  })

  it.each(["page", "redirect"] as const)("goes on after the password by %s", async afterPassword => {
    world.adfs.settings.afterPassword = afterPassword
    world.adfs.settings.bigCookies = true
    expect(await tell(one)).toMatchObject({ code: 0 })
  })

  it.each(["before login", "after login"] as const)("picks AWS among relying parties, %s", async when => {
    world.adfs.settings.relyingPartyPicker = when
    expect(await tell(one)).toMatchObject({ code: 0 })
  })

  it.each([
    [{ prefix: "ns7" }],
    [{ roleOrder: "provider,role" }],
    [{ roleOrder: "alternating", padRoles: true }],
    [{ wrapped: true }],
  ] as const)("reads an assertion with %j", async assertion => {
    world.adfs.settings.assertion = assertion
    expect(await tell(one)).toMatchObject({ code: 0 })
  })

  it("leaves out values that are no role, with a warning each, made harmless", async () => {
    world.adfs.settings.assertion = {
      extraRoleValues: [
        "junk\x1b]0;owned\x07",
        "arn:aws:iam::585848786654:role/A,arn:aws:iam::111111111111:saml-provider/X",
      ].map(value => value.replaceAll("\x1b", "\u009b").replaceAll("\x07", "")),
    }
    const { code, stderr } = await tell(one)
    expect(code).toBe(0)
    expect(stderr.split("\n").slice(0, 2)).toEqual([
      "warning: ignored a role that ADFS sent: not a role and a provider: junk ]0;owned",
      "warning: ignored a role that ADFS sent: role and provider are of different accounts: arn:aws:iam::585848786654:role/A,arn:aws:iam::111111111111:saml-provider/X",
    ])
  })

  it("signs in to another ADFS by its address, without a proxy too", async () => {
    const env = {
      ...world.env,
      HTTPS_PROXY: "",
      https_proxy: "",
      HTTP_PROXY: "",
      http_proxy: "",
      AWS_ENDPOINT_URL_STS: world.sts.directUrl,
    }
    for (const address of [world.adfs.directUrl, world.adfs.plainUrl]) {
      world.reset()
      expect(await tell([...one, "--idp-url", address], secrets, env)).toMatchObject({ code: 0 })
    }
  })
})
