import { describe, expect, it } from "vitest"
import {
  boundTo,
  longestSignIn,
  parseSealed,
  readSealed,
  type SealedContent,
  seal,
  sealedName,
  unseal,
} from "../../../src/remembered/seal.ts"

const wanted = { origin: "https://adfs.example", user: "adm\\dev_aly", bound: "b" }
const header = { ...wanted, keyId: "k", began: 1_000, ends: 1_000 + longestSignIn }
const key = Buffer.alloc(32, 7)
const nonce = Buffer.alloc(12, 9)
const contentOf = (value: string): SealedContent => ({
  cookies: [{ name: "MSISAuth", value, path: "/adfs" }],
  identity: "aly",
})

/** What a reader with the key makes of a text. */
function open(text: string, now = 2_000, opener = key) {
  const reading = readSealed(text, wanted, now)
  return reading.state === "usable" ? unseal(reading.file, opener) : reading.state
}

const fieldsOf = (text: string) => JSON.parse(text) as Record<string, unknown>

describe("a sealed text", () => {
  const text = seal(header, contentOf("first"), key)

  it("is opened by its key alone", () => {
    expect(open(text)).toEqual(contentOf("first"))
    for (const other of [Buffer.alloc(32, 8), Buffer.alloc(0), Buffer.alloc(16, 7)])
      expect(open(text, 2_000, other)).toBeUndefined()
  })

  it("holds nothing of its content in readable form, and has a nonce of 12 bytes that differs each time", () => {
    expect(text).not.toContain("MSISAuth")
    expect(Buffer.from(text, "latin1").toString("latin1")).not.toContain("first")
    const nonces = Array.from({ length: 50 }, () => fieldsOf(seal(header, contentOf("x"), key)).nonce)
    expect(new Set(nonces).size).toBe(50)
    expect(Buffer.from(String(nonces[0]), "base64")).toHaveLength(12)
  })

  it.each([
    ["version", 0, "worthless"],
    ["version", 2, "passedBy"],
    ["version", "1", "worthless"],
    ["origin", "https://adfs.example:8443", "passedBy"],
    ["user", "adm\\dev_bob", "passedBy"],
    ["bound", "c", "passedBy"],
    ["keyId", "l", undefined],
    ["keyId", null, "worthless"],
    ["began", 999, "worthless"],
    ["began", 1_001, undefined],
    ["began", 2_001, "worthless"],
    ["began", "1000", "worthless"],
    ["ends", header.ends + 1, "worthless"],
    ["ends", header.ends - 1, undefined],
    ["ends", 2_000, "worthless"],
    ["ends", null, "worthless"],
    ["nonce", Buffer.alloc(12).toString("base64"), undefined],
    ["nonce", "", undefined],
    ["nonce", Buffer.alloc(16, 9).toString("base64"), undefined],
    ["data", "", undefined],
    ["data", "AAAA", undefined],
    ["data", undefined, "worthless"],
  ])("with %s %j is never opened: %s", (name, value, result) => {
    expect(open(JSON.stringify({ ...fieldsOf(text), [name]: value }))).toBe(result)
  })

  it("with any one bit of its data flipped, or cut off anywhere, is never opened", () => {
    const data = Buffer.from(String(fieldsOf(text).data), "base64")
    for (let bit = 0; bit < data.length * 8; bit++) {
      const changed = Buffer.from(data)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(open(JSON.stringify({ ...fieldsOf(text), data: changed.toString("base64") }))).toBeUndefined()
    }
    for (let length = 0; length < data.length; length++) {
      const cut = data.subarray(0, length).toString("base64")
      expect(open(JSON.stringify({ ...fieldsOf(text), data: cut }))).toBeUndefined()
    }
    for (let length = 0; length < text.length; length++)
      expect(parseSealed(text.slice(0, length))).toBeUndefined()
  })

  it("whose nonce was repeated on purpose gives no piece to another: neither tag, data nor fields", () => {
    const first = fieldsOf(seal(header, contentOf("first"), key, nonce))
    const second = fieldsOf(seal(header, contentOf("other"), key, nonce))
    expect(first.nonce).toBe(second.nonce)
    const [one, two] = [first, second].map(({ data }) => Buffer.from(String(data), "base64"))
    if (one === undefined || two === undefined) throw new Error("no data")
    const spliced = Buffer.concat([one.subarray(0, -16), two.subarray(-16)]).toString("base64")
    expect(open(JSON.stringify({ ...first, data: spliced }))).toBeUndefined()
    // The two texts give away by what they differ, but a text made from that has no tag.
    const forged = Buffer.from(one.map((byte, at) => byte ^ (at === 40 ? 1 : 0)))
    expect(open(JSON.stringify({ ...first, data: forged.toString("base64") }))).toBeUndefined()
    const later = { ...header, began: 1_500, ends: 1_500 + longestSignIn }
    const moved = fieldsOf(seal(later, contentOf("first"), key, nonce))
    expect(open(JSON.stringify({ ...moved, data: first.data }))).toBeUndefined()
    expect(open(JSON.stringify({ ...first, data: moved.data }))).toBeUndefined()
  })

  it("of the right key, but with content that is none, is not used", () => {
    for (const content of [
      {},
      { cookies: [], identity: 1 },
      { cookies: [{ name: "MSISAuth", value: 1, path: "/" }], identity: "aly" },
      { cookies: "x", identity: "aly" },
    ])
      expect(open(seal(header, content as unknown as SealedContent, key))).toBeUndefined()
  })
})

it("what it is bound to, and its name, tell parts apart that are alike when they are joined", () => {
  expect(boundTo(["a", "b"])).not.toBe(boundTo(["ab", undefined]))
  expect(boundTo([undefined, "a"])).not.toBe(boundTo(["a", undefined]))
  expect(sealedName("https://a", "b")).not.toBe(sealedName("https://ab", ""))
  expect(sealedName("https://a", "b")).toMatch(/^sign-in-[\da-f]{32}$/)
})
