import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readCaBundle } from "../../../src/http/ca-bundle.ts"
import { createAuthority } from "../../emulators/server/certificates.ts"
import { Home } from "../../support/program.ts"

const { pem } = createAuthority("An authority of these tests")

function read(text: string | undefined, variable?: string) {
  const home = new Home()
  if (text !== undefined) home.write("ca.pem", text)
  const file = join(home.path, "ca.pem")
  const shown = variable === undefined ? file : `${file} (${variable})`
  return { read: () => readCaBundle(file, variable === undefined ? {} : { [variable]: file }), shown }
}

describe("a CA bundle", () => {
  it("is none where none is named", () => {
    expect(readCaBundle(undefined, { AWS_CA_BUNDLE: "x" })).toBeUndefined()
  })

  it.each([
    [undefined, "--ca-bundle"],
    ["AWS_CA_BUNDLE", "AWS_CA_BUNDLE"],
    ["PUM_CA_BUNDLE", "PUM_CA_BUNDLE"],
  ])("that %s names is read, and tells who named it", (variable, source) => {
    expect(read(pem, variable).read()).toEqual({ pem, source })
  })

  it.each([
    ["behind a byte order mark", `\ufeff${pem}`],
    ["behind other text", `An authority\n${pem}`],
    ["as trusted", pem.replaceAll(" CERT", " TRUSTED CERT")],
  ])("may hold its certificate %s", (_, text) => {
    expect(read(text).read()?.pem).toBe(text)
  })

  it.each([undefined, "AWS_CA_BUNDLE"])("that cannot be used is named, with the variable: %s", variable => {
    const missing = read(undefined, variable)
    expect(missing.read).toThrow(
      expect.objectContaining({
        code: "usage",
        message: `cannot read the CA bundle ${missing.shown}: there is no such file`,
      }),
    )
    const empty = read("no certificate", variable)
    expect(empty.read).toThrow(
      expect.objectContaining({
        code: "usage",
        message: `the CA bundle ${empty.shown} holds no PEM certificate`,
      }),
    )
  })

  it.each([
    ["joined without a line end", `${pem.trimEnd()}${pem}`],
    ["indented", pem.replace(/^/gm, "  ")],
    ["cut off", pem.slice(0, 200)],
  ])("whose first certificate is damaged is told from one without any: %s", (_, text) => {
    const damaged = read(text)
    expect(damaged.read).toThrow(`the first certificate of the CA bundle ${damaged.shown} cannot be read`)
    expect(damaged.read).toThrow(
      expect.objectContaining({
        hint: "each -----BEGIN and -----END stands on a line of its own, without blanks before it; if they do, the file is damaged",
      }),
    )
  })
})
