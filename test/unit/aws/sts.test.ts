import { readFileSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { openSts } from "../../../src/aws/sts.ts"
import { type NetworkLimits, networkLimits, openNetwork } from "../../../src/http/network.ts"
import { issue } from "../../emulators/adfs/assertion.ts"
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

function open(limits: Partial<NetworkLimits> = {}) {
  const network = openNetwork({
    env: world.env,
    ca: { pem: readFileSync(world.caFile, "utf8"), source: "--ca-bundle" },
    limits: { ...networkLimits, ...limits },
  })
  onTestFinished(() => network.close())
  const traced: string[] = []
  const sts = openSts({
    network,
    regions: ["eu-north-1"],
    regionAsked: false,
    aliases: new Map(),
    endpointUrl: undefined,
    now: Date.now,
    trace: line => traced.push(line.replace(/\d+ ms/, "N ms")),
  })
  return { sts, traced, assume: (duration = 3600) => sts.assumeRole(admin, samlResponse, duration) }
}

const silences: [string, Fault][] = [
  ["is silent", { kind: "hang" }],
  ["is silent after half an answer", { kind: "stall" }],
  ["sends a byte now and then", { kind: "trickle", everyMs: 20 }],
]

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

  it("is rehearsed without the network, and not traced", async () => {
    const { sts, traced } = open()
    await sts.rehearse()
    expect([world.proxy.log, traced]).toEqual([[], []])
  })

  it("uses the connection that was prepared", async () => {
    const { sts, assume } = open()
    sts.connect()
    while (world.sts.connections() === 0) await new Promise(resolve => setTimeout(resolve, 5))
    await assume()
    expect([world.sts.connections(), world.sts.log.map(({ method }) => method)]).toEqual([1, ["POST"]])
  })

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
