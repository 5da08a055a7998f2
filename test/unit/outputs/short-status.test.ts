import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { readOptions } from "../../../src/options/options.ts"
import { shortStatus } from "../../../src/outputs/short-status.ts"
import { keepSession } from "../../../src/sessions/keep-session.ts"
import { cleanEnv, Home, runProgram } from "../../support/program.ts"
import { session, TestClock } from "../../support/sharing.ts"

const clock = new TestClock()

/** @param minutes until the keys expire */
function stored(profile: string, minutes: number, more = ""): string {
  const expires = new Date(clock.time + minutes * 60_000).toISOString()
  return `[${profile}]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\nx_principal_arn = arn:aws:sts::585848786654:assumed-role/Admin/dev_aly\nx_security_token_expires = ${expires}\n${more}`
}

function short(
  credentials: string,
  env: Record<string, string> = {},
  profile?: string,
  home = new Home().path,
) {
  mkdirSync(join(home, ".aws"), { recursive: true })
  writeFileSync(join(home, ".aws/credentials"), credentials)
  writeFileSync(join(home, ".pum-aws"), "[account-mapping]\n585848786654 = prod\n")
  return Object.values(shortStatus({ profile, env, home, now: clock.time }))
}

describe("--status --short", () => {
  it.each([
    [43.5, "prod Admin 43m", 0],
    [59.99, "prod Admin 59m", 0],
    [60, "prod Admin 1h", 0],
    [719, "prod Admin 11h59m", 0],
    [10.5, "prod Admin 10m !", 0],
    [11, "prod Admin 11m", 0],
    [0.5, "prod Admin 0m !", 0],
    [0, "prod expired", 1],
    [-600, "prod expired", 1],
  ])("with %f minutes left is '%s'", (minutes, text, code) => {
    expect(short(stored("default", minutes))).toEqual([text, code])
  })

  it("is of the profile of --profile, else of AWS_PROFILE, else default; empty if there is nothing", () => {
    const files = `${stored("a", 43)}\n${stored("b", 23)}[c]\naws_access_key_id = AKIA\naws_secret_access_key = s\n`
    expect(short(files, { AWS_PROFILE: "a" })).toEqual(["prod Admin 43m", 0])
    expect(short(files, { AWS_PROFILE: "a" }, "b")).toEqual(["prod Admin 23m", 0])
    for (const env of [{}, { AWS_PROFILE: "c" }, { AWS_PROFILE: "none" }])
      expect(short(files, env)).toEqual(["", 0])
    expect(short("[a\n")).toEqual(["", 0])
  })

  it("says what limits the session", () => {
    expect(short(stored("default", 43, "x_pum_session_policy = read-only\n"))).toEqual([
      "prod Admin read-only 43m",
      0,
    ])
    expect(short(stored("default", 43, "x_pum_session_policy = 12ab\n"))).toEqual([
      "prod Admin limited 43m",
      0,
    ])
  })

  it("is of the environment where AWS_ACCESS_KEY_ID is set: what PUM_AWS_SESSION says, else env", () => {
    const env = { AWS_ACCESS_KEY_ID: "A", PUM_AWS_SESSION: "a b/c/Admin" }
    const until = (minutes: number) => new Date(clock.time + minutes * 60_000).toISOString()
    expect(short("", { AWS_ACCESS_KEY_ID: "A" })).toEqual(["env", 0])
    expect(short("", env)).toEqual(["a b/c Admin", 0])
    expect(short("", { ...env, AWS_CREDENTIAL_EXPIRATION: until(9) })).toEqual(["a b/c Admin 9m !", 0])
    expect(short("", { ...env, AWS_CREDENTIAL_EXPIRATION: until(-1) })).toEqual(["a b/c expired", 1])
    expect(short("", { ...env, PUM_AWS_SESSION: "$(touch x)/`y`%n" })).toEqual(["__touch x_ _y__n", 0])
  })

  it("says what limits the session of the environment", async () => {
    const home = new Home().path
    const options = readOptions({ wants: "run", given: { readOnly: true }, command: undefined }, {}, home)
    const limited = { ...session(clock, "ASIALIMITED"), policy: "read-only" }
    await keepSession(limited, options, [{ id: "u", ownsItem: false }], home)
    const env = (key: string) => ({ AWS_ACCESS_KEY_ID: key, PUM_AWS_SESSION: "prod/Admin" })
    const until = { AWS_CREDENTIAL_EXPIRATION: new Date(clock.time + 43.5 * 60_000).toISOString() }
    expect(short("", { ...env(limited.accessKeyId), ...until }, undefined, home)).toEqual([
      "prod Admin read-only 43m",
      0,
    ])
    expect(short("", env(limited.accessKeyId), undefined, home)).toEqual(["prod Admin read-only", 0])
    expect(short("", env("ASIAOTHER"), undefined, home)).toEqual(["prod Admin", 0])
  })

  it("is of the kept session that lasts longest, where no keys are stored", async () => {
    const home = new Home().path
    const optionsOf = (duration: string) =>
      readOptions({ wants: "run", given: { profile: "demand", duration }, command: undefined }, {}, home)
    for (const [minutes, duration] of [
      [33, "1h"],
      [23, "2h"],
    ] as const)
      await keepSession(
        session(clock, "ASIA", minutes),
        optionsOf(duration),
        [{ id: "u", ownsItem: false }],
        home,
      )
    expect(short("", {}, "demand", home)).toEqual(["prod Admin 33m", 0])
    expect(short("", {}, "other", home)).toEqual(["", 0])
    // AWS tools use a key of another program, not the kept session.
    const foreign = "[demand]\naws_access_key_id = AKIA\naws_secret_access_key = s\n"
    expect(short(foreign, {}, "demand", home)).toEqual(["", 0])
  })

  it("is of the session that AWS tools get from the profile, though one of another role lasts longer", async () => {
    const home = new Home().path
    writeFileSync(join(home, ".pum-aws"), "[profile demand]\nusername = adm\\dev_aly\nrole = Admin\n")
    for (const [minutes, role] of [
      [33, "Admin"],
      [53, "Other"],
    ] as const) {
      const given = { profile: "demand", role }
      const options = readOptions({ wants: "run", given, command: undefined }, {}, home)
      const one = session(clock, "ASIA", minutes)
      const owners = [{ id: "adm\\dev_aly", ownsItem: false }]
      await keepSession({ ...one, role: { ...one.role, name: role } }, options, owners, home)
    }
    expect(short("", {}, "demand", home)).toEqual(["prod Admin 33m", 0])
  })

  it("reads no file of more than a megabyte", () => {
    const text = stored("default", 43)
    expect(short(`${text}${"#".repeat(1_000_000 - text.length)}`)).toEqual(["prod Admin 43m", 0])
    expect(short(`${text}${"#".repeat(1_000_001 - text.length)}`)).toEqual(["", 0])
  })

  it("of a process is the line and the exit code, with the alias of ~/.pum-aws; a mistake there is no matter", async () => {
    const home = new Home()
    const expired = stored("default", 0).replace(/2030/, "2020")
    home.write(".aws/credentials", expired)
    home.write(".pum-aws", "[account-mapping]\n585848786654 = a$(b)\n")
    const run = (...args: string[]) =>
      runProgram({ args: ["--status", "--short", ...args], env: cleanEnv(home) })
    expect(await run()).toMatchObject({ code: 1, stdout: "a__b_ expired\n", stderr: "" })
    home.write(".pum-aws", "[nonsense\n")
    expect(await run("-p", "default")).toMatchObject({
      code: 1,
      stdout: "585848786654 expired\n",
      stderr: "",
    })
    expect(await run("--json")).toMatchObject({ code: 2, stdout: "" })
  })
})
