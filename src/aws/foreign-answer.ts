import { isObject, parseObject } from "../domain/json.ts"
import { plain } from "../errors.ts"
import { HttpFailure, type HttpResponse } from "../http/send.ts"
import { somethingBetween, webPageTrouble } from "../http/web-page.ts"

/**
 * An answer in the place of one of STS, which sends XML: of a proxy, a gateway, or a web server. What says an error in
 * JSON, as AWS' gateways do, becomes the XML that the SDK reads.
 * @throws HttpFailure if it is no answer of AWS
 */
export function awsAnswer(response: HttpResponse): Uint8Array {
  const foreign = webPageTrouble(response, "AWS")
  if (foreign !== undefined) throw new HttpFailure(foreign)
  const { status, headers, body } = response
  if (status < 300) return body
  const text = Buffer.from(body.subarray(0, 20_000)).toString("utf8")
  if (/<Error(?:Response)?[\s>]/.test(text)) return body
  const error = jsonError(text)
  if (error !== undefined) return new TextEncoder().encode(asXml(error))
  const leads =
    status < 400 && URL.canParse(headers.location ?? "") ? new URL(headers.location ?? "").host : ""
  const words = leads === "" ? shownWords(text) : `it leads to ${plain(leads, 100)}`
  throw new HttpFailure({
    what: `answered with HTTP ${status}, and not as AWS does${words === "" ? "" : `: ${words}`}`,
    hint: status >= 500 ? `try again in a minute; or ${somethingBetween("AWS")}` : somethingBetween("AWS"),
    hasAnswered: true,
    isTransient: status >= 500,
  })
}

/** Without anything that is long enough to be a piece of what was sent. */
const shownWords = (text: string) => plain(text.replace(/<[^>]*>/g, " ").replace(/[\w+/=%-]{40,}/g, "…"), 100)

interface AwsError {
  readonly code: string
  readonly message: string
}

/** `{"__type": "Code", "message": "…"}` or `{"Error": {"Code": "…", "Message": "…"}}`. */
function jsonError(text: string): AwsError | undefined {
  const fields = parseObject(text) ?? {}
  const {
    __type: type,
    Code: code = type,
    message,
    Message = message,
  } = { ...fields, ...(isObject(fields.Error) ? fields.Error : {}) }
  if (typeof code !== "string" || !/^[\w.#]{1,100}$/.test(code)) return undefined
  return { code: code.replace(/^.*#/, ""), message: typeof Message === "string" ? plain(Message) : "" }
}

function asXml({ code, message }: AwsError): string {
  const escaped = message.replace(/[<>&]/g, character => `&#${character.charCodeAt(0)};`)
  return `<ErrorResponse><Error><Code>${code}</Code><Message>${escaped}</Message></Error></ErrorResponse>`
}
