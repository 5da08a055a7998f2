import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { Home } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/Admin"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const stdin = `${defaultUser.password}\n${defaultUser.codes[0]}\n`
const run = (...mode: string[]) =>
  tellStory(new Home(), world, { args: ["--password-stdin", "-u", defaultUser.name, ...mode], stdin })

const between = "answered, such as a proxy or a sign-in page of this network (captive portal)"
const orWrong = `hint: something between you and ADFS ${between}, or the address is wrong: open it in a browser`
const wrong = `hint: the address is wrong: check --idp-url (idp_url in ~/.pum-aws); or something between you and ADFS ${between}`
const orTrouble = `hint: something between you and ADFS ${between}, or ADFS itself is in trouble: try again later`
const unknown = "pum-aws: ADFS sent a page that pum-aws does not know"

const portal =
  '<html><head><title>Hotel Wi-Fi</title></head><body><p>Welcome</p><form action="/login" method="post"><input name="room"><input type="submit" value="Connect"></form></body></html>'
const blocked =
  "<html><head><title>Web Filter</title></head><body><h1>Access denied</h1><p>Category: Identity</p></body></html>"
const iis =
  "<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head><body><div id=header><h1>Server Error</h1></div><div id=content><h2>404 - File or directory not found.</h2></div></body></html>"
const gateway =
  "<html><head><title>500 Internal Server Error</title></head><body><center><h1>500 Internal Server Error</h1></center><hr><center>nginx</center></body></html>"

const pages: [string, number, string, string, string][] = [
  [
    "a captive portal's form",
    200,
    portal,
    `${unknown} (HTTP 200; title "Hotel Wi-Fi"; AuthMethod none; fields room): Welcome`,
    orWrong,
  ],
  [
    "a captive portal by its own status",
    511,
    portal,
    `${unknown} (HTTP 511; title "Hotel Wi-Fi"; AuthMethod none; fields room): Welcome`,
    orWrong,
  ],
  [
    "a block page",
    200,
    blocked,
    `${unknown} (HTTP 200; title "Web Filter"): Access denied. Category: Identity`,
    orWrong,
  ],
  [
    "a block page with 403",
    403,
    blocked,
    `${unknown} (HTTP 403; title "Web Filter"): Access denied. Category: Identity`,
    orWrong,
  ],
  [
    "a wrong path",
    404,
    iis,
    `${unknown} (HTTP 404; title "404 - File or directory not found."): 404 - File or directory not found.`,
    wrong,
  ],
  [
    "another server's error",
    500,
    gateway,
    `${unknown} (HTTP 500; title "500 Internal Server Error"): 500 Internal Server Error. nginx`,
    orTrouble,
  ],
  [
    "a proxy that cannot reach it",
    503,
    blocked,
    `${unknown} (HTTP 503; title "Web Filter"): Access denied. Category: Identity`,
    orTrouble,
  ],
  ["nothing", 200, "", `${unknown} (HTTP 200; no title; AuthMethod none; fields none)`, orWrong],
  [
    "JSON",
    404,
    '{"error":"not found"}',
    `${unknown} (HTTP 404; no title; AuthMethod none; fields none): {"error":"not found"}`,
    wrong,
  ],
]

describe("another server's page in the place of ADFS' login page", () => {
  it.each(pages)("%s", async (_, status, body, line, hint) => {
    world.adfs.faults.switchOn("login page", { kind: "answer", status, body })
    const ended = await run("--json")
    expect(ended).toEqual({ code: 4, signal: null, stdout: "", stderr: `${line}\n${hint}\n` })
    expect(world.adfs.passwords).toEqual([])
  })

  it("is told by its status behind the password, too", async () => {
    world.adfs.faults.switchOn("code", { kind: "answer", status: 403, body: blocked })
    expect((await run("--json")).stderr).toBe(
      `${unknown} (HTTP 403; title "Web Filter"): Access denied. Category: Identity\n${orWrong}\n`,
    )
  })

  it("is not ADFS' own page with another status", async () => {
    const body = '<title>Sign In</title><div id="workArea"><form><input name="x"></form></div>'
    world.adfs.faults.switchOn("login page", { kind: "answer", status: 500, body })
    expect((await run("--json")).stderr).toBe(
      `${unknown} (HTTP 500; title "Sign In"; AuthMethod none; fields x)\nhint: it names the page's fields, and holds nothing secret\n`,
    )
  })

  it("a redirect to such a page without TLS", async () => {
    world.adfs.faults.switchOn("login page", { kind: "redirect", to: "http://portal.example/login" })
    expect(await run("--json")).toMatchObject({
      code: 4,
      stderr: `pum-aws: federation.visma.com redirects to an address that is not https\n${orWrong}\n`,
    })
  })
})

describe("another server's page in the place of AWS' answer", () => {
  const hint = `hint: something between you and AWS ${between}`

  it.each([
    [200, portal, "Hotel Wi-Fi"],
    [403, blocked, "Web Filter"],
    [404, iis, "404 - File or directory not found."],
    [500, gateway, "500 Internal Server Error"],
  ])("of STS, status %i", async (status, body, title) => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "answer", status, body })
    expect(await run("--json")).toMatchObject({
      code: 6,
      stdout: "",
      stderr: `pum-aws: AWS STS answered with a web page (HTTP ${status}; title "${title}")\n${hint}\n`,
    })
  })

  it("of the console's sign-in", async () => {
    world.signIn.faults.switchOn("signin token", { kind: "answer", status: 403, body: blocked })
    expect(await run("--console")).toMatchObject({
      code: 6,
      stdout: "",
      stderr: `pum-aws: AWS sign-in answered with a web page (HTTP 403; title "Web Filter")\n${hint}\n`,
    })
  })
})

const grants = (
  expiration: string,
) => `<AssumeRoleWithSAMLResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithSAMLResult><AssumedRoleUser><AssumedRoleId>AROA:me</AssumedRoleId>
  <Arn>arn:aws:sts::585848786654:assumed-role/Admin/me</Arn></AssumedRoleUser><Credentials>
  <AccessKeyId>ASIAEXAMPLEEXAMPLE00</AccessKeyId><SecretAccessKey>${"s".repeat(40)}</SecretAccessKey>
  <SessionToken>${"t".repeat(200)}</SessionToken>${expiration}</Credentials></AssumeRoleWithSAMLResult>
  <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleWithSAMLResponse>`
const expires = (text: string) => grants(`<Expiration>${text}</Expiration>`)
const fromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()

describe("a time of expiry that cannot be right", () => {
  const role = "arn:aws:iam::585848786654:role/Admin"
  it.each([
    ["in the past", expires("2020-01-01T00:00:00Z"), "had expired at 2020-01-01 00:00 UTC"],
    ["in a thousand years", expires("3026-01-01T00:00:00Z"), "expire only at 3026-01-01 00:00 UTC"],
  ])("%s: the credentials are not used", async (_, body, words) => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "answer", status: 200, type: "text/xml", body })
    expect(await run("--json")).toMatchObject({
      code: 6,
      stdout: "",
      stderr: `pum-aws: AWS answered for ${role} with credentials that ${words}; they are not used\n`,
    })
  })

  it.each(["soon", "", "NaN", "2026-13-45T99:99:99Z", "1e99"])("%j: exit code 6, and no NaN", async text => {
    const body = expires(text)
    world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "answer", status: 200, type: "text/xml", body })
    const { code, stdout, stderr } = await run("--json")
    expect([code, stdout]).toEqual([6, ""])
    expect(stderr).toMatch(/^pum-aws: AWS/)
    expect(stderr).not.toMatch(/NaN|Error|Invalid/)
  })

  it("is judged by AWS' clock, not by this machine's", async () => {
    world.sts.settings.clockAheadMs = -3 * 3_600_000
    const body = expires(fromNow(-2 * 60))
    world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "answer", status: 200, type: "text/xml", body })
    const { stderr } = await run("--json")
    expect(stderr).toMatch(/^warning: this machine's clock is 3 h ahead of sts\./m)
    expect(stderr).not.toContain("not used")
  })
})
