import { readFileSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { askRolePage } from "../../../src/aws/ask-role-page.ts"
import { networkLimits, openNetwork } from "../../../src/http/network.ts"
import { issue } from "../../emulators/adfs/assertion.ts"
import { type Fault, startWorld, type World } from "../../emulators/world.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const roles = ["arn:aws:iam::095344953043:role/Admin", "arn:aws:iam::039882259752:role/Admin"]
const aws = "https://signin.aws.amazon.com:443/saml"

async function ask(action = aws, rolePage = networkLimits.rolePage) {
  const samlResponse = await issue("dev_aly@visma.com", roles, {})
  const network = openNetwork({
    env: world.env,
    ca: { pem: readFileSync(world.caFile, "utf8"), source: "--ca-bundle" },
    limits: { ...networkLimits, rolePage },
  })
  onTestFinished(() => network.close())
  const traced: string[] = []
  const names = await askRolePage(
    { action, samlResponse },
    {
      network,
      userAgent: "pum-aws/test",
      partitions: new Set(["aws"]),
      trace: line => traced.push(line),
    },
  )
  for (const line of traced) expect(line).not.toContain(samlResponse.slice(0, 60))
  return { names: Object.fromEntries(names), traced: traced.map(line => line.replace(/\d+ ms/, "N ms")) }
}

describe("account names from AWS' own page", () => {
  it.each(["legacy", "meta"] as const)("come from its shape '%s'", async shape => {
    world.signIn.settings.rolePage = shape
    const { names } = await ask()
    expect(names).toEqual({ "095344953043": "prod-vnipbc", "039882259752": "" })
    expect(world.signIn.log).toMatchObject([
      { method: "POST", path: "/saml", fieldNames: ["SAMLResponse", "RelayState"], cookieNames: [] },
    ])
  })

  it.each(["script", "console"] as const)("are none where it answers with a %s", async shape => {
    world.signIn.settings.rolePage = shape
    expect((await ask()).names).toEqual({})
    expect(world.signIn.log).toHaveLength(1)
  })

  it.each<[string, Fault, string]>([
    ["hangs", { kind: "hang" }, "no account names: signin.aws.amazon.com did not answer in time"],
    [
      "stops after half a page",
      { kind: "stall" },
      "no account names: signin.aws.amazon.com did not answer in time",
    ],
    [
      "sends a byte now and then",
      { kind: "trickle", everyMs: 20 },
      "no account names: signin.aws.amazon.com did not answer in time",
    ],
    [
      "answers 101",
      { kind: "101" },
      "no account names: signin.aws.amazon.com wants to go on in another protocol than HTTP (status 101)",
    ],
    [
      "breaks off",
      { kind: "drop" },
      "no account names: signin.aws.amazon.com closed the connection before it answered",
    ],
    [
      "fails",
      {
        kind: "answer",
        status: 500,
        body: '<div class="saml-account"><div class="saml-account-name">x (095344953043)</div></div>',
      },
      "POST https://signin.aws.amazon.com/saml 500: 0 accounts",
    ],
    [
      "answers garbage",
      { kind: "answer", status: 200, body: "\x1b[2J\0<meta name=data content=e30=><div>" },
      "POST https://signin.aws.amazon.com/saml 200: 0 accounts",
    ],
    [
      "points elsewhere",
      { kind: "redirect", to: "https://stranger.example/", status: 307 },
      "POST https://signin.aws.amazon.com/saml 307: 0 accounts",
    ],
  ])("are none where it %s", async (_, fault, line) => {
    world.signIn.faults.switchOn("role page", fault)
    expect(await ask(aws, ["hang", "stall", "trickle"].includes(fault.kind) ? 300 : undefined)).toEqual({
      names: {},
      traced: [line],
    })
    expect(world.stranger.log).toEqual([])
  })

  it("are none, and more than 5 MB are not read, where it sends without end", async () => {
    world.signIn.faults.switchOn("role page", { kind: "flood" })
    expect((await ask()).names).toEqual({})
    expect(world.signIn.floodedBytes()).toBeLessThan(100_000_000)
  })

  it("are not asked of any other address", async () => {
    expect(await ask(`https://${world.stranger.host}/saml`)).toEqual({
      names: {},
      traced: ["no account names: the assertion is not meant for AWS' own sign-in page"],
    })
    expect([world.stranger.log, world.signIn.log]).toEqual([[], []])
  })
})
