import { verify } from "../adfs/assertion.ts"
import type { Authority } from "../server/certificates.ts"
import { Faults } from "../server/faults.ts"
import {
  type Answer,
  type LoopbackServer,
  type ServerSettings,
  startServer,
} from "../server/loopback-server.ts"
import { isForm, type Request } from "../server/request.ts"
import { type StsErrorCode, stsError, stsResult } from "./answers.ts"
import { type Credentials, type IssuedSession, newSession } from "./sessions.ts"
import { clockSkewMinutes, readAuthorization, signatureOf } from "./sigv4.ts"

/** One call, successful or not. */
interface StsCall {
  readonly action: string
  readonly host: string
  readonly role: string
  readonly provider: string
  readonly durationSeconds: number | undefined
  readonly samlAssertion: string
  /** Session policies: ARNs of managed ones, and a text. */
  readonly policyArns: readonly string[]
  readonly policy: string | undefined
}

export interface StsSettings extends ServerSettings {
  /** MaxSessionDuration by role ARN, in seconds; 43,200 for any other role. */
  maxSessionSeconds: Readonly<Record<string, number>>
  /** The longest that is granted, without an error. */
  grantedSeconds: number
}

/**
 * AssumeRoleWithSAML of one role or in one region, or any call of that name; `page` is a request that is no call. The
 * first one that is switched on counts.
 */
type StsStage = `arn:${string}` | `region:${string}` | "AssumeRoleWithSAML" | "GetCallerIdentity" | "page"

export interface StsEmulator extends Omit<LoopbackServer, "forget"> {
  readonly settings: StsSettings
  readonly faults: Faults<StsStage>
  /** Ends these calls (default: every AssumeRoleWithSAML, without limit) with this error. */
  readonly refuse: (code: StsErrorCode, stage?: StsStage, times?: number) => void
  readonly calls: readonly StsCall[]
  /** All sessions that were given out, in order. */
  readonly sessions: readonly IssuedSession[]
  /** The session of exactly these credentials; `undefined` for any others. */
  readonly sessionOf: (credentials: Credentials) => IssuedSession | undefined
  /** Ends all sessions that were given out. */
  readonly expireSessions: () => void
  /** Value of `AWS_ENDPOINT_URL_STS`, for a way without the proxy. */
  readonly directUrl: string
  readonly reset: () => void
}

export async function startSts(
  authority: Authority,
  wanted: Partial<StsSettings> = {},
): Promise<StsEmulator> {
  const defaults = (): StsSettings => ({
    delayMs: 0,
    clockAheadMs: 0,
    tls: "trusted",
    maxSessionSeconds: {},
    grantedSeconds: Number.POSITIVE_INFINITY,
    ...wanted,
  })
  const settings = defaults()
  const faults = new Faults<StsStage>()
  const sessions: IssuedSession[] = []
  const calls: StsCall[] = []

  const answer = async (request: Request): Promise<Answer> => {
    if (request.path !== "/") return stsError("InvalidAction")
    const parameters = new URLSearchParams(isForm(request.headers) ? request.body : request.query)
    const action = parameters.get("Action")
    if (action === null && request.method !== "POST") {
      const page: Answer = {
        status: 302,
        headers: { location: "https://aws.amazon.com/iam", "content-length": "0" },
      }
      return faults.take("page") ?? page
    }
    if (parameters.get("Version") !== "2011-06-15") return stsError("InvalidAction")
    if (action === "AssumeRoleWithSAML") {
      const call = readCall(request, action, parameters)
      calls.push(call)
      const role = faults.take(call.role as StsStage)
      const fault = role ?? faults.take(`region:${regionOf(call.host)}`) ?? faults.take(action)
      return fault ?? assumeRole(call, parameters)
    }
    if (action === "GetCallerIdentity") return faults.take(action) ?? callerIdentity(request, sessions)
    return stsError("InvalidAction", `Could not find operation ${action} for version 2011-06-15`)
  }

  async function assumeRole(call: StsCall, parameters: URLSearchParams): Promise<Answer> {
    const refusal = validate(call, parameters)
    if (refusal) return refusal
    const assertion = await verify(call.samlAssertion)
    if (!assertion) return stsError("InvalidIdentityToken")
    if (!(assertion.redeemableUntil.getTime() > Date.now())) return stsError("ExpiredTokenException")
    const isOffered = assertion.pairs.some(
      ({ role, provider }) => role === call.role && provider === call.provider,
    )
    if (!isOffered || call.role.split(":")[1] !== partitionOf(call.host)) return stsError("AccessDenied")
    const durationSeconds = call.durationSeconds ?? 3600
    if (durationSeconds > (settings.maxSessionSeconds[call.role] ?? 43_200))
      return stsError("ValidationError")

    const badPolicy = checkPolicies(call)
    if (badPolicy) return badPolicy
    const session = newSession({
      role: call.role,
      roleSessionName: assertion.roleSessionName,
      durationSeconds: Math.min(durationSeconds, settings.grantedSeconds),
    })
    sessions.push(session)
    return stsResult("AssumeRoleWithSAML", {
      Audience: "https://signin.aws.amazon.com/saml",
      AssumedRoleUser: { AssumedRoleId: session.assumedRoleId, Arn: session.assumedRoleArn },
      Credentials: {
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: session.expiration.toISOString().replace(".000Z", "Z"),
      },
      Subject: assertion.subject,
      NameQualifier: "bXkgbmFtZSBxdWFsaWZpZXI=",
      SubjectType: "persistent",
      Issuer: assertion.issuer,
    })
  }

  const { forget, ...server } = await startServer({ authority, settings, answer })
  return {
    ...server,
    settings,
    faults,
    refuse(code, stage = "AssumeRoleWithSAML", times) {
      const { status, body = "" } = stsError(code)
      faults.switchOn(stage, { kind: "answer", status, body, type: "text/xml" }, times)
    },
    calls,
    sessions,
    sessionOf: ({ accessKeyId, secretAccessKey, sessionToken }) =>
      sessions.find(
        session =>
          session.accessKeyId === accessKeyId &&
          session.secretAccessKey === secretAccessKey &&
          session.sessionToken === sessionToken,
      ),
    expireSessions() {
      for (const [n, session] of sessions.entries()) sessions[n] = { ...session, expiration: new Date() }
    },
    directUrl: `https://127.0.0.1:${server.port}`,
    reset() {
      Object.assign(settings, defaults())
      faults.clear()
      calls.length = 0
      sessions.length = 0
      forget()
    },
  }
}

function readCall(request: Request, action: string, parameters: URLSearchParams): StsCall {
  const duration = parameters.get("DurationSeconds")
  return {
    action,
    host: request.host,
    role: parameters.get("RoleArn") ?? "",
    provider: parameters.get("PrincipalArn") ?? "",
    durationSeconds: duration === null ? undefined : Number(duration),
    samlAssertion: parameters.get("SAMLAssertion") ?? "",
    policyArns: [...parameters]
      .filter(([name]) => /^PolicyArns\.member\.\d+\.arn$/.test(name))
      .map(([, arn]) => arn),
    policy: parameters.get("Policy") ?? undefined,
  }
}

/** Checks the constraints that STS checks before the assertion. */
function validate(call: StsCall, parameters: URLSearchParams): Answer | undefined {
  for (const name of ["RoleArn", "PrincipalArn", "SAMLAssertion"]) {
    const values = parameters.getAll(name)
    if (values.length !== 1)
      return stsError("ValidationError", `1 validation error detected: ${name} is required once`)
  }
  const constraint = (value: string, name: string, text: string) =>
    stsError(
      "ValidationError",
      `1 validation error detected: Value ${value} at '${name}' failed to satisfy constraint: Member must have ${text}`,
    )
  const { length } = call.samlAssertion
  if (length < 4) return constraint("", "sAMLAssertion", "length greater than or equal to 4")
  if (length > 100_000) return constraint("", "sAMLAssertion", "length less than or equal to 100000")
  const seconds = call.durationSeconds
  if (seconds === undefined) return undefined
  if (!(seconds >= 900))
    return constraint(`'${seconds}'`, "durationSeconds", "value greater than or equal to 900")
  if (seconds > 43_200)
    return constraint(`'${seconds}'`, "durationSeconds", "value less than or equal to 43200")
  return undefined
}

/** Checks session policies as STS does: ARNs that can exist, a policy with statements, and their size together. */
function checkPolicies({ role, policyArns, policy }: StsCall): Answer | undefined {
  const [, partition, , , account] = role.split(":")
  const managed = new RegExp(`^arn:${partition}:iam::(${account}|aws):policy/[\\w+=,.@/-]+$`)
  if (policyArns.length > 10)
    return stsError(
      "ValidationError",
      "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10",
    )
  if (!policyArns.every(arn => managed.test(arn)))
    return stsError("ValidationError", "Policy ARN is not valid or does not exist")
  if (policy !== undefined && !hasStatements(policy)) return stsError("MalformedPolicyDocument")
  return policyArns.join("").length + (policy ?? "").length > 2048
    ? stsError("PackedPolicyTooLarge")
    : undefined
}

function hasStatements(policy: string): boolean {
  try {
    return Array.isArray(JSON.parse(policy).Statement)
  } catch {
    return false
  }
}

/** Partition of the endpoint; `aws` for a loopback address. */
function partitionOf(host: string): string {
  if (host.endsWith(".amazonaws.com.cn")) return "aws-cn"
  if (host.endsWith(".amazonaws.eu")) return "aws-eusc"
  return /^sts\.us-gov-/.test(host) ? "aws-us-gov" : "aws"
}

function callerIdentity(request: Request, sessions: readonly IssuedSession[]): Answer {
  const header = request.headers.authorization
  if (header === undefined) return stsError("MissingAuthenticationToken")
  const sigv4 = readAuthorization(header)
  if (sigv4?.service !== "sts") {
    return stsError("SignatureDoesNotMatch")
  }
  const session = sessions.find(({ accessKeyId }) => accessKeyId === sigv4.accessKeyId)
  if (!session || request.headers["x-amz-security-token"] !== session.sessionToken) {
    return stsError("InvalidClientTokenId")
  }
  const isRightRegion = sigv4.region === (regionOf(request.host) ?? sigv4.region)
  if (!isRightRegion || clockSkewMinutes(request) > 15) return stsError("SignatureDoesNotMatch")
  if (signatureOf(request, sigv4, session.secretAccessKey) !== sigv4.signature)
    return stsError("SignatureDoesNotMatch")
  if (session.expiration.getTime() <= Date.now()) return stsError("ExpiredToken")
  return stsResult("GetCallerIdentity", {
    Arn: session.assumedRoleArn,
    UserId: session.assumedRoleId,
    Account: session.account,
  })
}

function regionOf(host: string): string | undefined {
  if (host === "sts.amazonaws.com") return "us-east-1"
  return /^sts\.([a-z0-9-]+)\.amazonaws\.(com|eu)/.exec(host)?.[1]
}
