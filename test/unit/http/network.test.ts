import { once } from "node:events"
import { type AddressInfo, createServer } from "node:net"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { type NetworkLimits, networkLimits, openNetwork, sizeLimits } from "../../../src/http/network.ts"
import { send } from "../../../src/http/send.ts"
import { type ProxyEmulator, startProxy } from "../../emulators/proxy/proxy.ts"
import { type Authority, createAuthority } from "../../emulators/server/certificates.ts"
import { type LoopbackServer, startServer } from "../../emulators/server/loopback-server.ts"

const authority: Authority = createAuthority("An authority of these tests")
let server: LoopbackServer
let proxy: ProxyEmulator
let env: Record<"direct" | "through a proxy", Record<string, string>>

beforeAll(async () => {
  const settings = { delayMs: 0, tls: "trusted" as const }
  server = await startServer({ authority, settings, answer: () => ({ status: 200, body: "hello" }) })
  proxy = await startProxy(() => server.port)
  env = { direct: {}, "through a proxy": { HTTPS_PROXY: proxy.url } }
})
beforeEach(() => {
  server.forget()
  proxy.reset()
})
afterAll(() => Promise.all([server.close(), proxy.close()]))

function networkBy(way: keyof typeof env, limits: Partial<NetworkLimits> = {}) {
  const network = openNetwork({
    env: env[way],
    ca: { pem: authority.pem, source: "--ca-bundle" },
    limits: { ...networkLimits, ...limits },
  })
  onTestFinished(() => network.close())
  const url = new URL(`https://localhost:${server.port}/`)
  return {
    network,
    url,
    ask: async () => {
      const { body } = await send(network, { method: "GET", url, headers: {} }, { maxBytes: sizeLimits.page })
      return new TextDecoder().decode(body)
    },
  }
}

const ways = ["direct", "through a proxy"] as const
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5)
}

it.each(ways)(
  "a server is reached although Node.js makes no stack traces (--stack-trace-limit=0): %s",
  async way => {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    onTestFinished(() => void Object.assign(Error, { stackTraceLimit }))
    expect(await networkBy(way).ask()).toBe("hello")
  },
)

describe("the limits", () => {
  it.each([{}, { HTTPS_PROXY: "http://127.0.0.1:1" }])("give a distant address more than 250 ms: %j", env => {
    const network = openNetwork({ env, ca: undefined })
    const agent = network.agentFor(new URL("https://adfs.example.com"))
    expect(agent).toMatchObject({ options: { autoSelectFamilyAttemptTimeout: 1_000 } })
    network.close()
  })

  it("are what README and requirements promise", () => {
    expect(networkLimits).toEqual({
      connect: 10_000,
      exchange: 60_000,
      stsCall: 75_000,
      rolePage: 2_000,
      idle: 60_000,
    })
    expect(sizeLimits).toEqual({ page: 5 * 1024 * 1024, awsAnswer: 1024 * 1024 })
  })
})

describe.each(ways)("connections, %s", way => {
  it("are kept for the next request", async () => {
    const { ask } = networkBy(way)
    await ask()
    // Node frees the socket once it knows that the request was written, which can be after the answer.
    await pause(20)
    await ask()
    expect(server.connections()).toBe(1)
  })

  it("carry no request after they were unused for too long", async () => {
    const { ask } = networkBy(way, { idle: 50 })
    await ask()
    await pause(200)
    await ask()
    expect(server.connections()).toBe(2)
  })
})

describe.each(ways)("a prepared connection, %s", way => {
  it("is open before the request, which uses it", async () => {
    const { network, url, ask } = networkBy(way)
    await network.prepare(url)
    await until(() => server.connections() === 1)
    expect(await ask()).toBe("hello")
    await pause(20)
    await ask()
    expect(server.connections()).toBe(1)
  })

  it("is used by a request that comes before it is open", async () => {
    const { network, url, ask } = networkBy(way)
    void network.prepare(url)
    expect(await ask()).toBe("hello")
    expect(server.connections()).toBe(1)
  })

  it("serves one of several requests at the same time; each has its own", async () => {
    const { network, url, ask } = networkBy(way)
    for (let n = 0; n < 3; n++) void network.prepare(url)
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(["hello", "hello", "hello"])
    expect(server.connections()).toBe(3)
  })

  it("is not used after it was unused for too long", async () => {
    const { network, url, ask } = networkBy(way, { idle: 50 })
    void network.prepare(url)
    await until(() => server.connections() === 1)
    await pause(100)
    expect(await ask()).toBe("hello")
    expect(server.connections()).toBe(2)
  })

  it("is not used for another server", async () => {
    const { network, ask } = networkBy(way)
    void network.prepare(new URL(`https://127.0.0.1:${server.port}/`))
    await until(() => server.connections() === 1)
    expect(await ask()).toBe("hello")
    expect(server.connections()).toBe(2)
  })

  it("is closed with the network", async () => {
    const { network, url } = networkBy(way)
    void network.prepare(url)
    await until(() => server.connections() === 1)
    network.close()
    await until(() => server.openSockets() === 0)
  })
})

describe("a connection that cannot be prepared", () => {
  it("raises no error when the time to connect is over: the program would end with it", async () => {
    const { network, url } = networkBy("through a proxy", { connect: 50 })
    proxy.settings.fault = "refuse"
    await network.prepare(url)
    expect(proxy.log).toHaveLength(1)
    // An error that nothing handles makes vitest fail.
    await pause(100)
  })

  it("is no trouble until a request needs one", async () => {
    const { network, ask } = networkBy("through a proxy")
    proxy.settings.fault = "refuse"
    await network.prepare(new URL(`https://localhost:${server.port}/`))
    expect(proxy.log).toHaveLength(1)
    await expect(ask()).rejects.toMatchObject({
      what: `cannot be reached: the proxy 127.0.0.1:${proxy.port} answered 503`,
    })
    proxy.settings.fault = "none"
    expect(await ask()).toBe("hello")
  })

  it("is no trouble where nothing listens", async () => {
    const { network } = networkBy("direct")
    const gone = await startServer({
      authority,
      settings: { delayMs: 0, tls: "trusted" },
      answer: () => ({ status: 200 }),
    })
    await gone.close()
    const url = new URL(`https://localhost:${gone.port}/`)
    await network.prepare(url)
    const request = send(network, { method: "GET", url, headers: {} }, { maxBytes: 10 })
    await expect(request).rejects.toMatchObject({ what: "cannot be reached: connection refused" })
  })

  it.each([
    ["the server", "no connection in time"],
    ["the proxy", "the proxy 127.0.0.1:PORT did not connect to it in time"],
    ["the server behind the proxy", "the proxy 127.0.0.1:PORT did not connect to it in time"],
  ])(
    "is given up when the time to connect is over, and so is the request: %s says nothing",
    async (silent, trouble) => {
      const mute = createServer(() => {}).listen(0, "127.0.0.1")
      await once(mute, "listening")
      const { port } = mute.address() as AddressInfo
      const between = await startProxy(() => port)
      if (silent === "the proxy") between.settings.fault = "hang"
      const network = openNetwork({
        env: silent === "the server" ? {} : { HTTPS_PROXY: between.url },
        ca: undefined,
        limits: { ...networkLimits, connect: 50 },
      })
      const url = new URL(`https://localhost:${port}/`)
      await network.prepare(url)
      const request = send(network, { method: "GET", url, headers: {} }, { maxBytes: 10 })
      const what = `cannot be reached: ${trouble.replace("PORT", `${between.port}`)}`
      await expect(request).rejects.toMatchObject({ what })
      network.close()
      await between.close()
      mute.close()
    },
  )
})
