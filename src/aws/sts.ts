import { AssumeRoleWithSAMLCommand, STSClient } from "@aws-sdk/client-sts"
import { partitionOfRegion, regionalStsEndpoint } from "../domain/partitions.ts"
import { regionInPartition } from "../domain/regions.ts"
import { type Aliases, aliasSuffix, type Role } from "../domain/roles.ts"
import { alwaysAllowedDuration, type Session } from "../domain/session.ts"
import { managedPolicies, policyMark, type SessionPolicy } from "../domain/session-policy.ts"
import { PumError } from "../errors.ts"
import type { Network } from "../http/network.ts"
import { withinLimit } from "../http/send.ts"
import { isDurationTooLong, stsFailure } from "./sts-errors.ts"
import { stsHttpHandler } from "./sts-http-handler.ts"
import { rehearsedAnswer, rehearsedAssertion, rehearsedRole } from "./sts-rehearsal.ts"

export interface Sts {
  /**
   * Makes the call with data of our own and without the network. The first call costs 10 ms more than later ones; made
   * while the user types, it saves them after the last key. Before any other use.
   */
  rehearse(): Promise<void>
  /**
   * AssumeRoleWithSAML. If the role allows less than `duration` seconds, a second call asks for one hour.
   * @param at default: the first region and the policy of the settings
   * @throws PumError `awsRefused`, `assertionExpired`, `awsUnreachable`, `usage`
   */
  assumeRole(role: Role, samlResponse: string, duration: number, at?: StsRegion): Promise<Session>
}

interface StsRegion {
  /** The profile's region. */
  readonly region: string
  /** Whether the user named it. */
  readonly regionAsked: boolean
  readonly policy?: SessionPolicy | undefined
}

export interface StsSettings {
  readonly network: Network
  /** The region of each call that will run at the same time. */
  readonly regions: readonly [string, ...string[]]
  /** Whether the user named the first region. */
  readonly regionAsked: boolean
  readonly aliases: Aliases
  /** What limits the session of the first region. */
  readonly policy?: SessionPolicy | undefined
  /** `AWS_ENDPOINT_URL_STS` */
  readonly endpointUrl: string | undefined
  readonly now: () => number
  readonly trace: (line: string) => void
}

export function openSts(settings: StsSettings): Sts {
  return new SamlSts(settings)
}

/** AWS grants 12 hours at most; an hour for clocks that differ. */
const longestGrant = 13 * 3_600_000

/**
 * @param times by this machine's clock and by AWS', of which one can be wrong
 * @throws PumError `awsRefused` if credentials that expire then cannot be right by either
 */
function checkExpiration(expiration: Date, times: readonly number[], role: Role): void {
  const lefts = times.map(time => expiration.getTime() - time)
  if (lefts.some(left => left > 0 && left < longestGrant)) return
  const left = Math.max(...lefts)
  const when = Number.isNaN(left)
    ? "expire at a time that cannot be read"
    : `${left > 0 ? "expire only" : "had expired"} at ${expiration.toISOString().slice(0, 16).replace("T", " ")} UTC`
  throw new PumError(
    "awsRefused",
    `AWS answered for ${role.arn} with credentials that ${when}; they are not used`,
  )
}

function policyParameters({ partition }: Role, policy: SessionPolicy | undefined) {
  if (policy === undefined) return {}
  const arns = managedPolicies(policy, partition).map(arn => ({ arn }))
  return {
    ...(arns.length === 0 ? {} : { PolicyArns: arns }),
    ...(policy.text === undefined ? {} : { Policy: policy.text }),
  }
}

class SamlSts implements Sts {
  private readonly settings: StsSettings
  /** By address. */
  private readonly clients = new Map<string, STSClient>()
  private isRehearsing = false

  constructor(settings: StsSettings) {
    this.settings = settings
  }

  async rehearse(): Promise<void> {
    const [region] = this.settings.regions
    const role = { ...rehearsedRole, partition: partitionOfRegion(region) }
    this.isRehearsing = true
    try {
      // V8 optimizes some code at its second run only.
      for (let time = 1; time <= 2; time++)
        await this.redeem(role, rehearsedAssertion, alwaysAllowedDuration, region)
    } finally {
      this.isRehearsing = false
    }
  }

  async assumeRole(role: Role, samlResponse: string, duration: number, at?: StsRegion): Promise<Session> {
    const { regions, aliases, endpointUrl } = this.settings
    const { region, regionAsked, policy } = at ?? { ...this.settings, region: regions[0] }
    let usedRegion = region
    try {
      usedRegion = regionInPartition(role.partition, region, regionAsked)
      const redeem = (seconds: number) => this.redeem(role, samlResponse, seconds, usedRegion, policy)
      return await redeem(duration).catch(error => {
        if (duration <= alwaysAllowedDuration || !isDurationTooLong(error)) throw error
        return redeem(alwaysAllowedDuration)
      })
    } catch (error) {
      const arn = `${role.arn}${aliasSuffix(role, aliases)}`
      throw stsFailure(error, arn, endpointUrl === undefined ? usedRegion : undefined)
    }
  }

  private async redeem(
    role: Role,
    samlResponse: string,
    duration: number,
    region: string,
    policy?: SessionPolicy,
  ): Promise<Session> {
    const { network, now, trace } = this.settings
    const began = now()
    const report = (outcome: string) => {
      if (this.isRehearsing) return
      trace(`AssumeRoleWithSAML ${role.arn} ${duration} s: ${outcome} after ${now() - began} ms`)
    }
    const client = this.clientFor(role.partition, region)
    const command = new AssumeRoleWithSAMLCommand({
      RoleArn: role.arn,
      PrincipalArn: role.providerArn,
      SAMLAssertion: samlResponse,
      DurationSeconds: duration,
      ...policyParameters(role, policy),
    })
    try {
      const { Credentials, AssumedRoleUser } = await withinLimit(network.limits.stsCall, abortSignal =>
        client.send(command, { abortSignal }),
      )
      report("granted")
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {}
      const principalArn = AssumedRoleUser?.Arn
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration || !principalArn)
        throw new PumError("awsRefused", `AWS answered for ${role.arn} without credentials`)
      const [own, awsNow] = network.clock.times()
      if (!this.isRehearsing) checkExpiration(Expiration, [own, awsNow], role)
      return {
        role,
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
        principalArn,
        region,
        duration: grantedDuration(duration, Expiration, awsNow),
        ...(policy === undefined ? {} : { policy: policyMark(policy) }),
      }
    } catch (error) {
      report("refused")
      throw error
    }
  }

  private clientFor(partition: string, region: string): STSClient {
    const { network, regions } = this.settings
    const endpoint = this.endpoint(partition, region)
    const known = this.clients.get(endpoint)
    if (known !== undefined) return known
    const client = new STSClient({
      // The SDK reads no AWS file in the bundle (scripts/stand-ins/index.mjs): they may be broken, or very large.
      region,
      endpoint,
      defaultsMode: "standard",
      // With such an endpoint the SDK refuses AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT.
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
      // This call is not signed: AWS_AUTH_SCHEME_PREFERENCE, which is for calls that are, would end it with an error.
      authSchemePreference: [],
      // AWS throttles many calls in a row; the SDK waits longer before each retry.
      maxAttempts: regions.length > 1 ? 5 : 3,
      requestHandler: stsHttpHandler(network, () => (this.isRehearsing ? rehearsedAnswer() : undefined)),
    })
    this.clients.set(endpoint, client)
    return client
  }

  private endpoint(partition: string, region: string): string {
    return this.settings.endpointUrl ?? regionalStsEndpoint(partition, region)
  }
}

/** Differences of clocks and the time of the call, in seconds, that are no sign of a shorter session. */
const durationTolerance = 60

/**
 * Seconds that a session lasts. AWS may grant less than was asked for, without an error.
 * @param now milliseconds since 1970, by AWS' clock: this machine's may be wrong
 */
function grantedDuration(asked: number, expiration: Date, now: number): number {
  const seconds = Math.max(0, Math.round((expiration.getTime() - now) / 1000))
  return seconds < asked - durationTolerance ? seconds : asked
}
