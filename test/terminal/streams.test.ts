import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, type Ended, Home, program, runProgram } from "../support/program.ts"
import { Pty } from "../support/pty.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/Admin"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [code] = defaultUser.codes
const questions = `Domain password:\nVisma Google Auth 2FA Token: ${code}\n`
const stored = [
  "✔ Stored in profile [default] of ~/.aws/credentials",
  "  arn:aws:iam::585848786654:role/Admin, valid until 15:46 (1 h)",
  "  aws s3api list-buckets",
  "",
].join("\n")

interface Expected {
  /** The exact data. */
  readonly stdout: () => string
  /** What the person sees before the questions. */
  readonly announced?: string
  /** What the person sees after the questions, also if there is no terminal. */
  readonly told?: string
  /** What the person sees after the questions on a terminal only. */
  readonly who?: string
}

const who = "585848786654 Admin, valid until 15:46 (1 h), new session\n"

const session = () => {
  const [issued] = world.sts.sessions
  if (issued === undefined) throw new Error("no session was issued")
  return { ...issued, until: issued.expiration.toISOString().replace(".000Z", "Z") }
}
const credentials = () => {
  const { accessKeyId, secretAccessKey, sessionToken, until } = session()
  return {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: until,
  }
}
const arn = "arn:aws:iam::585848786654:role/Admin"

const modes: Readonly<Record<string, readonly [readonly string[], Expected]>> = {
  "a profile": [[], { stdout: () => "", told: stored }],
  "a command": [
    ["--", "sh", "-c", 'echo "$AWS_ACCESS_KEY_ID"'],
    { stdout: () => `${session().accessKeyId}\n`, who },
  ],
  "--export": [
    ["--export", "sh"],
    {
      who,
      stdout: () => {
        const { accessKeyId, secretAccessKey, sessionToken, until } = session()
        return `unset AWS_PROFILE;\nunset AWS_DEFAULT_PROFILE;\nunset AWS_SECURITY_TOKEN;\nexport AWS_ACCESS_KEY_ID='${accessKeyId}';\nexport AWS_SECRET_ACCESS_KEY='${secretAccessKey}';\nexport AWS_SESSION_TOKEN='${sessionToken}';\nexport AWS_CREDENTIAL_EXPIRATION='${until}';\nexport AWS_REGION='eu-central-1';\nexport AWS_DEFAULT_REGION='eu-central-1';\nexport PUM_AWS_SESSION='585848786654/Admin';\n`
      },
    },
  ],
  "--json": [
    ["--json"],
    {
      who,
      stdout: () =>
        `${JSON.stringify({ ...credentials(), Profile: "default", Region: "eu-central-1", AccountId: "585848786654", RoleArn: arn, PrincipalArn: session().assumedRoleArn }, undefined, 2)}\n`,
    },
  ],
  "--credential-process": [
    ["--credential-process"],
    {
      who,
      announced: `pum-aws signs in at federation.visma.com as ${defaultUser.name}, for profile default\n`,
      stdout: () => `${JSON.stringify(credentials())}\n`,
    },
  ],
  "--console": [
    ["--console", "s3"],
    {
      stdout: () =>
        `https://signin.aws.amazon.com/federation?${new URLSearchParams({
          Action: "login",
          Issuer:
            "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices",
          Destination: "https://console.aws.amazon.com/s3/home?region=eu-central-1",
          SigninToken: world.signIn.signinTokens()[0] ?? "none was given out",
        })}\n`,
      told: "No browser could be opened; the link leads to the AWS console of 585848786654 as Admin, until 15:46, new session\n",
    },
  ],
  "--list": [["--list"], { stdout: () => `ACCOUNT        ROLE    ARN\n585848786654   Admin   ${arn}\n` }],
}

/** Runs the program in a terminal, with some of its streams redirected. */
async function inTerminal(home: Home, args: readonly string[], redirection: string): Promise<Pty> {
  const pty = startInTerminal(home, args, redirection)
  await pty.answer("Domain password:", defaultUser.password)
  await pty.answer("Visma Google Auth 2FA Token:", code)
  expect(await pty.ends()).toBe(0)
  return pty
}

function startInTerminal(home: Home, args: readonly string[], redirection: string, columns = 2000): Pty {
  return new Pty({
    command: [
      "sh",
      "-c",
      `"$@" ${redirection}`,
      "sh",
      process.execPath,
      program,
      "-u",
      defaultUser.name,
      ...args,
    ],
    env: cleanEnv(home, world.env),
    columns,
  })
}

const stdin = `${defaultUser.password}\n${code}\n`
const withStdin = (args: readonly string[]) => ["-u", defaultUser.name, "--password-stdin", ...args]

function withoutTerminal(home: Home, args: readonly string[]): Promise<Ended> {
  return runProgram({ args: withStdin(args), env: cleanEnv(home, world.env), stdin })
}

function inThisProcess(home: Home, args: readonly string[]): Promise<Ended> {
  return tellStory(home, world, { args: withStdin(args), stdin })
}

const timeless = (text: string) => text.replace(/until \d\d:\d\d/, "until 15:46").replaceAll("59 min", "1 h")

describe.each(Object.keys(modes))("%s", name => {
  const [args, { stdout, announced = "", who = "", told = "" }] = modes[name] ?? [[], { stdout: () => "" }]
  // The console's link comes before the words about it.
  const onScreen = () => (name === "--console" ? `${stdout()}${told}` : `${who}${told}${stdout()}`)

  it("shows questions and data on a terminal", async () => {
    const pty = await inTerminal(new Home(), args, "")
    expect(timeless(pty.text)).toBe(`${announced}${questions}${onScreen()}`)
    expect(pty.raw).not.toContain(defaultUser.password)
  })

  it("writes to a stdout that is led elsewhere the data and nothing else, and shows none of it", async () => {
    const home = new Home()
    const pty = await inTerminal(home, args, ">out")
    expect(home.read("out")).toBe(stdout())
    expect(timeless(pty.text)).toBe(`${announced}${questions}${who}${told}`)
  })

  it("keeps data and words apart without a terminal", async () => {
    const run = ["a profile", "a command"].includes(name) ? withoutTerminal : inThisProcess
    const ended = await run(new Home(), args)
    expect({ ...ended, stderr: timeless(ended.stderr) }).toEqual({
      code: 0,
      signal: null,
      stdout: stdout(),
      stderr: told,
    })
  })
})

// The modes that are left out differ in their data alone.
it.each(["a profile", "a command", "--json"])(
  "%s asks and tells on the terminal where stderr is led elsewhere, which stays empty",
  async name => {
    const [args, { stdout, who = "", told = "" }] = modes[name] ?? [[], { stdout: () => "" }]
    const home = new Home()
    const pty = await inTerminal(home, args, "2>err")
    expect(home.read("err")).toBe("")
    expect(timeless(pty.text)).toBe(`${questions}${who}${told}${stdout()}`)
  },
)

it("--help breaks its lines between words on a narrow terminal", async () => {
  const pty = new Pty({ args: ["--help"], env: cleanEnv(new Home()), columns: 50 })
  expect(await pty.ends()).toBe(0)
  expect(pty.text).toContain("exit code: pum-aws\n  --help all\n")
  expect(pty.raw.split(/\r?\n/).filter(line => line.length > 50)).toEqual([])
})

describe("--status", () => {
  const table = "PROFILE   TIME LEFT   ACCOUNT        ROLE\ndefault   1 h         585848786654   Admin\n"
  const report = `profiles in ~/.aws/credentials:\n${table}`

  async function homeWithSession(): Promise<Home> {
    const home = new Home()
    await inThisProcess(home, [])
    return home
  }

  it.each([
    [
      "shows the report on a terminal, and asks nothing",
      "",
      { out: undefined, err: undefined, shown: report },
    ],
    ["writes it to a stdout that is led elsewhere", ">out", { out: report, err: undefined, shown: "\n" }],
    ["shows it where stderr is led elsewhere", "2>err", { out: undefined, err: "", shown: report }],
  ])("%s", async (_, redirection, { out, err, shown }) => {
    const home = await homeWithSession()
    const pty = startInTerminal(home, ["--status"], redirection)
    expect(await pty.ends()).toBe(0)
    const written = { out: home.read("out"), err: home.read("err"), shown: timeless(pty.text) }
    expect({ ...written, out: written.out && timeless(written.out) }).toEqual({ out, err, shown })
  })

  it.each([
    [40, ["PROFILE  TIME LEFT  ACCOUNT       ROLE", "default  1 h        585848786654  Admin"]],
    [30, ["PROFI…  TIME …  ACCOUNT  ROLE", "defau…  1 h     585848…  Admin"]],
  ])("keeps to the width of a terminal, with account and role: %i columns", async (columns, lines) => {
    const home = await homeWithSession()
    const pty = startInTerminal(home, ["--status"], "", columns)
    expect(await pty.ends()).toBe(0)
    const shown = pty.text.replace("59 min", "1 h   ").split("\n").slice(-3, -1)
    expect(shown).toEqual(lines)
  })

  it("prints it without a terminal", async () => {
    const { code, stdout, stderr } = await withoutTerminal(await homeWithSession(), ["--status"])
    expect({ code, stdout: timeless(stdout), stderr }).toEqual({ code: 0, stdout: report, stderr: "" })
  })
})

it("refuses a terminal as the file of an option, and does not wait for it", async () => {
  const pty = new Pty({ args: ["--policy", "/dev/tty"], env: cleanEnv(new Home(), world.env) })
  expect(await pty.ends()).toBe(2)
  expect(pty.text).toBe("pum-aws: --policy: cannot use /dev/tty: is a terminal\n")
})
