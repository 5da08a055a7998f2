import { spawn } from "node:child_process"
import type http from "node:http"
import https from "node:https"
import { consoleOf } from "../domain/regions.ts"
import type { Session } from "../domain/session.ts"
import { PumError, plain } from "../errors.ts"
import { type Network, networkTrouble } from "../http/network.ts"
import type { Environment } from "../options/options.ts"
import { shellWords } from "../profiles/shell-words.ts"

/**
 * A link that opens the AWS console as this session, within 15 minutes (IAM User Guide, "Enable custom identity
 * broker access to the AWS console").
 * @param service the first part of the console's path: `s3`, `ec2/v2`
 * @param issuer where a browser goes when the session has run out
 * @throws PumError `awsRefused`, `awsUnreachable`
 */
export async function consoleLink(
  session: Session,
  service: string | undefined,
  { network, issuer }: { readonly network: Network; readonly issuer: URL },
): Promise<string> {
  const { signIn, host } = consoleOf(session.role.partition)
  const federation = `https://${signIn}/federation`
  const token = await signinToken(session, federation, network)
  const destination = `https://${host}/${service ?? "console"}/home?region=${encodeURIComponent(session.region)}`
  const query = new URLSearchParams({
    Action: "login",
    Issuer: issuer.href,
    Destination: destination,
    SigninToken: token,
  })
  return `${federation}?${query}`
}

async function signinToken(session: Session, federation: string, network: Network): Promise<string> {
  const credentials = {
    sessionId: session.accessKeyId,
    sessionKey: session.secretAccessKey,
    sessionToken: session.sessionToken,
  }
  const query = new URLSearchParams({ Action: "getSigninToken", Session: JSON.stringify(credentials) })
  const { status, body } = await get(new URL(`${federation}?${query}`), network).catch(error => {
    const { what, hint } = networkTrouble(error)
    throw new PumError("awsUnreachable", `AWS sign-in ${what}`, { hint })
  })
  const token = status === 200 ? tokenIn(body) : undefined
  if (token !== undefined) return token
  throw new PumError(
    "awsRefused",
    `AWS sign-in gave no console for ${plain(session.role.arn)} (HTTP ${status})`,
    {
      hint: "a session that is kept may have been revoked: try again with --force",
    },
  )
}

function tokenIn(body: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(body)
    if (typeof answer !== "object" || answer === null || !("SigninToken" in answer)) return undefined
    return typeof answer.SigninToken === "string" ? answer.SigninToken : undefined
  } catch {
    return undefined
  }
}

const longestAnswer = 1_000_000

function get(url: URL, network: Network): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = https.get(url, { agent: network.agentFor(url) }, (answer: http.IncomingMessage) => {
      let body = ""
      answer.setEncoding("utf8").on("data", (part: string) => {
        body += part
        if (body.length > longestAnswer) request.destroy(new Error("too long"))
      })
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }))
      answer.on("error", reject)
    })
    request.setTimeout(network.limits.answer, () =>
      request.destroy(Object.assign(new Error("no answer"), { name: "TimeoutError" })),
    )
    request.on("error", reject)
  })
}

/**
 * Opens the user's browser: `BROWSER`, else the system's own.
 * @returns whether there is one, as far as can be known
 */
export async function openBrowser(link: string, env: Environment): Promise<boolean> {
  try {
    if (env.BROWSER) return await oneStarted(env.BROWSER, link)
    // Without a screen there may still be a browser for text, which would take the terminal.
    const hasScreen =
      process.platform !== "linux" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME)
    if (!hasScreen) return false
    const { default: open } = await import("open")
    await open(link)
    return true
  } catch {
    return false
  }
}

/** `BROWSER` may name several, the best first, with arguments; `%s` stands for the link. */
async function oneStarted(browsers: string, link: string): Promise<boolean> {
  const lines = process.platform === "win32" ? [browsers] : browsers.split(":")
  for (const line of lines) {
    const words = process.platform === "win32" ? [line] : (shellWords(line) ?? [])
    const [file, ...args] = words.map(word => word.replaceAll("%s", () => link))
    if (!file) continue
    if (await started(file, line.includes("%s") ? args : [...args, link])) return true
  }
  return false
}

function started(file: string, args: readonly string[]): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(file, args, { detached: true, stdio: "ignore" })
    child.on("error", () => resolve(false))
    child.on("spawn", () => resolve(true))
  })
}
