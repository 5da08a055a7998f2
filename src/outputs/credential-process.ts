import type { Session } from "../domain/session.ts"
import { formatUtc } from "../domain/time.ts"
import { PumError } from "../errors.ts"

type Credentials = Pick<Session, "accessKeyId" | "secretAccessKey" | "sessionToken" | "expiration">

/** The answer to `credential_process` (AWS SDKs and Tools Reference Guide, "Process credential provider"). */
export function credentialProcessAnswer(credentials: Credentials): string {
  return `${JSON.stringify(credentialFields(credentials))}\n`
}

export function credentialFields({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials) {
  return {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: formatUtc(expiration),
  }
}

/**
 * Adds the command line for a terminal to the message of an error that there was no terminal to ask on: AWS tools show
 * one line of a failed `credential_process`, and no hint.
 * @returns the error to throw in its place
 */
export function withCommandForTerminal(error: unknown, commandLine: string): unknown {
  if (!(error instanceof PumError) || error.code !== "answerMissing") return error
  return new PumError("answerMissing", `${error.message}; run this in a terminal: ${commandLine}`, {
    cause: error,
  })
}
