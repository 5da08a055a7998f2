import { STSServiceException } from "@aws-sdk/client-sts"
import { PumError, plain } from "../errors.ts"
import { regionalHint } from "../http/network-errors.ts"
import { HttpFailure } from "../http/send.ts"
import { somethingBetween } from "../http/web-page.ts"

const otherRegion = "STS is switched off in that region: choose another with --region"
const busy = "AWS is busy: try again in a minute"
/** What the user can do about an error code of STS (AWS STS API reference, AssumeRoleWithSAML, Errors). */
const hints: Readonly<Record<string, string>> = {
  ExpiredToken: "an assertion works for 5 minutes: run the command again, and check this machine's clock",
  InvalidIdentityToken:
    "the account does not trust this identity provider, or trusts an old certificate of it: tell the account's owner",
  IDPRejectedClaim: "the identity provider's claim was refused: tell the account's owner",
  AccessDenied: "the role's trust policy does not let you in: tell the account's owner",
  MalformedPolicyDocument: "the policy of --policy is no policy for a session: correct the file, or the ARN",
  PackedPolicyTooLarge:
    "the policies of --policy are too large together: name fewer of them, or shorten the file",
  RegionDisabled: otherRegion,
  InvalidClientTokenId: otherRegion,
  OptInRequired: otherRegion,
  UnrecognizedClient: otherRegion,
  IDPCommunicationError: busy,
  InternalFailure: busy,
  RequestExpired: "check this machine's clock",
  RequestLimitExceeded: busy,
  ServiceUnavailable: busy,
  Throttling: busy,
  ThrottledException: busy,
}

/** Whether STS refused because the role's maximum is shorter than the duration that was asked for. */
export function isDurationTooLong(error: unknown): boolean {
  return (
    error instanceof STSServiceException &&
    error.name.startsWith("ValidationError") &&
    /DurationSeconds exceeds|'durationSeconds' failed to satisfy/.test(error.message)
  )
}

/**
 * @param error what the SDK threw
 * @param role ARN of the role, as the user should read it
 * @param region whose endpoint was called; `undefined` if the endpoint does not depend on it
 */
export function stsFailure(error: unknown, role: string, region: string | undefined): PumError {
  if (error instanceof PumError) return error
  if (error instanceof HttpFailure)
    return new PumError("awsUnreachable", `AWS STS ${error.what}`, {
      hint: region === undefined ? error.hint : regionalHint(error, region),
    })
  if (error instanceof STSServiceException && error.$metadata.httpStatusCode !== undefined) {
    const code = stsErrorCode(error)
    const kind = code.replace(/Exception$/, "")
    const message = `AWS refused ${role}: ${quotable(error.message || code)} (${code})`
    const hint = isDurationTooLong(error)
      ? "ask for less with --duration"
      : (policyHint(error) ?? hints[kind])
    return new PumError(kind === "ExpiredToken" ? "assertionExpired" : "awsRefused", message, { hint })
  }
  return new PumError("awsUnreachable", "AWS STS sent an answer that cannot be understood", {
    hint: `try again; or ${somethingBetween("AWS")}`,
  })
}

/** For a refusal by a policy of the organization: the role's trust policy is not at fault. */
function policyHint({ message }: STSServiceException): string | undefined {
  const kind = /\b(?:service|resource) control policy\b/i.exec(message)?.[0]
  return (
    kind && `a ${kind.toLowerCase()} of your organization forbids it: tell those who run the organization`
  )
}

/** The code in AWS' answer; the SDK's own names differ from it by a suffix. */
function stsErrorCode(error: STSServiceException): string {
  return plain("Code" in error && typeof error.Code === "string" ? error.Code : error.name)
}

/** AWS' words, without anything in them that is long enough to be a token or a piece of the assertion. */
function quotable(message: string): string {
  return plain(message.replace(/[\w+/=-]{60,}/g, "…"))
}
