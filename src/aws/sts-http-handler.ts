import type { STSClient } from "@aws-sdk/client-sts"
import { type Network, sizeLimits } from "../http/network.ts"
import { HttpFailure, send } from "../http/send.ts"
import { awsAnswer } from "./foreign-answer.ts"

type SdkHttpHandler = STSClient["config"]["requestHandler"]
type SdkRequest = Parameters<SdkHttpHandler["handle"]>[0]
type SdkResponse = Awaited<ReturnType<SdkHttpHandler["handle"]>>

/** An HTTP answer, in the shape the SDK reads. */
export interface SdkAnswer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

/**
 * Lets the SDK send by `send()`, with its limits for time and size: the SDK's own handler stops counting when the
 * headers are there, and reads an answer of any size.
 * @param rehearsed an answer to give instead of sending
 */
export function stsHttpHandler(network: Network, rehearsed: () => SdkAnswer | undefined): SdkHttpHandler {
  return {
    async handle(request, options) {
      const { abortSignal: signal } = (options ?? {}) as { abortSignal?: AbortSignal }
      const response = rehearsed() ?? (await sendSdkRequest(request, signal, network))
      return { response: response as SdkResponse["response"] }
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
}

async function sendSdkRequest(
  request: SdkRequest,
  signal: AbortSignal | undefined,
  network: Network,
): Promise<SdkAnswer> {
  const { protocol, hostname, port, path, headers, body } = request
  const url = new URL(path, `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`)
  try {
    const limits = { maxBytes: sizeLimits.awsAnswer, signal }
    const response = await send(network, { method: "POST", url, headers, body }, limits)
    return { statusCode: response.status, headers: { ...response.headers }, body: awsAnswer(response) }
  } catch (error) {
    // The SDK's mark for errors that it may answer by trying again.
    if (error instanceof HttpFailure && error.isTransient) Object.assign(error, { $retryable: {} })
    throw error
  }
}
