/** The DER types (X.690) of a certificate: enough for test certificates, without a library. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

export const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents)
export const setOf = (...contents: readonly Uint8Array[]) => der(0x31, ...contents)
export const octets = (content: Uint8Array) => der(0x04, content)
export const bits = (content: Uint8Array) => der(0x03, Buffer.from([0]), content)
export const text = (value: string) => der(0x0c, Buffer.from(value, "utf8"))
export const truth = () => der(0x01, Buffer.from([0xff]))
export const integer = (content: Uint8Array) => der(0x02, content)
/** Context-specific tag, constructed (`[n] EXPLICIT`) or primitive (`[n] IMPLICIT` of a string). */
export const explicit = (n: number, ...contents: readonly Uint8Array[]) => der(0xa0 + n, ...contents)
export const implicit = (n: number, content: Uint8Array) => der(0x80 + n, content)

export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const septets = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      septets.unshift(0x80 | (left % 128))
    }
    bytes.push(...septets)
  }
  return der(0x06, Buffer.from(bytes))
}

/** UTCTime, which covers the years 1950 to 2049. */
export function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/\.\d+/, "").replace(/[-:T]/g, "")
  return der(0x17, Buffer.from(digits.slice(2), "ascii"))
}

export function pem(label: string, content: Uint8Array): string {
  const lines =
    Buffer.from(content)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`
}
