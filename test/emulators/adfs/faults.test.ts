import { get } from "node:http"
import { connect } from "node:tls"
import { describe, expect, it } from "vitest"
import type { TlsMode } from "../server/loopback-server.ts"
import {
  authMethodOf,
  bench,
  credentials,
  errorOf,
  home,
  newBrowser,
  rightCode,
  samlResponseOf,
  titleOf,
  toSecondFactor,
  toToken,
} from "../server/testing.ts"
import { errorPage, type Fault, unknownPage } from "../world.ts"
import type { AdfsStage } from "./adfs.ts"

const at = bench()

describe("faults", () => {
  /** Signs in up to the stage. Returns the answer to the request of that stage. */
  async function answerAt(stage: AdfsStage) {
    const { browser } = at
    const { faults, settings } = at.world.adfs
    const on = (fault: Fault) => faults.switchOn(stage, fault, 1)
    const fault: Fault = { kind: "answer", status: 418, body: stage }
    if (stage === "login page") {
      on(fault)
      return browser.get(home)
    }
    if (stage === "second factor page") settings.afterPassword = "redirect"
    if (stage === "other post") {
      settings.relyingPartyPicker = "before login"
      const picker = await browser.get(home)
      on(fault)
      return browser.submit(picker, "idpForm", {})
    }
    on(fault)
    if (stage === "password" || stage === "second factor page") return toSecondFactor(browser)
    const code = await toSecondFactor(browser)
    const accepted = await browser.submit(code, "loginForm", rightCode)
    return stage === "code" ? accepted : browser.follow(accepted)
  }

  it.each<AdfsStage>(["login page", "password", "second factor page", "code", "token page", "other post"])(
    "strike at: %s, as often as wanted, and the request is remembered",
    async stage => {
      const answer = await answerAt(stage)
      expect([answer.status, answer.body]).toEqual([418, stage])
      expect(at.world.adfs.log.at(-1)?.status).toBe(418)
      expect((await newBrowser(at.world).get(home)).status).toBe(200)
    },
  )

  it("a redirect keeps its status and address", async () => {
    const to = "https://stranger.example/adfs/ls/"
    at.world.adfs.faults.switchOn("password", { kind: "redirect", to, status: 307 })
    const answer = await at.browser.submit(await at.browser.get(home), "loginForm", credentials)
    expect([answer.status, answer.headers.location]).toEqual([307, to])
    expect(at.world.adfs.passwords).toEqual([credentials.Password])
    await at.browser.post(to, [["Password", "leaked"]])
    expect(at.world.stranger.received.join()).toContain("Password=leaked")
  })

  it("endless redirects stay on the server and never repeat", async () => {
    at.world.adfs.faults.switchOn("login page", { kind: "endless redirects" })
    const seen = new Set<string>()
    let page = await at.browser.get(home)
    for (let hop = 0; hop < 25; hop += 1) {
      seen.add(new URL(page.headers.location ?? "", page.url).href)
      page = await at.browser.follow(page)
    }
    expect(seen.size).toBe(25)
    expect([...seen].every(url => url.startsWith("https://federation.visma.com/"))).toBe(true)
  })

  it("a dropped connection ends in the middle of the answer", async () => {
    at.world.adfs.faults.switchOn("login page", { kind: "drop" }, 1)
    await expect(at.browser.get(home)).rejects.toThrow("aborted")
    expect(titleOf(await at.browser.get(home))).toBe("Sign In")
  })

  it("a hanging server has taken the request and still answers others", async () => {
    at.world.adfs.faults.switchOn("login page", { kind: "hang" }, 1)
    const pending = at.browser.get(home).then(
      () => "answered",
      () => "closed",
    )
    while (at.world.adfs.log.length === 0) await new Promise(setImmediate)
    expect(titleOf(await newBrowser(at.world).get(home))).toBe("Sign In")
    expect(await Promise.race([pending, Promise.resolve("pending")])).toBe("pending")
  })

  it.each([true, false])("a flood, content-length: %s, streams what it promises", async contentLength => {
    at.world.adfs.faults.switchOn("login page", { kind: "flood", bytes: 3_000_000, contentLength }, 1)
    const page = await at.browser.get(home)
    expect(page.body).toHaveLength(3_000_000)
    expect(page.headers["content-length"]).toBe(contentLength ? "3000000" : undefined)
    expect(at.world.adfs.floodedBytes()).toBe(3_000_000)
  })

  it("error pages with their activity id, and pages without a known form", async () => {
    const body = errorPage({ message: "MSIS9999", activityId: "11111111-2222-3333-4444-555555555555" })
    at.world.adfs.faults.switchOn("login page", { kind: "answer", status: 200, body }, 1)
    const error = await at.browser.get(home)
    expect(errorOf(error)).toBe("MSIS9999")
    expect(error.$("#activityId").text()).toBe("Activity ID: 11111111-2222-3333-4444-555555555555")
    at.world.adfs.faults.switchOn("any", {
      kind: "answer",
      status: 200,
      body: unknownPage("\u001b[31mTerms"),
    })
    const unknown = await at.browser.get(home)
    expect(unknown.$("#loginForm, #idpForm")).toHaveLength(0)
    expect(unknown.$("#terms").text()).toBe("\u001b[31mTerms")
  })

  it("a login form that leads to another origin", async () => {
    at.world.adfs.settings.loginAction = "https://stranger.example/adfs/ls/"
    await at.browser.submit(await at.browser.get(home), "loginForm", credentials)
    expect(at.world.adfs.passwords).toEqual([])
    expect(at.world.stranger.log[0]?.fieldNames).toContain("Password")
  })

  it("another token action, and a RelayState", async () => {
    Object.assign(at.world.adfs.settings, { tokenAction: "https://stranger.example/saml", relayState: "a&b" })
    const page = await toToken(at.browser)
    expect(page.$("form").attr("action")).toBe("https://stranger.example/saml")
    expect(page.$("input[name=RelayState]").attr("value")).toBe("a&b")
  })
})

describe("connections", () => {
  const handshake = (servername: string) =>
    new Promise<string>(resolve => {
      const { port } = at.world.adfs
      const socket = connect({ host: "127.0.0.1", port, servername, ca: at.browser.ca }, () => {
        resolve("trusted")
        socket.destroy()
      })
      socket.on("error", error => resolve(String("code" in error ? error.code : error)))
    })

  it.each<[TlsMode, string]>([
    ["trusted", "trusted"],
    ["untrusted", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["expired", "CERT_HAS_EXPIRED"],
    ["wrong name", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("%s", async (mode, outcome) => {
    at.world.adfs.settings.tls = mode
    expect(await handshake("federation.visma.com")).toBe(outcome)
  })

  it("by its address, and without TLS", async () => {
    const port = new URL(at.world.adfs.directUrl).port
    const socket = connect({ host: "127.0.0.1", port: Number(port), ca: at.browser.ca })
    await new Promise(resolve => socket.once("secureConnect", resolve))
    expect(socket.authorized).toBe(true)
    socket.destroy()
    const body = await new Promise<string>(resolve => {
      get(at.world.adfs.plainUrl, response => response.on("data", chunk => resolve(String(chunk))))
    })
    expect(body).toContain("<title>Sign In</title>")
  })
})

describe("the log", () => {
  it("holds who asked what, names only", async () => {
    await toToken(at.browser)
    const [first, password, code, token] = at.world.adfs.log
    expect(first).toMatchObject({ method: "GET", host: "federation.visma.com", cookieNames: [], status: 200 })
    expect(password).toMatchObject({ method: "POST", fieldNames: ["UserName", "Password", "AuthMethod"] })
    expect(code).toMatchObject({
      fieldNames: ["AuthMethod", "Context", "ChallengeQuestionAnswer"],
      status: 302,
    })
    expect(token?.cookieNames).toEqual(["MSISSamlRequest", "MSISAuth"])
    expect(token?.userAgent).toBe(at.browser.headers["user-agent"])
    expect(at.world.adfs.connections()).toBeGreaterThan(0)
    expect(JSON.stringify(at.world.adfs.log)).not.toContain(credentials.Password)
    at.world.reset()
    expect([at.world.adfs.log, at.world.adfs.passwords, at.world.adfs.codes]).toEqual([[], [], []])
  })

  it("the last page leaves a blank MSISAuth on a path of its own", async () => {
    await toToken(at.browser)
    expect(at.browser.cookies.get("MSISAuth /adfs/ls")?.value).toBe("")
    expect([...at.browser.cookies.keys()]).toEqual(
      expect.arrayContaining([
        "MSISAuthenticated /adfs",
        "MSISLoopDetectionCookie /adfs",
        "MSISSignOut /adfs",
      ]),
    )
    expect(titleOf(await at.browser.get(home))).toBe("Working...")
  })

  it("after a reset no session is known any more", async () => {
    await toToken(at.browser)
    at.world.reset()
    expect(authMethodOf(await at.browser.get(home))).toBe("FormsAuthentication")
  })

  it("every token page holds an assertion of its own", async () => {
    const first = samlResponseOf(await toToken(at.browser))
    expect(samlResponseOf(await at.browser.get(home))).not.toBe(first)
  })
})
