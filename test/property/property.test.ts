import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pum-aws-property-"))
})
afterEach(() => {
  vi.unstubAllEnvs()
  // Test files share modules: the next one must not get this one's.
  vi.resetModules()
  rmSync(folder, { recursive: true, force: true })
})

/** The module, loaded with these variables. */
async function load(env: Readonly<Record<string, string>> = {}) {
  for (const name of ["PROPERTY_SEED", "PROPERTY_SECONDS", "PROPERTY_LOG"]) vi.stubEnv(name, env[name])
  vi.resetModules()
  return import("../support/property.ts")
}

/** The numbers that a property is checked on. */
async function inputs(env: Readonly<Record<string, string>> = {}): Promise<number[]> {
  const { checkProperty } = await load(env)
  const tried: number[] = []
  await checkProperty(
    fc.property(fc.nat(), number => void tried.push(number)),
    { runs: 20 },
  )
  return tried
}

describe("a property", () => {
  it("is checked on the same inputs every time", async () => {
    const first = await inputs()
    expect(first).toHaveLength(20)
    expect(await inputs()).toEqual(first)
  })

  it("is checked on others with another seed", async () => {
    expect(await inputs({ PROPERTY_SEED: "7" })).not.toEqual(await inputs())
  })

  it("is checked on new inputs until its time is over", async () => {
    const tried = await inputs({ PROPERTY_SEED: "7", PROPERTY_SECONDS: "0.2" })
    expect(tried.length).toBeGreaterThan(20)
    expect(tried.length % 20).toBe(0)
    expect(tried.slice(20, 40)).toEqual(await inputs({ PROPERTY_SEED: "8" }))
  })

  it("fails with its smallest input, and with the seed that finds it again", async () => {
    const log = join(folder, "log")
    const { checkProperty } = await load({ PROPERTY_SEED: "7", PROPERTY_SECONDS: "5", PROPERTY_LOG: log })
    const failing = checkProperty(
      fc.property(fc.nat(1000), number => number < 500),
      { runs: 20 },
    )
    await expect(failing).rejects.toThrow(/seed: 7.*Counterexample: \[500\]/s)
    const target = expect.getState().currentTestName
    expect(JSON.parse(readFileSync(log, "utf8"))).toEqual({
      file: "test/property/property.test.ts",
      target,
      inputs: expect.any(Number),
      failedSeed: 7,
    })
  })
})
