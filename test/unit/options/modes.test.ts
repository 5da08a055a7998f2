import { describe, expect, it } from "vitest"
import { readMode, refuseSeveral } from "../../../src/options/modes.ts"

describe("readMode", () => {
  it.each([
    [{}, { kind: "profile" }],
    [{ ifNeeded: true }, { kind: "profile" }],
    [{ list: true }, { kind: "list", json: false }],
    [
      { list: true, json: true },
      { kind: "list", json: true },
    ],
    [{ status: true }, { kind: "status", json: false }],
    [
      { status: true, json: true },
      { kind: "status", json: true },
    ],
    [{ json: true }, { kind: "json" }],
    [{ export: "powershell" }, { kind: "export", shell: "powershell" }],
    [{ console: true }, { kind: "console", service: undefined }],
    [{ console: "cloudwatch/home" }, { kind: "console", service: "cloudwatch/home" }],
    [
      { credentialProcess: true, profile: "p" },
      { kind: "credentialProcess", commandInTerminal: "pum-aws --profile p -- aws sts get-caller-identity" },
    ],
  ] as const)("%j", (given, expected) => {
    expect(readMode(given, undefined)).toEqual(expected)
  })

  it.each([
    { account: "585848786654", role: "arn:aws:iam::585848786654:role/Admin" },
    { account: "prod", role: "arn:aws:iam::585848786654:role/Admin" },
    { account: "095344953043", role: "Admin" },
    { profile: "p", logout: true, username: "adm\\x" },
  ])("takes %j", given => {
    expect(() => readMode(given as Parameters<typeof readMode>[0], undefined)).not.toThrow()
  })

  it("passes a command's words on as they are", () => {
    expect(readMode({}, ["aws", "--", "-x", ""])).toEqual({
      kind: "command",
      file: "aws",
      args: ["--", "-x", ""],
    })
  })

  const alone = "leave --if-needed out: a kept session is used while 15 minutes of it are left"
  it.each([
    [{ list: true, status: true }, undefined, "--list and --status cannot be used together", "choose one"],
    [
      { list: true, status: true, json: true },
      undefined,
      "--list and --status cannot be used together",
      "choose one",
    ],
    [
      { json: true, credentialProcess: true, console: true, export: "sh" },
      ["x"],
      "--export and --json and --credential-process and --console and -- command cannot be used together",
      "choose one",
    ],
    [
      { ifNeeded: "5", list: true },
      undefined,
      "--if-needed and --list cannot be used together",
      "leave --if-needed out",
    ],
    [{ ifNeeded: "5", json: true }, undefined, "--if-needed and --json cannot be used together", alone],
    [{ opItem: "x", noOp: true }, ["x"], "--op-item and --no-op cannot be used together", "choose one"],
    [
      { opAccount: "x", noOp: true },
      undefined,
      "--op-account and --no-op cannot be used together",
      "choose one",
    ],
    ...(["account", "role", "profiles"] as const).map(
      name =>
        [
          { logout: true, [name]: "x" },
          undefined,
          `--logout and --${name} cannot be used together`,
          "name one profile with --profile, or none",
        ] as const,
    ),
    [
      { account: "0953-4495-3043", role: "arn:aws:iam::585848786654:role/Admin" },
      undefined,
      "--account is 095344953043, and the ARN of --role is of account 585848786654",
      "leave --account out: the ARN names the account",
    ],
    [{ ifNeeded: true }, ["x"], "--if-needed and -- command cannot be used together", alone],
    [{}, [], "there is no command after --", "for example: pum-aws -- aws sts get-caller-identity"],
    [{}, [""], "there is no command after --", "for example: pum-aws -- aws sts get-caller-identity"],
    [
      { export: "tcsh" },
      undefined,
      "--export: 'tcsh' is not a shell that pum-aws knows",
      "it takes bash, zsh, sh, fish, powershell, cmd, dotenv",
    ],
    [
      { console: "s3?x=1" },
      undefined,
      "--console: 's3?x=1' is not a service of the AWS console",
      "services are s3, ec2 or cloudwatch, for example",
    ],
  ] as const)("refuses %j with the command %j", (given, command, message, hint) => {
    expect(() => readMode(given, command)).toThrow(expect.objectContaining({ code: "usage", message, hint }))
  })
})

describe("refuseSeveral", () => {
  it("lets several profiles be stored", () => {
    expect(() => refuseSeveral({ kind: "profile" }, {})).not.toThrow()
  })

  it.each([
    [{ kind: "profile" }, { ifNeeded: true }, "--if-needed"],
    [{ kind: "json" }, {}, "--json"],
    [{ kind: "command", file: "x", args: [] }, {}, "-- command"],
    [{ kind: "credentialProcess", commandInTerminal: "" }, {}, "--credential-process"],
  ] as const)("refuses them for %j with %j", (mode, given, option) => {
    expect(() => refuseSeveral(mode, given)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: `${option} is for one profile, not for several`,
        hint: "name one with --profile",
      }),
    )
  })

  it.each([
    [{ kind: "list", json: false }, "--list", "pum-aws --list alone prints all of your roles"],
    [{ kind: "status", json: true }, "--status", "pum-aws --status alone prints all profiles"],
  ] as const)("says of %j that it tells of all", (mode, option, hint) => {
    const message = `${option} is for one profile, not for several`
    for (const given of [{ all: true }, { profiles: "a,b" }] as const)
      expect(() => refuseSeveral(mode, given)).toThrow(
        expect.objectContaining({ code: "usage", message, hint }),
      )
    // They come from PUM_PROFILES.
    expect(() => refuseSeveral(mode, {})).toThrow(
      expect.objectContaining({ message, hint: "name one with --profile" }),
    )
  })
})
