import { parseObject } from "../domain/json.ts"
import { partitionNamed } from "../domain/partitions.ts"
import type { Session } from "../domain/session.ts"
import { PumError, plain } from "../errors.ts"
import { type Network, sizeLimits } from "../http/network.ts"
import { HttpFailure, send } from "../http/send.ts"
import { webPageTrouble } from "../http/web-page.ts"

/**
 * A link that opens the AWS console as this session; AWS accepts it for 15 minutes (IAM User Guide, "Enable custom
 * identity broker access to the AWS console").
 * @param service first part of the path in the console: `s3`, `ec2/v2`; default: the console's home page
 * @param issuer the page that AWS offers to the browser when the session has expired
 * @throws PumError `awsRefused`, `awsUnreachable`
 */
export async function consoleLink(
  session: Session,
  service: string | undefined,
  { network, issuer }: { readonly network: Network; readonly issuer: URL },
): Promise<string> {
  const { federationHost, consoleHost } = partitionNamed(session.role.partition)
  const federation = `https://${federationHost}/federation`
  const token = await signinToken(session, federation, network)
  const destination = `https://${consoleHost}/${service ?? "console"}/home?region=${encodeURIComponent(session.region)}`
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
  const request = { method: "GET", url: new URL(`${federation}?${query}`), headers: {} } as const
  const { status, headers, body } = await send(network, request, { maxBytes: sizeLimits.awsAnswer }).catch(
    error => {
      if (!(error instanceof HttpFailure)) throw error
      throw new PumError("awsUnreachable", `AWS sign-in ${error.what}`, { hint: error.hint })
    },
  )
  const foreign = webPageTrouble({ status, headers, body }, "AWS")
  if (foreign !== undefined)
    throw new PumError("awsRefused", `AWS sign-in ${foreign.what}`, { hint: foreign.hint })
  const token = status === 200 ? readSigninToken(new TextDecoder().decode(body)) : undefined
  if (token !== undefined) return token
  throw new PumError(
    "awsRefused",
    `AWS sign-in gave no console for ${plain(session.role.arn)} (HTTP ${status})`,
    {
      hint: "a session that is kept may have been revoked: try again with --force",
    },
  )
}

function readSigninToken(body: string): string | undefined {
  const { SigninToken: token } = parseObject(body) ?? {}
  return typeof token === "string" ? token : undefined
}
