import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { request } from "node:http"
import { connect, type TLSSocket } from "node:tls"
import { describe, expect, it } from "vitest"
import { bench } from "../server/testing.ts"
import { startWorld } from "../world.ts"

const at = bench()

/** CONNECT to `host:port`; the status, and the subject of the certificate behind it. */
async function tunnel(target: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const { port } = at.world.proxy
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method: "CONNECT", path: target, headers })
    asked.on("error", reject)
    asked.on("connect", (response, socket) => {
      const status = response.statusCode ?? 0
      if (status !== 200) {
        socket.destroy()
        return resolve([status, ""])
      }
      const servername = target.replace(/:\d+$/, "")
      const secure: TLSSocket = connect({ socket, servername, ca: at.browser.ca }, () => {
        const subject = secure.getPeerCertificate().subject.CN
        secure.destroy()
        resolve([status, String(subject)])
      })
      secure.on("error", reject)
    })
    asked.end()
  })
}

describe("the proxy", () => {
  it.each([
    "federation.visma.com",
    "login.visma.com",
    "sts.amazonaws.com",
    "sts.eu-central-1.amazonaws.com",
    "sts.us-gov-west-1.amazonaws.com",
    "sts.cn-north-1.amazonaws.com.cn",
    "signin.aws.amazon.com",
    "signin.amazonaws-us-gov.com",
    "signin.amazonaws.cn",
    "stranger.example",
  ])("leads to %s, with a trusted certificate", async host => {
    expect(await tunnel(`${host}:443`)).toEqual([200, host])
    expect(at.world.proxy.log).toEqual([{ target: `${host}:443`, status: 200 }])
  })

  it("leads to the stranger at any other port of ADFS", async () => {
    expect(await tunnel("federation.visma.com:8443")).toEqual([200, "federation.visma.com"])
    expect([at.world.stranger.log.length, at.world.adfs.connections()]).toEqual([0, 0])
  })

  it.each([
    "example.com:443",
    "169.254.169.254:80",
    "127.0.0.1:22",
    "s3.eu-central-1.amazonaws.com:443",
    "sts.eu-central-1.amazonaws.com:80",
    "evil-sts.amazonaws.com:443",
    "sts.amazonaws.com.example:443",
    "nonsense",
  ])("refuses %s", async target => {
    expect((await tunnel(target))[0]).toBe(403)
  })

  it("refuses anything but CONNECT", async () => {
    const { port } = at.world.proxy
    const status = await new Promise(resolve => {
      const path = "http://federation.visma.com/adfs/ls/"
      request({ host: "127.0.0.1", port, path }, response => resolve(response.statusCode)).end()
    })
    expect(status).toBe(403)
    expect(at.world.proxy.log[0]?.target).toBe("GET http://federation.visma.com/adfs/ls/")
  })

  it("asks for user and password when told so", async () => {
    at.world.proxy.settings.credentials = { user: "aly@visma", password: "p:ss/w%rd" }
    const basic = (text: string) => ({
      "proxy-authorization": `Basic ${Buffer.from(text).toString("base64")}`,
    })
    expect((await tunnel("federation.visma.com:443"))[0]).toBe(407)
    expect((await tunnel("federation.visma.com:443", basic("aly@visma:wrong")))[0]).toBe(407)
    expect((await tunnel("federation.visma.com:443", basic("aly@visma:p:ss/w%rd")))[0]).toBe(200)
    expect(at.world.env.HTTPS_PROXY).toContain("://aly%40visma:p%3Ass%2Fw%25rd@127.0.0.1:")
  })

  it("refuses everything when told so", async () => {
    at.world.proxy.settings.fault = "refuse"
    expect((await tunnel("federation.visma.com:443"))[0]).toBe(503)
  })
})

describe("a world", () => {
  it("is trusted by a Node process that knows its certificate authority", async () => {
    const script = `
      const { connect } = require("node:tls")
      const socket = connect(${at.world.adfs.port}, "127.0.0.1", { servername: "federation.visma.com" })
      socket.on("secureConnect", () => { console.log("trusted"); socket.destroy() })
      socket.on("error", error => console.log(error.code))`
    const run = (env: Readonly<Record<string, string>>) =>
      new Promise<string>(resolve => {
        execFile(process.execPath, ["-e", script], { env: { ...env } }, (_, stdout) => resolve(stdout.trim()))
      })
    expect(await run({ NODE_EXTRA_CA_CERTS: at.world.caFile })).toBe("trusted")
    expect(await run({})).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE")
  })

  it("leaves nothing behind", async () => {
    const world = await startWorld()
    const { caFile } = world
    const answered = (): Promise<boolean> =>
      new Promise(resolve => {
        const asking = request(world.adfs.plainUrl, { agent: false }, answer =>
          resolve(answer.resume() !== undefined),
        )
        asking.on("error", () => resolve(false)).end()
      })
    expect([existsSync(caFile), await answered()]).toEqual([true, true])
    await world.close()
    expect([existsSync(caFile), await answered()]).toEqual([false, false])
  })

  it("takes its options, and goes back to them", async () => {
    const world = await startWorld({
      delayMs: 7,
      adfs: { loginPage: "2019", delayMs: 1 },
      sts: { tls: "expired" },
    })
    world.adfs.settings.loginPage = "2.0"
    world.sts.settings.delayMs = 0
    world.reset()
    expect([world.adfs.settings.loginPage, world.adfs.settings.delayMs]).toEqual(["2019", 1])
    expect([world.sts.settings.delayMs, world.sts.settings.tls]).toEqual([7, "expired"])
    await world.close()
  })
})
