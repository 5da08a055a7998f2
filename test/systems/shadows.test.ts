import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { shadowsOf } from "../../src/profiles/shadows.ts"
import { runWithoutTerminal } from "../support/program.ts"
import { type ShadowCase, shadowCases, storedIn } from "../support/shadow-cases.ts"

/** What the AWS CLI does in each of these homes: the credentials that it uses, or its error message. */
async function usedByAwsCli(
  runs: readonly { readonly home: string; readonly one: ShadowCase }[],
): Promise<string[]> {
  const input = runs.map(({ home, one: { env = {}, named = false } }) => ({
    args: [
      "configure",
      "export-credentials",
      "--format",
      "env-no-export",
      ...(named ? ["--profile", "p"] : []),
    ],
    env: {
      PATH: "/usr/bin:/bin",
      HOME: home,
      // No server is at this port.
      HTTPS_PROXY: "http://127.0.0.1:9",
      AWS_MAX_ATTEMPTS: "1",
      AWS_EC2_METADATA_DISABLED: "true",
      ...(named ? {} : { AWS_PROFILE: "p" }),
      ...env,
    },
  }))
  const { stdout, stderr } = await runWithoutTerminal("/usr/bin/python3", {
    args: [join(import.meta.dirname, "shadows/aws_cli.py")],
    env: { PATH: "/usr/bin:/bin", HOME: "/nowhere" },
    stdin: JSON.stringify(input),
  })
  const answers: unknown = JSON.parse(stdout || "null")
  if (!Array.isArray(answers)) throw new Error(stderr)
  return answers.map(({ code, output }: { code: number; output: string }) => {
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(output)?.[1] ?? ""
    return code === 0 ? `key ${value("AWS_ACCESS_KEY_ID")}, token ${value("AWS_SESSION_TOKEN")}` : output
  })
}

describe("what is said of a stored profile is what the AWS CLI does", () => {
  const homes = mkdtempSync(join(tmpdir(), "pum-aws-shadows-"))
  const names = Object.keys(shadowCases)
  const found = new Map<string, { readonly said: readonly string[]; readonly used: string | undefined }>()
  beforeAll(async () => {
    const runs = await Promise.all(
      Object.values(shadowCases).map(async (one, index) => {
        const home = join(homes, String(index))
        return { home, one, said: shadowsOf(await storedIn(home, one), "p", one.env ?? {}) }
      }),
    )
    const used = await usedByAwsCli(runs)
    for (const [index, name] of names.entries())
      found.set(name, { said: runs[index]?.said ?? [], used: used[index] })
  })
  afterAll(() => rmSync(homes, { recursive: true, force: true }))

  it.each(names)("%s", name => {
    const { said, used } = shadowCases[name] as ShadowCase
    expect(found.get(name)?.said).toEqual(said)
    if (typeof used === "string") expect(found.get(name)?.used).toBe(used)
    else expect(found.get(name)?.used).toMatch(used)
  })
})
