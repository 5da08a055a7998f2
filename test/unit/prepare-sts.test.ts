import { STSClient } from "@aws-sdk/client-sts"
import { afterEach, describe, expect, it, vi } from "vitest"
import { openNetwork } from "../../src/http/network.ts"
import { readCommandLine } from "../../src/options/command-line.ts"
import { readOptions } from "../../src/options/options.ts"
import { turn } from "../../src/platform/event-loop.ts"
import { prepareSts } from "../../src/prepare-sts.ts"
import type * as Assertion from "../../src/sign-in/pages/assertion.ts"
import { Home } from "../support/program.ts"

/** Called in the second step of the rehearsal. */
const duringStep = vi.hoisted(() => ({ call: () => {} }))
vi.mock("../../src/sign-in/pages/assertion.ts", async importOriginal => {
  const original = await importOriginal<typeof Assertion>()
  const rehearseSaml = () => {
    duringStep.call()
    return original.rehearseSaml()
  }
  return { ...original, rehearseSaml }
})

const never = new Promise<never>(() => {})
const now = Promise.resolve()
const failed = Promise.reject(new Error("refused"))
failed.catch(() => {})

/** Prepares; the test says what has settled. */
function prepare(
  { connected = now, login = now, tokenPage = now }: Partial<Record<string, Promise<void>>>,
  args: readonly string[] = [],
) {
  const network = openNetwork({ env: {}, ca: undefined })
  const opened: string[] = []
  const noted = {
    ...network,
    prepare: async ({ host }: URL) => void opened.push(host),
  }
  const line = readCommandLine(args)
  if (line.wants !== "run") throw new TypeError("no run")
  const options = readOptions(line, {}, new Home().path)
  const run = { options, terminal: { trace: () => {} } } as unknown as Parameters<typeof prepareSts>[0]
  const regions = ["eu-north-1"] as const
  const prepared = prepareSts(run, { network: noted, regions, connected, login, tokenPage })
  return { opened, prepared }
}

afterEach(() => {
  duringStep.call = () => {}
  vi.restoreAllMocks()
})

describe("the connection to STS", () => {
  it.each([["connected"], ["login"]])("is not opened before this has settled: %s", async name => {
    const { opened } = prepare({ [name]: never })
    for (let turns = 0; turns < 5; turns++) await turn()
    expect(opened).toEqual([])
  })

  it("is opened after what is sent to ADFS, when the login is given", async () => {
    let give = () => {}
    const login = new Promise<void>(resolve => {
      give = resolve
    })
    const { opened } = prepare({ login })
    await turn()
    give()
    for (let microtasks = 0; microtasks < 20; microtasks++) await now
    expect(opened).toEqual([])
    await turn()
    await turn()
    expect(opened).toEqual(["sts.eu-north-1.amazonaws.com"])
  })

  it.each([
    ["the login fails", { login: failed }, []],
    ["the roles are only listed", {}, ["--list"]],
  ])("is not opened if %s", async (_, settled, args) => {
    const { opened, prepared } = prepare(settled, args)
    await prepared
    expect(opened).toEqual([])
  })
})

describe("the rehearsal of the call", () => {
  it.each([
    ["while ADFS answers", never, 2],
    ["not once ADFS has answered", now, 0],
    ["not once the sign-in has failed", failed, 0],
  ])("takes place %s", async (_, tokenPage, times) => {
    const send = vi.spyOn(STSClient.prototype, "send")
    await prepare({ tokenPage }).prepared
    expect(send).toHaveBeenCalledTimes(times)
  })

  it("leaves time between its steps for an answer that came during one", async () => {
    const send = vi.spyOn(STSClient.prototype, "send")
    const tokenPage = new Promise<void>(resolve => {
      duringStep.call = () => void setImmediate(resolve)
    })
    await prepare({ tokenPage }).prepared
    expect(send).not.toHaveBeenCalled()
  })
})
