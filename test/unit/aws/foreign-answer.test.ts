import { describe, expect, it } from "vitest"
import { awsAnswer } from "../../../src/aws/foreign-answer.ts"
import { HttpFailure } from "../../../src/http/send.ts"

const answered = (status: number, text: string, headers: Record<string, string> = {}) => {
  try {
    const body = awsAnswer({ status, headers, setCookies: [], body: Buffer.from(text) })
    return Buffer.from(body).toString()
  } catch (error) {
    if (error instanceof HttpFailure) return error
    throw error
  }
}
const between =
  "something between you and AWS answered, such as a proxy or a sign-in page of this network (captive portal)"
const later = `try again in a minute; or ${between}`

describe("an answer that is not AWS' own", () => {
  it.each<[number, string, Record<string, string>, string, string]>([
    [403, "", {}, "", between],
    [403, '{"message":"Forbidden"}', {}, ': {"message":"Forbidden"}', between],
    [503, "upstream connect error", {}, ": upstream connect error", later],
    [500, "<html><body>oops</body></html>", {}, ": oops", later],
    [307, "", { location: "https://portal.example/x" }, ": it leads to portal.example", between],
    [302, "", { location: "/x" }, "", between],
    [400, `you sent ${"A".repeat(60)}`, {}, ": you sent …", between],
  ])("HTTP %i %s", (status, text, headers, words, hint) => {
    expect(answered(status, text, headers)).toMatchObject({
      what: `answered with HTTP ${status}, and not as AWS does${words}`,
      hint,
      isTransient: status >= 500,
    })
  })

  it.each([
    '{"__type":"com.amazon#ExpiredToken","message":"a <b> & c"}',
    '{"Error":{"Code":"ExpiredToken","Message":"a <b> & c","Type":"Sender"}}',
  ])("is read if it is an error in JSON: %s", text => {
    expect(answered(400, text)).toBe(
      "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>a &#60;b&#62; &#38; c</Message></Error></ErrorResponse>",
    )
  })

  it.each([
    [200, "anything"],
    [400, "<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>"],
    [400, '<?xml version="1.0"?><Error><Code>X</Code></Error>'],
  ])("is left to the SDK: %i %s", (status, text) => {
    expect(answered(status, text)).toBe(text)
  })
})
