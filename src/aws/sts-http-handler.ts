import type { STSClient } from "@aws-sdk/client-sts"
import { type Network, sizeLimits } from "../http/network.ts"
import { HttpFailure, type HttpResponse, send } from "../http/send.ts"
import { awsAnswer } from "./foreign-answer.ts"

type SdkHttpHandler = STSClient["config"]["requestHandler"]
type SdkRequest = Parameters<SdkHttpHandler["handle"]>[0]
type SdkResponse = Awaited<ReturnType<SdkHttpHandler["handle"]>>

/**
 * Lets the SDK send by `send()`, with its limits for time and size: the SDK's own handler stops counting when the
 * headers are there, and reads an answer of any size.
 * @param rehearsed an answer to give instead of sending
 */
export function stsHttpHandler(network: Network, rehearsed: () => HttpResponse | undefined): SdkHttpHandler {
  return {
    async handle(request, options) {
      const { abortSignal: signal } = (options ?? {}) as { abortSignal?: AbortSignal }
      try {
        const answer = rehearsed() ?? (await sendSdkRequest(request, signal, network))
        const { status: statusCode, headers } = answer
        const response = { statusCode, headers: { ...headers }, body: awsAnswer(answer) }
        return { response: response as SdkResponse["response"] }
      } catch (error) {
        // The SDK's mark for errors that it may answer by trying again.
        if (error instanceof HttpFailure && error.isTransient) Object.assign(error, { $retryable: {} })
        throw error
      }
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  }
}

function sendSdkRequest(
  { protocol, hostname, port, path, headers, body }: SdkRequest,
  signal: AbortSignal | undefined,
  network: Network,
): Promise<HttpResponse> {
  const url = new URL(path, `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`)
  return send(network, { method: "POST", url, headers, body }, { maxBytes: sizeLimits.awsAnswer, signal })
}
