import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { shadowsOf } from "../../src/profiles/shadows.ts"
import { goClient, javaClient } from "../support/aws-clients.ts"
import { runWithoutTerminal } from "../support/program.ts"
import { type ShadowCase, shadowCases, storedIn } from "../support/shadow-cases.ts"

interface Prepared {
  readonly home: string
  readonly one: ShadowCase
}

function environmentOf({ home, one: { env = {}, named = false } }: Prepared): Record<string, string> {
  return {
    PATH: "/usr/bin:/bin",
    HOME: home,
    // No server is at this port.
    HTTPS_PROXY: "http://127.0.0.1:9",
    AWS_MAX_ATTEMPTS: "1",
    AWS_EC2_METADATA_DISABLED: "true",
    ...(named ? {} : { AWS_PROFILE: "p" }),
    ...env,
  }
}

/** What the AWS CLI does in each of these homes: the credentials that it uses, or its error message. */
async function usedByAwsCli(runs: readonly Prepared[]): Promise<string[]> {
  const input = runs.map(run => ({
    args: [
      "configure",
      "export-credentials",
      "--format",
      "env-no-export",
      ...(run.one.named ? ["--profile", "p"] : []),
    ],
    env: environmentOf(run),
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

/** What the SDK for Java 2 does in each of these homes, by one process. */
async function usedByJava(homes: readonly string[]): Promise<string[]> {
  const [command, ...options] = javaClient
  const env = {
    PATH: process.env.PATH ?? "",
    HTTPS_PROXY: "http://127.0.0.1:9",
    AWS_EC2_METADATA_DISABLED: "true",
  }
  const run = { args: [...options, "keys", "p", ...homes], env }
  const { stdout, stderr } = await runWithoutTerminal(command, run)
  expect(stderr).toBe("")
  return stdout.trimEnd().split("\n")
}

const names = Object.keys(shadowCases)

describe("what is said of a stored profile is what AWS tools do", () => {
  const homes = mkdtempSync(join(tmpdir(), "pum-aws-shadows-"))
  const prepared = new Map<string, Prepared & { readonly said: readonly string[] }>()
  const byAwsCli = new Map<string, string | undefined>()
  beforeAll(async () => {
    for (const [index, [name, one]] of Object.entries(shadowCases).entries()) {
      const home = join(homes, String(index))
      prepared.set(name, { home, one, said: shadowsOf(await storedIn(home, one), "p", one.env ?? {}) })
    }
    const used = await usedByAwsCli([...prepared.values()])
    for (const [index, name] of names.entries()) byAwsCli.set(name, used[index])
  })
  afterAll(() => rmSync(homes, { recursive: true, force: true }))

  it.each(names)("%s", name => {
    const { said, used } = shadowCases[name] as ShadowCase
    expect(prepared.get(name)?.said).toEqual(said)
    if (typeof used === "string") expect(byAwsCli.get(name)).toBe(used)
    else expect(byAwsCli.get(name)).toMatch(used)
  })

  it.each(names)("%s, for the SDK for Go 2 and Terraform", async name => {
    const run = prepared.get(name) as Prepared
    const expected = run.one.usedByGo ?? run.one.used
    for (const client of ["sdk", "terraform"]) {
      const args = [client, "keys", ...(run.one.named ? ["p"] : [])]
      const { code, stdout, stderr } = await runWithoutTerminal(goClient, { args, env: environmentOf(run) })
      const used = code === 0 ? stdout.replace("\n", "") : stderr
      if (typeof expected === "string") expect([client, used]).toEqual([client, expected])
      else expect([client, used]).toEqual([client, expect.stringMatching(expected)])
    }
  })

  it("every case that is in the files alone, for the SDK for Java 2", async () => {
    const cases = [...prepared].filter(([, { one }]) => one.env === undefined)
    const used = await usedByJava(cases.map(([, { home }]) => home))
    const found = cases.map(([name], index) => [name, used[index]])
    const expected = cases.map(([name, { one }]) => {
      const answer = one.usedByJava ?? one.used
      return [name, typeof answer === "string" ? answer : expect.stringMatching(answer)]
    })
    expect(found).toEqual(expected)
  })
})
