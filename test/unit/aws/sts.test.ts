import { readFileSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { openSts } from "../../../src/aws/sts.ts"
import { StsConnections } from "../../../src/aws/sts-connections.ts"
import { partitions } from "../../../src/domain/partitions.ts"
import { type NetworkLimits, networkLimits, openNetwork } from "../../../src/http/network.ts"
import { issue } from "../../emulators/adfs/assertion.ts"
import { stsError } from "../../emulators/sts/answers.ts"
import { type Fault, startWorld, type World } from "../../emulators/world.ts"
import { role } from "../../support/role.ts"

let world: World
let samlResponse: string
const admin = role("585848786654 Admin", "VismaADFS")

beforeAll(async () => {
  vi.stubEnv("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true")
  world = await startWorld()
  samlResponse = await issue("dev_aly@visma.com", [admin.arn], {})
})
beforeEach(() => world.reset())
afterAll(() => world.close())

type Way = "direct" | "proxy"

function open(
  limits: Partial<NetworkLimits> = {},
  way: Way = "proxy",
  region = "eu-north-1",
  now = Date.now,
) {
  const network = openNetwork({
    env: way === "proxy" ? world.env : {},
    ca: { pem: readFileSync(world.caFile, "utf8"), source: "--ca-bundle" },
    limits: { ...networkLimits, ...limits },
    now,
  })
  onTestFinished(() => network.close())
  const traced: string[] = []
  const endpointUrl = way === "proxy" ? undefined : world.sts.directUrl
  const connections = new StsConnections({ network, regions: [region], endpointUrl })
  const sts = openSts({
    network,
    regions: [region],
    regionAsked: false,
    aliases: new Map(),
    endpointUrl,
    now,
    trace: line => traced.push(line.replace(/\d+ ms/, "N ms")),
  })
  return {
    sts,
    connections,
    traced,
    assume: (duration = 3600) => sts.assumeRole(admin, samlResponse, duration),
  }
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 5))
}

const silences: [string, Fault][] = [
  ["is silent", { kind: "hang" }],
  ["is silent after half an answer", { kind: "stall" }],
  ["sends a byte now and then", { kind: "trickle", everyMs: 20 }],
]

describe("a connection that is opened before the call", () => {
  it.each<Way>(["direct", "proxy"])("is the only one, and carries the call alone: %s", async way => {
    const { connections, assume } = open({}, way)
    connections.open()
    await until(() => world.sts.connections() === 1)
    await assume()
    expect([world.sts.connections(), world.sts.log.map(({ method }) => method)]).toEqual([1, ["POST"]])
  })

  it.each([
    ["aws", "eu-north-1"],
    ["aws-cn", "cn-northwest-1"],
    ["aws-us-gov", "us-gov-east-1"],
    ["aws-eusc", "eusc-de-east-1"],
  ])("leads to the server of the partition %s, with a region of it", async (partition, region) => {
    const { sts, connections } = open({}, "proxy", region)
    const one = role("585848786654 Admin", "VismaADFS", partition)
    connections.open()
    await until(() => world.sts.connections() === 1)
    connections.open([{ partition }])
    await sts.assumeRole(one, await issue("dev_aly@visma.com", [one.arn], {}), 3600)
    expect([world.sts.connections(), world.sts.calls.map(({ host }) => host)]).toEqual([
      1,
      [`sts.${region}.${partitions.get(partition)?.dnsSuffix}`],
    ])
  })

  it.each([
    ["aws-cn", "sts.cn-north-1.amazonaws.com.cn:443"],
    ["aws-us-gov", "sts.us-gov-west-1.amazonaws.com:443"],
    ["aws-eusc", "sts.eusc-de-east-1.amazonaws.eu:443"],
  ])("leads to the server of %s as soon as roles of it are known", async (partition, server) => {
    const { connections } = open()
    connections.open([{ partition }, { partition }])
    connections.open([{ partition }, { partition: "aws-of-the-future" }])
    await until(() => world.sts.connections() === 1)
    expect(world.proxy.log.map(({ target }) => target)).toEqual([server])
  })
})

describe("AssumeRoleWithSAML", () => {
  it("reads no more than 1 MB", async () => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "flood", bytes: 60_000_000 })
    await expect(open().assume()).rejects.toMatchObject({
      code: "awsUnreachable",
      message: "AWS STS sent an answer of more than 1 MB; it was not read",
    })
    expect(world.sts.floodedBytes()).toBeLessThan(30_000_000)
    expect(world.sts.calls).toHaveLength(1)
  })

  it("gives a session, and traces the call without a secret", async () => {
    const { assume, traced } = open()
    const session = await assume()
    expect(session).toMatchObject({ role: admin, region: "eu-north-1", duration: 3600 })
    expect(world.sts.sessionOf(session)).toBeDefined()
    expect(traced).toEqual([`AssumeRoleWithSAML ${admin.arn} 3600 s: granted after N ms`])
  })

  it("traces a refused call as well", async () => {
    world.sts.refuse("AccessDenied")
    const { assume, traced } = open()
    await expect(assume()).rejects.toMatchObject({ code: "awsRefused" })
    expect(traced).toEqual([`AssumeRoleWithSAML ${admin.arn} 3600 s: refused after N ms`])
  })

  it.each([0, 86_400_000, -86_400_000])(
    "lasts until its expiration by AWS' clock, also if that is less than was asked for and this one is %i ms ahead",
    async ahead => {
      world.sts.settings.grantedSeconds = 1800
      const { duration } = await open({}, "proxy", "eu-north-1", () => Date.now() + ahead).assume()
      expect(duration).toBeGreaterThan(1_790)
      expect(duration).toBeLessThan(1_803)
    },
  )

  it.each([
    ["AWS_USE_FIPS_ENDPOINT", "true"],
    ["AWS_USE_DUALSTACK_ENDPOINT", "true"],
    ["AWS_AUTH_SCHEME_PREFERENCE", "sigv4a,sigv4"],
  ])("does not fail where %s is set for other AWS tools", async (name, value) => {
    vi.stubEnv(name, value)
    onTestFinished(() => void vi.stubEnv(name, undefined))
    await expect(open().assume()).resolves.toMatchObject({ role: admin })
  })

  it("is rehearsed without the network, and not traced", async () => {
    const { sts, traced } = open()
    await sts.rehearse()
    expect([world.proxy.log, traced]).toEqual([[], []])
  })

  const throttled = stsError("Throttling")
  it.each<[string, Way, Record<string, string>, number]>([
    ["with Content-Length", "direct", { "content-length": String(throttled.body?.length) }, 1],
    ["with Content-Length", "proxy", { "content-length": String(throttled.body?.length) }, 1],
    ["without Content-Length", "direct", {}, 1],
    ["without Content-Length", "proxy", {}, 1],
    ["with Connection: close", "direct", { connection: "close" }, 2],
    ["with Connection: close", "proxy", { connection: "close" }, 2],
  ])(
    "a second try after an answer %s, %s, uses the connection if it is kept",
    async (_, way, headers, count) => {
      const { status, body = "" } = throttled
      const fault = { kind: "answer", status, body, type: "text/xml", headers } as const
      world.sts.faults.switchOn("AssumeRoleWithSAML", fault, 1)
      const { connections, assume } = open({}, way)
      connections.open()
      await until(() => world.sts.connections() === 1)
      expect(await assume()).toMatchObject({ role: admin })
      expect(world.sts.connections()).toBe(count)
    },
  )

  it.each(silences)("is tried again where STS %s, and then answers", async (_, fault) => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", fault, 1)
    expect(await open({ exchange: 300 }).assume()).toMatchObject({ role: admin })
    expect(world.sts.calls).toHaveLength(2)
  })

  it.each(silences)("ends after its limit with all retries where STS %s for ever", async (_, fault) => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", fault)
    const began = performance.now()
    await expect(open({ exchange: 2_000, stsCall: 300 }).assume()).rejects.toMatchObject({
      code: "awsUnreachable",
      message: "AWS STS did not answer in time",
    })
    expect(performance.now() - began).toBeLessThan(1_900)
  })

  it("ends after its limit also while the SDK pauses between two tries", async () => {
    world.sts.refuse("Throttling")
    const began = performance.now()
    await expect(open({ stsCall: 20 }).assume()).rejects.toMatchObject({ code: "awsUnreachable" })
    expect(performance.now() - began).toBeLessThan(1_000)
    // The server has answered by then what was given up: it is not counted among the calls of the next test.
    world.reset()
    await open().assume()
  })

  it.each([false, true])("takes 101 for an error, once; bare: %s", async bare => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "101", bare })
    await expect(open().assume()).rejects.toMatchObject({
      code: "awsUnreachable",
      message: "AWS STS wants to go on in another protocol than HTTP (status 101)",
    })
    expect(world.sts.calls).toHaveLength(1)
  })

  it("is tried again where STS closes the connection", async () => {
    world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "drop" }, 2)
    expect(await open().assume()).toMatchObject({ role: admin })
    expect(world.sts.calls).toHaveLength(3)
  })
})
