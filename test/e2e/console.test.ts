import { readFileSync } from "node:fs"
import https from "node:https"
import { join } from "node:path"
import { HttpsProxyAgent } from "https-proxy-agent"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"
import { Pty } from "../support/pty.ts"
import { tellStory } from "../support/story.ts"
import { writeScript } from "../support/write-script.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/Admin"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [first] = defaultUser.codes

function run(home: Home, args: readonly string[], env: Record<string, string> = {}) {
  return runProgram({
    args: ["--password-stdin", "-u", defaultUser.name, ...args],
    env: cleanEnv(home, { ...world.env, ...env }),
    stdin: `${defaultUser.password}\n${first}\n`,
  })
}

/** In this process: what matters is the link and what is said. */
function tell(home: Home, args: readonly string[], env: Record<string, string> = {}) {
  return tellStory(home, world, {
    args: ["--password-stdin", "-u", defaultUser.name, ...args],
    env,
    stdin: `${defaultUser.password}\n${first}\n`,
  })
}

const what = "the AWS console of 585848786654 as Admin, until 15:46, new session"
const timeless = (text: string) => text.replace(/until \d\d:\d\d/, "until 15:46")

/** A browser, or what finds one, that writes down what it was to open. */
function browserIn(home: Home, name = "browser"): string {
  writeScript(
    join(home.path, name),
    `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > ${home.path}/opened.new; mv ${home.path}/opened.new ${home.path}/opened\n`,
  )
  return join(home.path, name)
}

async function opened(home: Home): Promise<string | undefined> {
  while (home.read("opened") === undefined) await new Promise(resolve => setTimeout(resolve, 10))
  return home.read("opened")
}

/** Where AWS sends a browser that follows the link. */
function follow(link: string): Promise<string> {
  const agent = new HttpsProxyAgent(world.proxy.url)
  return new Promise((resolve, reject) => {
    https
      .get(link, { agent, ca: readFileSync(world.caFile) }, answer => {
        answer.resume()
        resolve(`${answer.statusCode} ${answer.headers.location}`)
      })
      .on("error", reject)
  })
}

describe("--console", () => {
  it("opens the browser with a link that AWS takes, and prints it", async () => {
    const home = new Home()
    const { code, stdout, stderr } = await run(home, ["--console"], { BROWSER: browserIn(home) })
    expect([code, timeless(stderr), stdout.split("\n").length]).toEqual([
      0,
      `Opened in the browser: ${what}\n`,
      2,
    ])
    expect(await opened(home)).toBe(`1\n${stdout}`)
    expect(await follow(stdout.trim())).toBe(
      "302 https://console.aws.amazon.com/console/home?region=eu-central-1",
    )
    const [session] = world.sts.sessions
    for (const secret of [
      session?.sessionToken ?? "?",
      session?.secretAccessKey ?? "?",
      defaultUser.password,
    ])
      expect(decodeURIComponent(stdout)).not.toContain(secret)
    expect(home.awsFiles()).toEqual({ credentials: undefined, config: undefined })
  })

  it("has the system find the browser where there is a screen", async () => {
    const home = new Home()
    browserIn(home, "bin/xdg-open")
    const PATH = `${home.path}/bin:${process.env.PATH ?? ""}`
    const { code, stdout, stderr } = await run(home, ["--console"], { DISPLAY: ":99", PATH })
    expect([code, timeless(stderr)]).toEqual([0, `Opened in the browser: ${what}\n`])
    expect(await opened(home)).toBe(`1\n${stdout}`)
  })

  it.each([
    [
      "aws",
      ["--console", "s3", "-r", "eu-north-1"],
      "https://console.aws.amazon.com/s3/home?region=eu-north-1",
    ],
    [
      "aws-us-gov",
      ["--console", "ec2/v2"],
      "https://console.amazonaws-us-gov.com/ec2/v2/home?region=us-gov-west-1",
    ],
    ["aws-cn", ["--console"], "https://console.amazonaws.cn/console/home?region=cn-north-1"],
    ["aws-eusc", ["--console"], "https://console.amazonaws-eusc.eu/console/home?region=eusc-de-east-1"],
  ])("leads in the partition %s, with %j, to %s", async (partition, args, destination) => {
    world.adfs.settings.roles = [`arn:${partition}:iam::585848786654:role/Admin`]
    const { code, stdout } = await tell(new Home(), args)
    expect([code, await follow(stdout.trim())]).toEqual([0, `302 ${destination}`])
  })

  it.each([
    ["with arguments", (browser: string) => `${browser} --new-window`, () => "2\n--new-window\n"],
    [
      "that says where the link stands",
      (browser: string) => `${browser} %s`,
      (link: string) => `1\n${link}\n`,
    ],
    ["among several", (browser: string) => `/no/such:${browser}`, (link: string) => `1\n${link}\n`],
  ])("opens a BROWSER %s", async (_, named, expected) => {
    const home = new Home()
    const { stdout } = await tell(home, ["--console"], { BROWSER: named(browserIn(home)) })
    expect(await opened(home)).toBe(expected(stdout.trim()))
  })

  it.each([
    ["there is no screen", {}, "No browser could be opened"],
    ["the one that is named is not there", { BROWSER: "/no/such/browser" }, "BROWSER could not be started"],
  ])("gives the link alone where %s", async (_, env, trouble) => {
    const { code, stdout, stderr } = await tell(new Home(), ["--console"], env)
    expect([code, timeless(stderr)]).toEqual([0, `${trouble}; the link leads to ${what}\n`])
    expect(await follow(stdout.trim())).toMatch(/^302 /)
  })

  it("on a terminal prints the link only if no browser was opened", async () => {
    const home = new Home()
    await tell(home, ["--console"])
    const onTerminal = async (env: Record<string, string>) => {
      const args = ["-u", defaultUser.name, "--console"]
      const pty = new Pty({ args, env: cleanEnv(home, { ...world.env, ...env }), columns: 1000 })
      return [await pty.ends(), timeless(pty.text)]
    }
    const kept = what.replace("new", "kept")
    expect(await onTerminal({ BROWSER: browserIn(home) })).toEqual([0, `Opened in the browser: ${kept}\n`])
    expect(await onTerminal({ BROWSER: "/no/such" })).toEqual([
      0,
      expect.stringMatching(/^https:\/\/\S+\nBROWSER could not be started; the link leads to /),
    ])
  })

  it("uses a session that is kept, and says so where AWS takes it no more", async () => {
    const home = new Home()
    await tell(home, ["--console"])
    expect((await tell(home, ["--console"])).code).toBe(0)
    expect(world.adfs.passwords).toHaveLength(1)
    world.sts.expireSessions()
    const { code, stdout, stderr } = await tell(home, ["--console"])
    expect([code, stdout, stderr]).toEqual([
      6,
      "",
      "pum-aws: AWS sign-in gave no console for arn:aws:iam::585848786654:role/Admin (HTTP 400)\nhint: a session that is kept may have been revoked: try again with --force\n",
    ])
  })

  it("ends with 6 where AWS sign-in cannot be reached, without the session in its words", async () => {
    world.signIn.faults.switchOn("signin token", { kind: "drop" })
    expect(await tell(new Home(), ["--console"])).toMatchObject({
      code: 6,
      stdout: "",
      stderr:
        "pum-aws: AWS sign-in closed the connection before it answered\nhint: try again; if it stays so, something between you and it may cut the connection, such as a proxy or a firewall\n",
    })
  })

  it.each([["../x"], ["s3?x=1"], ["https://example.com"], [""]])("refuses the service %j", async service => {
    const { code, stderr } = await tell(new Home(), [`--console=${service}`])
    expect([code, stderr]).toEqual([
      2,
      `pum-aws: --console: '${service}' is not a service of the AWS console\nhint: services are s3, ec2 or cloudwatch, for example\n`,
    ])
  })
})
