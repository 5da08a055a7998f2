import { randomBytes } from "node:crypto"
import { verify } from "../adfs/assertion.ts"
import type { Authority } from "../server/certificates.ts"
import { Faults } from "../server/faults.ts"
import {
  type Answer,
  type LoopbackServer,
  type PlainAnswer,
  type ServerSettings,
  startServer,
} from "../server/loopback-server.ts"
import { isForm, type Request } from "../server/request.ts"
import type { Credentials, IssuedSession } from "../sts/sessions.ts"
import { type RolePageShape, rolePage } from "./role-page.ts"

export interface AwsSignInSettings extends ServerSettings {
  /** The answer of `/saml`. `console`: no role page, but 302 to the console. */
  rolePage: RolePageShape | "console"
  /** Aliases by account id. The page names an account without an alias by its id. */
  aliases: Readonly<Record<string, string>>
}

type AwsSignInStage = "role page" | "signin token" | "console login"

export interface AwsSignInEmulator extends Omit<LoopbackServer, "forget"> {
  readonly settings: AwsSignInSettings
  readonly faults: Faults<AwsSignInStage>
  /** Assertions that reached `/saml`. */
  readonly samlResponses: readonly string[]
  /** Tokens given out for links to the console, in order. */
  readonly signinTokens: () => readonly string[]
  readonly reset: () => void
}

const signinTokenLifetimeMs = 15 * 60_000
const consoleHosts =
  /^([a-z0-9-]+\.)?console\.(aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn|amazonaws-eusc\.eu)$/

/** Starts AWS' sign-in, with its host names in all partitions. `sessionOf` finds a session of STS. */
export async function startAwsSignIn(
  authority: Authority,
  sessionOf: (credentials: Credentials) => IssuedSession | undefined,
  wanted: Partial<AwsSignInSettings> = {},
): Promise<AwsSignInEmulator> {
  const defaults = (): AwsSignInSettings => ({
    delayMs: 0,
    tls: "trusted",
    rolePage: "legacy",
    aliases: { "095344953043": "prod-vnipbc", "585848786654": "visma-sandbox" },
    ...wanted,
  })
  const settings = defaults()
  const faults = new Faults<AwsSignInStage>()
  const samlResponses: string[] = []
  const signinTokens = new Map<string, number>()

  async function roles(request: Request): Promise<PlainAnswer> {
    if (request.method !== "POST" || !isForm(request.headers)) return badRequest("POST a form")
    const fields = new URLSearchParams(request.body)
    const samlResponse = fields.get("SAMLResponse") ?? ""
    samlResponses.push(samlResponse)
    if (fields.getAll("SAMLResponse").length !== 1)
      return badRequest("Your request included no SAML response")
    const assertion = await verify(samlResponse)
    if (!assertion || !(assertion.redeemableUntil.getTime() > Date.now())) {
      return badRequest("Your request included an invalid SAML response. To logout, click here")
    }
    const arns = assertion.pairs.map(({ role }) => role)
    // With a single role AWS shows the console at once.
    if (settings.rolePage === "console" || arns.length === 1) {
      return { status: 302, headers: { location: "https://console.aws.amazon.com/console/home" } }
    }
    const page = {
      roles: arns,
      aliases: settings.aliases,
      samlResponse,
      relayState: fields.get("RelayState") ?? "",
    }
    return { status: 200, body: rolePage(settings.rolePage, page) }
  }

  function getSigninToken(parameters: URLSearchParams): PlainAnswer {
    const session = sessionOf(readSession(parameters.get("Session") ?? ""))
    if (!session || session.expiration.getTime() <= Date.now()) return badRequest("Bad Request")
    const token = randomBytes(300).toString("base64url")
    signinTokens.set(token, Date.now() + signinTokenLifetimeMs)
    return {
      status: 200,
      body: JSON.stringify({ SigninToken: token }),
      headers: { "content-type": "application/json" },
    }
  }

  function login(parameters: URLSearchParams): PlainAnswer {
    const destination = parameters.get("Destination") ?? ""
    const until = signinTokens.get(parameters.get("SigninToken") ?? "") ?? 0
    if (until <= Date.now()) return badRequest("Invalid or expired SigninToken")
    if (!URL.canParse(destination)) return badRequest("Invalid Destination")
    const { protocol, hostname } = new URL(destination)
    if (protocol !== "https:" || !consoleHosts.test(hostname)) return badRequest("Invalid Destination")
    return { status: 302, headers: { location: destination } }
  }

  const answer = (request: Request): Answer | Promise<Answer> => {
    if (request.path === "/saml") return faults.take("role page") ?? roles(request)
    if (request.path !== "/federation") return { status: 404, body: "Not Found" }
    const parameters = new URLSearchParams(request.method === "POST" ? request.body : request.query)
    switch (parameters.get("Action")) {
      case "getSigninToken":
        return faults.take("signin token") ?? getSigninToken(parameters)
      case "login":
        return faults.take("console login") ?? login(parameters)
      default:
        return badRequest("Unknown action")
    }
  }

  const { forget, ...server } = await startServer({ authority, settings, answer })
  return {
    ...server,
    settings,
    faults,
    samlResponses,
    signinTokens: () => [...signinTokens.keys()],
    reset() {
      Object.assign(settings, defaults())
      faults.clear()
      samlResponses.length = 0
      signinTokens.clear()
      forget()
    },
  }
}

const badRequest = (text: string): PlainAnswer => ({ status: 400, body: `<html><body>${text}</body></html>` })

function readSession(json: string): Credentials {
  const nobody = { accessKeyId: "", secretAccessKey: "", sessionToken: "" }
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value !== "object" || value === null) return nobody
    const { sessionId, sessionKey, sessionToken } = value as Record<string, unknown>
    return {
      accessKeyId: String(sessionId),
      secretAccessKey: String(sessionKey),
      sessionToken: String(sessionToken),
    }
  } catch {
    return nobody
  }
}
