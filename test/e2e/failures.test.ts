import { chmodSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, type Ended, Home, program, runProgram, runWithoutTerminal } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const admin = "arn:aws:iam::585848786654:role/AdministratorAccess"
const codeHint = "hint: it was mistyped, or used before: each code works once"
const cutHint =
  "hint: try again; if it stays so, something between you and it may cut the connection, such as a proxy or a firewall"
const networkHint = "hint: check the network and VPN; NO_PROXY keeps this host from the proxy of HTTPS_PROXY"

interface Case {
  readonly what: string
  readonly arrange?: (home: Home) => void
  readonly args?: readonly string[]
  readonly env?: () => Record<string, string>
  readonly stdin?: string
  readonly code: number
  readonly lines: readonly (string | RegExp)[]
  /** How many passwords may have reached ADFS; default none. */
  readonly passwords?: number
}

const right = `${defaultUser.password}\n${defaultUser.codes[0]}\n`
const adfsFault =
  (...fault: Parameters<World["adfs"]["faults"]["switchOn"]>) =>
  () =>
    world.adfs.faults.switchOn(...fault)
const stsRefuses = (code: Parameters<World["sts"]["refuse"]>[0]) => () => world.sts.refuse(code)

const usage: Case[] = [
  {
    what: "an unknown option",
    args: ["--xyzzy"],
    code: 2,
    lines: ["pum-aws: unknown option '--xyzzy'", "hint: pum-aws --help lists the options"],
  },
  {
    what: "a region that is none",
    args: ["-r", "mars"],
    code: 2,
    lines: ["pum-aws: --region: 'mars' is not a region", "hint: regions look like eu-north-1"],
  },
  {
    what: "a duration out of range",
    env: () => ({ PUM_DURATION: "13" }),
    code: 2,
    lines: ["pum-aws: PUM_DURATION: a duration of 13 is out of range", "hint: AWS allows 15m to 12h"],
  },
  {
    what: "a profile name that AWS tools cannot read",
    args: ["-p", "DEFAULT"],
    code: 2,
    lines: [
      "pum-aws: 'DEFAULT' cannot be the name of a profile: AWS tools would read its keys into every other profile",
      "hint: a name consists of letters, digits and _ - . @ / +",
    ],
  },
  {
    what: "a CA bundle that is not there",
    args: ["--ca-bundle", "/nowhere.pem"],
    code: 2,
    lines: ["pum-aws: cannot read the CA bundle /nowhere.pem: there is no such file"],
  },
  {
    what: "a CA bundle without certificates",
    args: ["--ca-bundle", "/dev/null"],
    code: 2,
    lines: ["pum-aws: the CA bundle /dev/null holds no PEM certificate"],
  },
  {
    what: "a proxy that is no address",
    env: () => ({ HTTPS_PROXY: "http://:x:" }),
    code: 2,
    lines: [
      "pum-aws: HTTPS_PROXY holds no usable address",
      "hint: it looks like http://user:password@proxy.example.com:8080; in user and password, write % as %25, \\ as %5C, / as %2F, # as %23, ? as %3F, @ as %40",
    ],
  },
  {
    what: "no password",
    stdin: "",
    code: 2,
    lines: ["pum-aws: no password on stdin", "hint: --password-stdin reads it from the first line"],
  },
  {
    what: "no code",
    stdin: `${defaultUser.password}\n`,
    code: 2,
    passwords: 1,
    lines: [
      "pum-aws: the 2FA code (Visma Google Auth 2FA Token) is missing, and there is no terminal to ask on",
      "hint: give it with --otp-command, or with --password-stdin on its second line",
    ],
  },
  {
    what: "a long-term key, without a terminal",
    arrange: home =>
      home.write(
        ".aws/credentials",
        "[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s\n",
      ),
    code: 2,
    lines: [
      "pum-aws: the profile [default] holds a long-term key, and there is no terminal to ask whether to replace it",
      "hint: choose another --profile, or replace the key with --overwrite",
    ],
  },
  {
    what: "a region of another partition",
    arrange: () => {
      world.adfs.settings.roles = ["arn:aws-cn:iam::585848786654:role/Admin"]
    },
    args: ["--region", "eu-north-1"],
    code: 2,
    passwords: 1,
    lines: [
      "pum-aws: the region eu-north-1 is not in the role's partition aws-cn",
      "hint: use --region cn-north-1, for example",
    ],
  },
]

const refused: Case[] = [
  {
    what: "a wrong password",
    stdin: "wrong\n111111\n",
    code: 3,
    passwords: 1,
    lines: [
      "pum-aws: ADFS refused the user name or password: Incorrect user ID or password. Type the correct user ID and password, and try again.",
      "hint: ADFS gives the same answer for a locked account; a few wrong passwords lock it",
    ],
  },
  {
    what: "a wrong code",
    stdin: `${defaultUser.password}\n000000\n`,
    code: 3,
    passwords: 1,
    lines: ["pum-aws: ADFS refused the 2FA code", codeHint],
  },
  {
    what: "a wrong code, with words",
    arrange: () => {
      world.adfs.settings.codeRefusedText = "Falsk \u009b31mkode"
    },
    stdin: `${defaultUser.password}\n000000\n`,
    code: 3,
    passwords: 1,
    lines: ["pum-aws: ADFS refused the 2FA code: Falsk 31mkode"],
  },
  {
    what: "an expired password",
    arrange: () => {
      world.adfs.settings.users = [{ ...defaultUser, passwordExpired: true }]
    },
    code: 3,
    passwords: 1,
    lines: [
      "pum-aws: You must update your password because your password has expired.",
      "hint: change it where you manage your privileged user, then sign in again",
    ],
  },
  {
    what: "a push that is denied",
    arrange: () => {
      world.adfs.settings.secondFactors = ["AzureMfaAuthentication, push"]
      world.adfs.settings.push = { polls: 1, outcome: "refused" }
    },
    code: 3,
    passwords: 1,
    lines: [
      /^Enter the number \d+ on your phone to approve the sign-in$/,
      "Open your Authenticator app, and enter the number shown to sign in.",
      /^pum-aws: the sign-in was not approved: /,
    ],
  },
]

const unusable: Case[] = [
  {
    what: "no server at the port",
    args: ["--idp-url", "https://127.0.0.1:1/"],
    env: () => ({ NO_PROXY: "127.0.0.1" }),
    code: 4,
    lines: ["pum-aws: 127.0.0.1:1 cannot be reached: connection refused", networkHint],
  },
  {
    what: "no such host",
    args: ["--idp-url", "https://adfs.invalid/"],
    env: () => ({ NO_PROXY: "*" }),
    code: 4,
    lines: [/^pum-aws: adfs\.invalid cannot be found: /, networkHint],
  },
  {
    what: "a proxy that says no",
    args: ["--idp-url", "https://elsewhere.example/"],
    code: 4,
    lines: [
      /^pum-aws: elsewhere\.example cannot be reached: the proxy 127\.0\.0\.1:\d+ answered 403$/,
      "hint: it may not let you reach that host: ask those who run the proxy",
    ],
  },
  {
    what: "a proxy that wants a password",
    arrange: () => {
      world.proxy.settings.credentials = { user: "me", password: "secret" }
    },
    env: () => ({ HTTPS_PROXY: `http://127.0.0.1:${world.proxy.port}` }),
    code: 4,
    lines: [
      /^pum-aws: federation\.visma\.com cannot be reached: the proxy 127\.0\.0\.1:\d+ answered 407$/,
      "hint: put user and password into HTTPS_PROXY: http://user:password@proxy:port",
    ],
  },
  {
    what: "an untrusted certificate",
    arrange: () => {
      world.adfs.settings.tls = "untrusted"
    },
    code: 4,
    lines: [
      /^pum-aws: federation\.visma\.com has a certificate that is not trusted \(\w+\)$/,
      "hint: its authority is not in the CA file that AWS_CA_BUNDLE names",
    ],
  },
  {
    what: "a certificate of another host",
    arrange: () => {
      world.adfs.settings.tls = "wrong name"
    },
    code: 4,
    lines: [
      "pum-aws: federation.visma.com answered with a certificate for another host",
      "hint: another server answers in its place: a sign-in page of this network (captive portal), or a wrong address",
    ],
  },
  {
    what: "a dropped connection",
    arrange: adfsFault("login page", { kind: "drop" }),
    code: 4,
    lines: ["pum-aws: federation.visma.com closed the connection before it answered", cutHint],
  },
  {
    what: "a dropped connection after the password",
    arrange: adfsFault("password", { kind: "drop" }),
    code: 4,
    passwords: 1,
    lines: ["pum-aws: federation.visma.com closed the connection before it answered", cutHint],
  },
  {
    what: "a page of 400 MB",
    arrange: adfsFault("login page", { kind: "flood" }),
    code: 4,
    lines: ["pum-aws: federation.visma.com sent an answer of more than 5 MB; it was not read"],
  },
  {
    what: "an unknown page",
    arrange: adfsFault("password", {
      kind: "answer",
      status: 200,
      body: "<title>Hi</title><form><input name=x></form>",
    }),
    code: 4,
    passwords: 1,
    lines: [
      'pum-aws: ADFS sent a page that pum-aws does not know (HTTP 200; title "Hi"; AuthMethod none; fields x)',
      "hint: it names the page's fields, and holds nothing secret",
    ],
  },
  {
    what: "IdP-initiated sign-on switched off",
    arrange: () => {
      world.adfs.settings.idpInitiatedSignOn = false
    },
    code: 4,
    lines: [
      /^pum-aws: (ADFS is out of service, or has this address switched off \(HTTP 503\)|ADFS answered with an error: .*)$/,
      /^hint: /,
    ],
  },
  {
    what: "an error page",
    arrange: adfsFault("code", {
      kind: "answer",
      status: 200,
      body: '<div id="errorArea"><div id="openingMessage">An error occurred</div><div id="errorMessage">An error occurred.\u001b[31m Contact your administrator.</div><div id="activityId">Activity ID: 00000000-0000-0000-1100-0080000000ff</div></div>',
    }),
    code: 4,
    passwords: 1,
    lines: [
      "pum-aws: ADFS answered with an error: An error occurred: An error occurred. Contact your administrator. (activity id 00000000-0000-0000-1100-0080000000ff)",
      "hint: the activity id is what the help desk asks for",
    ],
  },
  {
    what: "redirects without end",
    arrange: adfsFault("login page", { kind: "endless redirects" }),
    code: 4,
    lines: ["pum-aws: federation.visma.com redirects without end"],
  },
  {
    what: "a redirect to plain http",
    arrange: adfsFault("login page", { kind: "redirect", to: "http://federation.visma.com/adfs/ls/" }),
    code: 4,
    lines: [
      "pum-aws: federation.visma.com redirects to an address that is not https",
      /^hint: something between you and ADFS answered, .*, or the address is wrong: open it in a browser$/,
    ],
  },
  {
    what: "a redirect that would repeat the password",
    arrange: adfsFault("password", { kind: "redirect", to: "/adfs/ls/again", status: 307 }),
    code: 4,
    passwords: 1,
    lines: [
      "pum-aws: federation.visma.com wants the same form sent once more elsewhere; that could repeat a password",
    ],
  },
  {
    what: "a login form that points elsewhere",
    arrange: () => {
      world.adfs.settings.loginAction = "https://stranger.example/collect"
    },
    code: 4,
    lines: [
      "pum-aws: the page wants its form sent to https://stranger.example, which is not https://federation.visma.com; nothing was sent",
      "hint: if that is right, list https://stranger.example under idp_origins in ~/.pum-aws",
    ],
  },
  {
    what: "an assertion with a DOCTYPE",
    arrange: () => {
      world.adfs.settings.assertion = { doctype: true }
    },
    code: 4,
    passwords: 1,
    lines: ["pum-aws: the assertion holds a DOCTYPE; it was not read"],
  },
  {
    what: "an assertion of more than 2 MB",
    arrange: () => {
      world.adfs.settings.assertion = { minBytes: 2 * 1024 * 1024 }
    },
    code: 4,
    passwords: 1,
    lines: ["pum-aws: the assertion is larger than 2 MB; it was not read"],
  },
  {
    what: "a response without an assertion",
    arrange: () => {
      world.adfs.settings.assertion = { failingStatus: "AuthnFailed" }
    },
    code: 4,
    passwords: 1,
    lines: [/^pum-aws: ADFS sent no assertion: .*AuthnFailed/],
  },
  {
    what: "a relying-party picker that comes back for ever",
    arrange: () => {
      world.adfs.settings.relyingPartyPicker = "endless"
    },
    code: 4,
    lines: ["pum-aws: ADFS sent 12 pages without an end; the sign-in was given up"],
  },
]

const roles: Case[] = [
  {
    what: "no role at all",
    arrange: () => {
      world.adfs.settings.roles = []
    },
    code: 5,
    passwords: 1,
    lines: [
      "pum-aws: you are signed in, but ADFS offers you no AWS role",
      "hint: access to AWS accounts follows your groups; ask for membership where you asked for your privileged user",
    ],
  },
  {
    what: "no such account",
    args: ["--account", "111122223333"],
    code: 5,
    passwords: 1,
    lines: [
      "pum-aws: none of your roles fits --account 111122223333",
      "hint: you have: 039882259752, 095344953043, 585848786654",
    ],
  },
  {
    what: "an account by a name that only AWS gives it",
    args: ["--account", "Visma-Sandbx"],
    arrange: home => {
      mkdirSync(join(home.path, ".aws/pum-aws"), { recursive: true, mode: 0o700 })
      const names = { version: 1, "585848786654": { name: "visma-sandbox", asked: new Date().toISOString() } }
      home.write(".aws/pum-aws/accounts.json", JSON.stringify(names))
    },
    code: 5,
    passwords: 1,
    lines: [
      "pum-aws: none of your roles fits --account Visma-Sandbx",
      "hint: AWS calls the account 585848786654 visma-sandbox: write its number, or give it this name under [account-mapping] of ~/.pum-aws",
    ],
  },
  {
    what: "no such role in an account whose alias AWS' name of another one contains",
    args: ["--account", "visma", "--role", "Nope"],
    arrange: home => {
      mkdirSync(join(home.path, ".aws/pum-aws"), { recursive: true, mode: 0o700 })
      const names = { version: 1, "585848786654": { name: "x-visma", asked: new Date().toISOString() } }
      home.write(".aws/pum-aws/accounts.json", JSON.stringify(names))
      home.write(".pum-aws", "[account-mapping]\n095344953043 = Visma Production\n")
    },
    code: 5,
    passwords: 1,
    lines: ["pum-aws: none of your roles fits --role Nope", "hint: you have: PowerUserAccess, RDSAlice"],
  },
  {
    what: "no such role",
    args: ["--role", "Nope"],
    code: 5,
    passwords: 1,
    lines: [
      "pum-aws: none of your roles fits --role Nope",
      "hint: you have: AdministratorAccess, PowerUserAccess, RDSAlice, ViewOnlyAccess",
    ],
  },
  {
    what: "several roles, without a terminal",
    args: ["--account", "0953"],
    code: 5,
    passwords: 1,
    lines: [
      "pum-aws: 2 roles fit, and there is no terminal to ask on: arn:aws:iam::095344953043:role/PowerUserAccess, arn:aws:iam::095344953043:role/RDSAlice",
      "hint: choose one with --account and --role",
    ],
  },
]

const byAws: Case[] = [
  {
    what: "an assertion that ran out",
    arrange: stsRefuses("ExpiredTokenException"),
    code: 6,
    passwords: 1,
    lines: [
      `pum-aws: AWS refused ${admin}: Token must be redeemed within 5 minutes of issuance (ExpiredTokenException)`,
      "hint: an assertion works for 5 minutes: run the command again, and check this machine's clock",
    ],
  },
  {
    what: "an account that does not trust ADFS",
    arrange: stsRefuses("InvalidIdentityToken"),
    code: 6,
    passwords: 1,
    lines: [
      `pum-aws: AWS refused ${admin}: Response signature invalid (Service: AWSSecurityTokenService) (InvalidIdentityToken)`,
      "hint: the account does not trust this identity provider, or trusts an old certificate of it: tell the account's owner",
    ],
  },
  {
    what: "a refused claim",
    arrange: stsRefuses("IDPRejectedClaim"),
    code: 6,
    passwords: 1,
    lines: [
      `pum-aws: AWS refused ${admin}: The identity provider rejected the claim (IDPRejectedClaim)`,
      "hint: the identity provider's claim was refused: tell the account's owner",
    ],
  },
  {
    what: "a trust policy that says no",
    arrange: stsRefuses("AccessDenied"),
    code: 6,
    passwords: 1,
    lines: [
      `pum-aws: AWS refused ${admin}: Not authorized to perform sts:AssumeRoleWithSAML (AccessDenied)`,
      "hint: the role's trust policy does not let you in: tell the account's owner",
    ],
  },
  {
    what: "STS switched off in the region",
    arrange: stsRefuses("RegionDisabledException"),
    code: 6,
    passwords: 1,
    lines: [
      /^pum-aws: AWS refused .*: STS is not activated in this region for account\. .* \(RegionDisabledException\)$/,
      "hint: STS is switched off in that region: choose another with --region",
    ],
  },
  {
    what: "throttling without end",
    arrange: stsRefuses("Throttling"),
    code: 6,
    passwords: 1,
    lines: [
      `pum-aws: AWS refused ${admin}: Rate exceeded (Throttling)`,
      "hint: AWS is busy: try again in a minute",
    ],
  },
  {
    what: "a failing STS",
    arrange: stsRefuses("InternalFailure"),
    code: 6,
    passwords: 1,
    lines: [
      `pum-aws: AWS refused ${admin}: The request processing has failed because of an unknown error. (InternalFailure)`,
      "hint: AWS is busy: try again in a minute",
    ],
  },
  {
    what: "an STS that hangs up",
    arrange: () => world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "drop" }),
    code: 6,
    passwords: 1,
    lines: ["pum-aws: AWS STS closed the connection before it answered", cutHint],
  },
  {
    what: "an STS that answers with nonsense",
    arrange: () =>
      world.sts.faults.switchOn("AssumeRoleWithSAML", {
        kind: "answer",
        status: 200,
        body: "<html>login</html>",
      }),
    code: 6,
    passwords: 1,
    lines: [/^pum-aws: AWS/],
  },
  {
    what: "an untrusted certificate at AWS",
    arrange: () => {
      world.sts.settings.tls = "untrusted"
    },
    code: 6,
    passwords: 1,
    lines: [
      /^pum-aws: AWS STS has a certificate that is not trusted \(\w+\)$/,
      "hint: its authority is not in the CA file that AWS_CA_BUNDLE names",
    ],
  },
  {
    what: "a signature that was tampered with",
    arrange: () => {
      world.adfs.settings.assertion = { tampered: true }
    },
    code: 6,
    passwords: 1,
    lines: [/^pum-aws: AWS refused .* \(InvalidIdentityToken\)$/, /^hint: /],
  },
]

const files: Case[] = [
  {
    what: "a credentials file that AWS tools refuse",
    arrange: home => home.write(".aws/credentials", "[a]\nx = 1\n[a]\n"),
    code: 7,
    lines: [
      "pum-aws: cannot use ~/.aws/credentials: line 3 opens [a] again, which line 1 did",
      "hint: AWS tools refuse the whole file until that line is corrected",
    ],
  },
  {
    what: "a config file that AWS tools refuse",
    arrange: home => home.write(".aws/config", "\ufeff[default]\n"),
    code: 7,
    lines: [
      "pum-aws: cannot use ~/.aws/config: line 1 begins with a byte order mark",
      "hint: save the file as UTF-8 without BOM",
    ],
  },
  {
    what: "a region with a comment behind it",
    arrange: home => home.write(".aws/config", "[default]\nregion = eu-north-1 # mine\n"),
    code: 7,
    lines: [
      "pum-aws: the region of profile [default] in the AWS files is not a region: 'eu-north-1 # mine'",
      "hint: AWS tools take all of that line for the region: correct it, or give --region",
    ],
  },
  {
    what: "a region with a comment behind it, where no AWS file is written",
    args: ["--json", "-p", "p"],
    arrange: home => home.write(".aws/config", "[profile p]\nregion = eu-north-1 ; mine\n"),
    code: 7,
    lines: [
      "pum-aws: the region of profile [p] in the AWS files is not a region: 'eu-north-1 ; mine'",
      "hint: AWS tools take all of that line for the region: correct it, or give --region",
    ],
  },
  {
    what: "a folder where the file should be",
    arrange: home => mkdirSync(join(home.path, ".aws/credentials"), { recursive: true }),
    code: 7,
    lines: ["pum-aws: cannot use ~/.aws/credentials: is a folder"],
  },
  {
    what: "a file where the folder should be",
    arrange: home => home.write(".aws", ""),
    code: 7,
    lines: [/^pum-aws: cannot \w+ ~\/\.aws\/credentials: /],
  },
]

type Run = (home: Home, args: readonly string[], env: Record<string, string>, stdin: string) => Promise<Ended>

const asProgram: Run = (home, args, env, stdin) =>
  runProgram({ args, env: cleanEnv(home, { ...world.env, ...env }), stdin })
const inThisProcess: Run = (home, args, env, stdin) => tellStory(home, world, { args, env, stdin })

async function fails(
  { arrange, args = [], env = () => ({}), stdin = right, code, lines, passwords = 0 }: Case,
  run: Run,
): Promise<void> {
  const home = new Home()
  arrange?.(home)
  const before = home.awsFiles()
  const role =
    args.some(arg => ["--account", "--role"].includes(arg)) || code === 5 ? [] : ["--account", "5858"]
  const all = ["--password-stdin", "-u", defaultUser.name, ...role, ...args]
  const ended = await run(home, all, env(), stdin)
  const shown = ended.stderr.split("\n")
  expect(ended.stdout).toBe("")
  expect(shown.at(-1)).toBe("")
  for (const [index, line] of lines.entries()) {
    if (typeof line === "string") expect(shown[index]).toBe(line)
    else expect(shown[index]).toMatch(line)
  }
  expect(shown).toHaveLength(lines.length + 1)
  expect(ended.code).toBe(code)
  expect(home.awsFiles()).toEqual(before)
  expect(world.adfs.passwords).toHaveLength(passwords)
  expect(world.stranger.received).toEqual([])
}

describe("a stdout that takes nothing", () => {
  const full = (home: Home, args: readonly string[]) =>
    runWithoutTerminal("sh", {
      args: ["-c", '"$@" > /dev/full', "sh", process.execPath, program, "-u", defaultUser.name, ...args],
      env: cleanEnv(home, {
        ...world.env,
        PUM_PASSWORD_COMMAND: `echo '${defaultUser.password}'`,
        PUM_OTP_COMMAND: `echo ${defaultUser.codes[0]}`,
      }),
    })

  it("is said, and ends with 7, with a new session and with one that is kept", async () => {
    const home = new Home()
    const lost = {
      code: 7,
      signal: null,
      stdout: "",
      stderr: "pum-aws: cannot write to stdout: the system reports ENOSPC\n",
    }
    expect(await full(home, ["--export", "dotenv", "-a", "5858"])).toEqual(lost)
    for (const mode of ["--credential-process", "--json"])
      expect(await full(home, [mode, "-a", "5858"])).toEqual(lost)
    for (const [option] of [["--help"], ["--version"]]) expect(await full(home, [option ?? ""])).toEqual(lost)
    const version = await runWithoutTerminal("sh", {
      args: ["-c", '"$@" --version > /dev/full', "sh", process.execPath, program],
      env: cleanEnv(home),
    })
    expect(version).toEqual(lost)
    expect(world.adfs.passwords).toHaveLength(1)
  })
})

it.each([
  ["with a command", ["--", "true"], "cannot read stdin: the system reports EISDIR"],
  ["without one", [], "no password on stdin\nhint: --password-stdin reads it from the first line"],
])("a stdin that cannot be read is no defect of ours, %s", async (_, rest, message) => {
  const { code, stderr } = await runWithoutTerminal("sh", {
    args: ["-c", '"$@" </tmp', "sh", process.execPath, program, "--password-stdin", "-u", "a@b", ...rest],
    env: cleanEnv(new Home(), world.env),
  })
  expect([code, stderr]).toEqual([2, `pum-aws: ${message}\n`])
})

it("a file that is named can be a pipe, as <(command) of a shell is, although a run reads it several times", async () => {
  const pipes = `printf '{"Version":"2012-10-17","Statement":[]}' | { cat "$AWS_CA_BUNDLE" | "$@"; } 3<&0`
  const options = ["--ca-bundle", "/dev/stdin", "--policy", "/dev/fd/3", "--export", "sh", "-a", "5858"]
  const { code, stderr } = await runWithoutTerminal("sh", {
    args: ["-c", pipes, "sh", process.execPath, program, "-u", defaultUser.name, ...options],
    env: cleanEnv(new Home(), {
      ...world.env,
      PUM_PASSWORD_COMMAND: `echo '${defaultUser.password}'`,
      PUM_OTP_COMMAND: `echo ${defaultUser.codes[0]}`,
    }),
  })
  expect([code, stderr, world.sts.sessions.length]).toEqual([0, "", 1])
})

it("a process that may write no file finds it before the password goes out", async () => {
  const { code, stderr } = await runWithoutTerminal("sh", {
    args: [
      "-c",
      'ulimit -f 0; exec "$@"',
      "sh",
      process.execPath,
      program,
      "-u",
      defaultUser.name,
      "-a",
      "5858",
    ],
    env: cleanEnv(new Home(), { ...world.env, PUM_PASSWORD_COMMAND: `echo '${defaultUser.password}'` }),
  })
  expect([code, stderr]).toEqual([
    7,
    expect.stringMatching(
      /^pum-aws: cannot write ~\/\.aws\/\S+: the file would be larger than is allowed \(ulimit -f\)\n/,
    ),
  ])
  expect(world.adfs.passwords).toEqual([])
})

describe("an empty HOME", () => {
  it("does not make a .pum-aws of the current folder count", async () => {
    const home = new Home()
    home.write(".pum-aws", "not for us\n")
    const { code, stderr } = await runWithoutTerminal("sh", {
      args: ["-c", 'cd "$0" && "$@"', home.path, process.execPath, program, "--duration", "99"],
      env: { ...cleanEnv(home), HOME: "" },
    })
    expect([code, stderr.split("\n")[0]]).toEqual([
      2,
      "pum-aws: --duration: a duration of 99 is out of range",
    ])
  })
})

describe.each([
  ["2: usage, or an answer is missing", usage],
  ["3: sign-in refused", refused],
  ["4: identity provider not usable", unusable],
  ["5: no such role", roles],
  ["6: AWS refused", byAws],
  ["7: file trouble", files],
])("exit code %s", (_, cases) => {
  it.each(cases.slice(0, 1))("$what, as a program", one => fails(one, asProgram))
  it.each(cases)("$what", one => fails(one, inThisProcess))
})

it("says that a folder may not be written, before the password goes out", async () => {
  const home = new Home()
  mkdirSync(join(home.path, ".aws"), { mode: 0o555 })
  chmodSync(home.path, 0o755)
  const { spawn } = await import("node:child_process")
  const { program } = await import("../support/program.ts")
  const child = spawn(process.execPath, [program, "--password-stdin", "-u", defaultUser.name], {
    env: cleanEnv(home),
    detached: true,
    uid: 65534,
    stdio: "pipe",
  })
  let stderr = ""
  child.stderr.on("data", chunk => {
    stderr += chunk
  })
  child.stdin.on("error", () => {})
  child.stdin.end(right)
  const code = await new Promise(resolve => child.on("close", resolve))
  expect([code, stderr.split("\n")[0]]).toEqual([
    7,
    "pum-aws: cannot write ~/.aws/credentials: permission denied",
  ])
  expect(world.adfs.passwords).toEqual([])
})
