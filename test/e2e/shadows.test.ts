import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { shadowsOf } from "../../src/profiles/shadows.ts"
import { shadowCases, storedIn } from "../support/shadow-cases.ts"

// That the AWS CLI then does what is said: test/systems/shadows.test.ts.
describe("what is said of a stored profile", () => {
  it.each(Object.entries(shadowCases))("%s", async (_, one) => {
    const home = mkdtempSync(join(tmpdir(), "pum-aws-shadows-"))
    onTestFinished(() => rmSync(home, { recursive: true, force: true }))
    expect(shadowsOf(await storedIn(home, one), "p", one.env ?? {})).toEqual(one.said)
  })
})
