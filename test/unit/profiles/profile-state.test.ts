import { describe, expect, it } from "vitest"
import { readProfile } from "../../../src/profiles/profile-state.ts"
import { newHome } from "../../support/aws-home.ts"

const temporary = "[p]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n"

describe("what a profile holds", () => {
  const read = (credentials: string, config = "", profile = "p") => {
    const home = newHome({ ".aws/credentials": credentials, ".aws/config": config })
    return readProfile(home.paths, profile)
  }

  it("nothing where there are no files, and none are made", () => {
    const home = newHome()
    const nothing = {
      region: undefined,
      longTermKey: false,
      principalArn: undefined,
      expires: undefined,
      onDemand: false,
    }
    expect(readProfile(home.paths, "p")).toEqual(nothing)
    expect(() => home.leftovers()).toThrow()
  })

  it.each([
    ["the config file's region", "", "[profile p]\nregion = eu-north-1\n", "eu-north-1"],
    [
      "the credentials file's before that",
      "[p]\nregion = eu-west-1\n",
      "[profile p]\nregion = eu-north-1\n",
      "eu-west-1",
    ],
    ["the last section's of several", "", "[profile p]\nregion = a\n[profile 'p']\nregion = b\n", "b"],
    [
      "what [DEFAULT] leaks into the section",
      "",
      "[DEFAULT]\nregion = eu-north-1\n[profile p]\n",
      "eu-north-1",
    ],
    ["nothing of [DEFAULT] without the section", "", "[DEFAULT]\nregion = eu-north-1\n", undefined],
    ["no empty region", "", "[profile p]\nregion =\n", undefined],
    ["no other profile's", "[q]\nregion = a\n", "[p]\nregion = b\n[default]\nregion = c\n", undefined],
  ])("region: %s", (_, credentials, config, region) => {
    expect(read(credentials, config).region).toBe(region)
  })

  it.each([
    ["an access key alone", "[p]\naws_access_key_id = AKIA\naws_secret_access_key = s\n", true],
    ["with an empty session token", "[p]\naws_access_key_id = AKIA\naws_session_token =\n", true],
    ["in capitals", "[p]\nAWS_ACCESS_KEY_ID: AKIA\n", true],
    ["not with a session token", temporary, false],
    ["not with a token under its old name", "[p]\naws_access_key_id = A\naws_security_token = t\n", false],
    ["not another profile's", "[q]\naws_access_key_id = AKIA\n[p]\n", false],
    [
      "not what [DEFAULT] leaks, which is never replaced",
      "[DEFAULT]\naws_access_key_id = AKIA\n[p]\n",
      false,
    ],
    ["not an empty key", "[p]\naws_access_key_id =\n", false],
  ])("long-term key: %s", (_, credentials, longTermKey) => {
    expect(read(credentials).longTermKey).toBe(longTermKey)
  })

  it.each([
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02T05:04:05+02:00", "2026-01-02T03:04:05.000Z"],
    ["2026-01-02t03:04:05.678z", "2026-01-02T03:04:05.678Z"],
    ["2026-01-02 03:04:05Z", "2026-01-02T03:04:05.000Z"],
    ["2026-13-02T03:04:05Z", undefined],
    ["2026-01-02T03:04:05", undefined],
    ["2026", undefined],
    ["soon", undefined],
    ["", undefined],
    ["NaN; drop table", undefined],
  ])("expiry %s", (text, expires) => {
    expect(read(`${temporary}x_security_token_expires = ${text}\n`).expires?.toISOString()).toBe(expires)
  })

  it("role and expiry only with the credentials they belong to", () => {
    const ours = "x_principal_arn = arn:x\nx_security_token_expires = 2026-01-02T03:04:05Z\n"
    expect(read(temporary + ours)).toMatchObject({ principalArn: "arn:x", expires: expect.any(Date) })
    const replaced = read(`[p]\naws_access_key_id = AKIA\naws_secret_access_key = s\n${ours}`)
    expect(replaced).toEqual({
      region: undefined,
      longTermKey: true,
      principalArn: undefined,
      expires: undefined,
      onDemand: false,
    })
  })
})
