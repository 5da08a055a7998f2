import { expect, it } from "vitest"
import { readPage } from "../../../../src/sign-in/pages/page.ts"

const read = (html: string, status = 200) => readPage(html, "https://adfs.example.com/adfs/ls/", status)
const id = "00000000-0000-0000-1a2b-0080000000ff"
const error = (message: string, details: string) =>
  `<div id=errorArea><div id=openingMessage>Fel</div><div id=errorMessage>${message}</div><ul id=errorDetails style="display:none">${details}</ul></div>`

it.each([
  [
    "reason and activity id in a list that is hidden",
    error(
      "Contact your administrator.",
      `<li>Activity ID: ${id}</li><li>Error details: MSIS7012: An error &#39;x&#39;.</li><li>Node name: n</li>`,
    ),
    "Fel: Contact your administrator: MSIS7012: An error 'x'.",
    id,
  ],
  [
    "the activity id in another language",
    error("MSIS7012: Feil", `<li><b>Aktivitets-ID:</b> <span>${id}</span></li>`),
    "Fel: MSIS7012: Feil",
    id,
  ],
  [
    "the activity id in its own place",
    error("a", "<label id=activityId>Activity ID: 7</label>"),
    "Fel: a",
    "Activity ID: 7",
  ],
  ["no id of something else", error("a", `<li>Relying party: ${id}</li>`), "Fel: a", undefined],
])("an error page: %s", (_, html, message, activityId) => {
  expect(read(html)).toEqual({ kind: "error", message, activityId })
})

it("the reason of an error that only a comment gives", () => {
  const html =
    "<title>The page cannot be displayed</title><p>An internal error<!-- [InvalidOperationException]: MSIS5001: failed --></p><script>MSIS1</script>"
  expect(read(html, 500)).toMatchObject({ kind: "unknown", sentence: "An internal error: MSIS5001: failed" })
})
