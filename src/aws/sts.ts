import { AssumeRoleWithSAMLCommand, STSClient, STSServiceException } from "@aws-sdk/client-sts"
import { stsEndpoint } from "../domain/partitions.ts"
import { regionInPartition } from "../domain/regions.ts"
import { type Aliases, aliasSuffix, type Role } from "../domain/roles.ts"
import type { Session } from "../domain/session.ts"
import { type ErrorCode, PumError, plain } from "../errors.ts"
import { type Network, networkTrouble } from "../http/network.ts"
import { rehearsedAnswer, rehearsedAssertion, rehearsedRole } from "./sts-rehearsal.ts"

export interface Sts {
  /**
   * Goes through the call once, with an answer of our own and no network: the first time takes the SDK ten
   * milliseconds more than any later one, and nobody should wait for them. Before any other use.
   */
  rehearse(): Promise<void>
  /** Opens the connections for the calls that are foreseen, so that these need not wait for them. */
  connect(): void
  /**
   * AssumeRoleWithSAML. Where the role allows less than `duration` seconds, once more with an hour.
   * @param place default: the first region of the settings
   * @throws PumError `awsRefused`, `assertionExpired`, `awsUnreachable`
   */
  assumeRole(role: Role, samlResponse: string, duration: number, place?: Place): Promise<Session>
}

interface Place {
  /** The profile's region, and whether the user named it. */
  readonly region: string
  readonly regionAsked: boolean
}

export interface StsSettings {
  readonly network: Network
  /** Where it will be called, one for each call that may be made at one time; the first is where `place` says nothing else. */
  readonly regions: readonly [string, ...string[]]
  /** Whether the user named the first. */
  readonly regionAsked: boolean
  readonly aliases: Aliases
  /** `AWS_ENDPOINT_URL_STS` */
  readonly endpointUrl: string | undefined
  readonly now: () => number
  readonly trace: (line: string) => void
}

const oneHour = 3600
/** What AWS grants at least: a role's maximum is between 1 and 12 hours. */
const alwaysAllowed = oneHour

export function openSts(settings: StsSettings): Sts {
  const { network, regions, now, trace } = settings
  const usualPlace: Place = { region: regions[0], regionAsked: settings.regionAsked }
  const clients = new Map<string, STSClient>()
  let rehearsing = false
  let connected: Promise<unknown> = Promise.resolve()

  function clientFor(partition: string, region: string): STSClient {
    const endpoint = settings.endpointUrl ?? stsEndpoint(partition, region)
    const known = clients.get(endpoint)
    if (known !== undefined) return known
    const agent = network.agentFor(new URL(endpoint))
    // Endpoint and region are given, so that a broken ~/.aws/config is nothing to this call.
    const client = new STSClient({
      region,
      endpoint,
      defaultsMode: "standard",
      // Many calls in a row are what AWS throttles; the SDK waits longer each time.
      maxAttempts: regions.length > 1 ? 5 : 3,
      requestHandler: {
        httpAgent: agent,
        httpsAgent: agent,
        requestTimeout: network.limits.answer,
        throwOnRequestTimeout: true,
      },
    })
    client.middlewareStack.add(
      next => async input => (rehearsing ? { response: rehearsedAnswer() } : next(input)),
      { step: "deserialize", priority: "low", name: "rehearsal" },
    )
    clients.set(endpoint, client)
    return client
  }

  async function redeem(role: Role, samlResponse: string, duration: number, place: Place): Promise<Session> {
    const started = now()
    const say = rehearsing ? () => {} : trace
    const region = regionInPartition(role.partition, place.region, place.regionAsked)
    const client = clientFor(role.partition, region)
    try {
      const answer = await client.send(
        new AssumeRoleWithSAMLCommand({
          RoleArn: role.arn,
          PrincipalArn: role.providerArn,
          SAMLAssertion: samlResponse,
          DurationSeconds: duration,
        }),
      )
      say(`AssumeRoleWithSAML ${role.arn} ${duration} s: granted after ${now() - started} ms`)
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {}
      const principalArn = answer.AssumedRoleUser?.Arn
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration || !principalArn) {
        throw new PumError("awsRefused", `AWS answered for ${role.arn} without credentials`)
      }
      return {
        role,
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
        principalArn,
        region,
        duration,
      }
    } catch (error) {
      say(`AssumeRoleWithSAML ${role.arn} ${duration} s: refused after ${now() - started} ms`)
      throw error
    }
  }

  return {
    async rehearse() {
      rehearsing = true
      try {
        // The second time goes through what the first has only compiled.
        for (let time = 1; time <= 2; time++)
          await redeem(rehearsedRole, rehearsedAssertion, oneHour, { region: regions[0], regionAsked: false })
      } finally {
        rehearsing = false
      }
    },
    connect() {
      // Its failure is nobody's concern yet: the call will meet it again and put it into words.
      const opened = regions.map(async region => {
        const endpoint = new URL(settings.endpointUrl ?? stsEndpoint("aws", region))
        return openConnection(clientFor("aws", region), endpoint)
      })
      connected = Promise.allSettled(opened)
    },
    async assumeRole(role, samlResponse, duration, place = usualPlace) {
      // Many calls beside many connections that are still being opened would double their number.
      if (regions.length > 1) await connected
      try {
        return await redeem(role, samlResponse, duration, place).catch(error => {
          if (duration <= alwaysAllowed || !isTooLong(error)) throw error
          return redeem(role, samlResponse, alwaysAllowed, place)
        })
      } catch (error) {
        throw inWords(error, `${role.arn}${aliasSuffix(role, settings.aliases)}`)
      }
    },
  }
}

/** By the SDK's own way to the network, which is then warmed up as well. */
async function openConnection(client: STSClient, { protocol, hostname, port }: URL): Promise<void> {
  const { requestHandler } = client.config
  const request = { protocol, hostname, method: "HEAD", path: "/", query: {}, headers: { host: hostname } }
  const withPort = port === "" ? request : { ...request, port: Number(port) }
  const { response } = await requestHandler.handle(withPort as Parameters<typeof requestHandler.handle>[0])
  response.body.resume()
}

function isTooLong(error: unknown): boolean {
  return (
    error instanceof STSServiceException &&
    error.name.startsWith("ValidationError") &&
    /DurationSeconds exceeds/.test(error.message)
  )
}

/** What a refusal means to the person who reads it (AWS STS API reference, AssumeRoleWithSAML, Errors). */
const hints: Readonly<Record<string, string>> = {
  ExpiredToken: "an assertion works for 5 minutes: run the command again, and check this machine's clock",
  InvalidIdentityToken:
    "the account does not trust this identity provider, or trusts an old certificate of it: tell the account's owner",
  IDPRejectedClaim: "the identity provider's claim was refused: tell the account's owner",
  AccessDenied: "the role's trust policy does not let you in: tell the account's owner",
  RegionDisabled: "STS is switched off in that region: choose another with --region",
  Throttling: "AWS is busy: try again in a minute",
}

/** The code as it stands in AWS' answer; the SDK's own names differ by a suffix. */
function codeOf(error: STSServiceException): string {
  return plain("Code" in error && typeof error.Code === "string" ? error.Code : error.name)
}

/** AWS' words, without anything in them that is long enough to be a token or a piece of the assertion. */
function quotable(message: string): string {
  return plain(message.replace(/[\w+/=-]{60,}/g, "…"))
}

function inWords(error: unknown, role: string): PumError {
  if (error instanceof PumError) return error
  const refuse = (code: ErrorCode, message: string, hint: string | undefined) =>
    new PumError(code, message, { hint })
  if (error instanceof STSServiceException && error.$metadata.httpStatusCode !== undefined) {
    const code = codeOf(error)
    const kind = code.replace(/Exception$/, "")
    return refuse(
      kind === "ExpiredToken" ? "assertionExpired" : "awsRefused",
      `AWS refused ${role}: ${quotable(error.message || code)} (${code})`,
      hints[kind],
    )
  }
  const trouble = networkTrouble(error)
  return refuse("awsUnreachable", `AWS STS ${trouble.what}`, trouble.hint)
}
