import dns from "node:dns"
import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest"
import { serverLimit } from "../../src/doctor/network.ts"
import { createAuthority } from "../emulators/server/certificates.ts"
import { startWorld, type World } from "../emulators/world.ts"
import { type Machine, runDoctor } from "../support/doctor.ts"
import { cleanEnv, Home, program, runProgram } from "../support/program.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const doctor = (home: Home, machine?: Machine) => runDoctor(world, home, machine)

const withoutProxy = { HTTPS_PROXY: "", https_proxy: "" }

/** The name service knows no name. Nothing is asked of that of this machine. */
function knowNoNames() {
  const lookup = (host: string, _: object, answer: (error: Error) => void) =>
    answer(Object.assign(new Error(host), { code: "ENOTFOUND" }))
  const spy = vi.spyOn(dns, "lookup").mockImplementation(lookup as typeof dns.lookup)
  onTestFinished(() => spy.mockRestore())
}

/** One fault of a machine: how it is made, and the line and the hint that lead to the cure. */
type Sickness = readonly [what: string, line: RegExp, hint: RegExp, make: (home: Home) => Machine]

const credentials =
  "[vadfs]\naws_access_key_id = A\naws_secret_access_key = B\naws_session_token = C\nx_principal_arn = arn:aws:sts::095344953043:assumed-role/RDSAlice/a\n"

const withoutPassword = () => ({
  env: { HTTPS_PROXY: `http://127.0.0.1:${world.proxy.port}`, https_proxy: "" },
})

const sicknesses: readonly Sickness[] = [
  [
    "a value that cannot be used",
    /✘ settings: ~\/\.pum-aws line 2, duration: /,
    /15m to 12h/,
    home => {
      home.write(".pum-aws", "[default]\nduration = 99\n")
      return {}
    },
  ],
  [
    "a key of ~/.pum-aws that is unknown",
    /✘ settings: ~\/\.pum-aws line 2: '…' is not a setting/,
    /did you mean username\?/,
    home => {
      home.write(".pum-aws", "[default]\nuser = adm\\dev_aly\n")
      return {}
    },
  ],
  [
    "a ~/.pum-aws that is no INI file",
    /✘ settings: .*~\/\.pum-aws.*line 1/,
    /./,
    home => {
      home.write(".pum-aws", "username\n")
      return {}
    },
  ],
  [
    "a credentials file that AWS tools refuse",
    /✘ credentials file: .*~\/\.aws\/credentials.*line 1/,
    /./,
    home => {
      home.write(".aws/credentials", "aws_access_key_id = A\n")
      return {}
    },
  ],
  [
    "a config file that is a folder",
    /✘ config file: cannot use ~\/\.aws\/config: is a folder/,
    /^$/,
    home => {
      mkdirSync(join(home.path, ".aws/config"), { recursive: true })
      return {}
    },
  ],
  [
    "a credentials file that is mounted by itself",
    /✘ credentials file: ~\/\.aws\/credentials is mounted by itself/,
    /mount its folder, or use --export/,
    home => {
      home.write(".aws/credentials", credentials)
      return { mounts: `31 1 0:1 / ${home.path}/.aws/credentials rw - ext4 x rw\n` }
    },
  ],
  [
    "a credentials file that others can read",
    /! credentials file: ~\/\.aws\/credentials can be read by other users/,
    /chmod 600 ~\/\.aws\/credentials/,
    home => {
      home.write(".aws/credentials", credentials)
      chmodSync(join(home.path, ".aws/credentials"), 0o644)
      return {}
    },
  ],
  [
    "a stale lock",
    /! credentials file: a run that was killed left a lock behind, and 1 temporary/,
    /takes it over/,
    home => {
      home.write(".aws/credentials", credentials)
      home.write(".aws/.credentials.pum-aws.tmp", "half")
      const lock = join(home.path, ".aws/credentials.lock")
      mkdirSync(lock)
      utimesSync(lock, 1_000_000_000, 1_000_000_000)
      return {}
    },
  ],
  [
    "a shadowed profile",
    /✘ profiles: role_arn in \[profile vadfs\] of ~\/\.aws\/config: AWS tools assume that role/,
    /remove that line/,
    home => {
      home.write(".aws/credentials", credentials)
      home.write(".aws/config", "[profile vadfs]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = y\n")
      return {}
    },
  ],
  [
    "a key in the environment",
    /! profiles: AWS_ACCESS_KEY_ID is set in the environment/,
    /unset it/,
    () => ({
      env: { AWS_ACCESS_KEY_ID: "AKIA1234567890" },
    }),
  ],
  [
    "a profile on demand whose program is gone",
    /✘ profiles: profile prod asks by \/gone\/node, which is not there/,
    /pum-aws -p prod --on-demand/,
    home => {
      home.write(
        ".aws/config",
        "[profile prod]\ncredential_process = /gone/node /gone/pum-aws --credential-process --profile prod\n",
      )
      return {}
    },
  ],
  [
    "a folder of kept sessions that others can write to",
    /✘ kept sessions: cannot use ~\/\.aws\/pum-aws: it can be changed by other users/,
    /make it yours alone/,
    home => {
      mkdirSync(join(home.path, ".aws/pum-aws"), { recursive: true })
      chmodSync(join(home.path, ".aws/pum-aws"), 0o777)
      return {}
    },
  ],
  [
    "a clock that is 10 minutes off",
    /✘ clock: this machine's clock is 10 min ahead of that of federation\.visma\.com/,
    /set it/,
    () => ({
      clockAheadMs: 600_000,
    }),
  ],
  [
    "a proxy that wants NTLM",
    /✘ ADFS: .*the proxy 127\.0\.0\.1:\d+ answered 407 and offers only sign-in by ntlm/,
    /px or cntlm/,
    () => {
      world.proxy.settings.credentials = { user: "u", password: "p" }
      world.proxy.settings.challenges = ["NTLM"]
      return withoutPassword()
    },
  ],
  [
    "a proxy that wants user and password",
    /✘ ADFS: .*answered 407/,
    /put user and password into HTTPS_PROXY/,
    () => {
      world.proxy.settings.credentials = { user: "u", password: "p" }
      return withoutPassword()
    },
  ],
  [
    "a proxy variable that holds no address",
    /✘ proxy: HTTPS_PROXY holds no usable address/,
    /it looks like/,
    () => ({
      env: { HTTPS_PROXY: "http://CORP\\user:pw@proxy" },
    }),
  ],
  [
    "a proxy that counts for http only",
    /! proxy: HTTP_PROXY is set, which does not count for https/,
    /set HTTPS_PROXY/,
    () => ({
      env: {
        ...withoutProxy,
        HTTP_PROXY: "http://127.0.0.1:9",
        PUM_IDP_URL: "https://127.0.0.1:9/",
        AWS_ENDPOINT_URL_STS: "https://127.0.0.1:9/",
      },
    }),
  ],
  [
    "an IdP that cannot be reached",
    /✘ ADFS: 127\.0\.0\.1:9 cannot be reached: connection refused/,
    /check the network and VPN/,
    () => ({
      env: {
        ...withoutProxy,
        PUM_IDP_URL: "https://127.0.0.1:9/",
        AWS_ENDPOINT_URL_STS: "https://127.0.0.1:9/",
      },
    }),
  ],
  [
    "a network that inspects TLS",
    /✘ ADFS: federation\.visma\.com has a certificate that is not trusted/,
    /its authority is not in the CA file that AWS_CA_BUNDLE names/,
    home => {
      writeFileSync(join(home.path, "other.pem"), createAuthority("another").pem)
      return { env: { AWS_CA_BUNDLE: join(home.path, "other.pem") } }
    },
  ],
  [
    "an expired CA",
    /✘ CA certificates: AWS_CA_BUNDLE: each of its certificates ran out/,
    /get the current file/,
    home => {
      writeFileSync(
        join(home.path, "old.pem"),
        createAuthority("old").serverCertificate(["x"], "expired").cert,
      )
      return { env: { AWS_CA_BUNDLE: join(home.path, "old.pem") } }
    },
  ],
  [
    "a damaged certificate behind a good one",
    /! CA certificates: AWS_CA_BUNDLE: certificate 2 cannot be read; only those before it are trusted/,
    /each -----BEGIN and -----END stands on a line of its own/,
    home => {
      const { pem } = createAuthority("another")
      writeFileSync(
        join(home.path, "joined.pem"),
        `${readFileSync(world.caFile, "utf8").trimEnd()}\n${pem.trimEnd()}${pem}`,
      )
      return { env: { AWS_CA_BUNDLE: join(home.path, "joined.pem") } }
    },
  ],
  [
    "a first certificate that is damaged",
    /✘ CA certificates: the first certificate of the CA bundle <AWS_CA_BUNDLE> \(AWS_CA_BUNDLE\) cannot be read/,
    /each -----BEGIN and -----END stands on a line of its own/,
    home => {
      home.write("cut.pem", readFileSync(world.caFile, "utf8").slice(0, 200))
      return { env: { AWS_CA_BUNDLE: join(home.path, "cut.pem") } }
    },
  ],
  [
    "a CA file that is not there",
    /✘ CA certificates: cannot read the CA bundle <AWS_CA_BUNDLE> \(AWS_CA_BUNDLE\): there is no such file/,
    /name another file, or leave the setting out/,
    home => ({
      env: { AWS_CA_BUNDLE: join(home.path, "gone.pem") },
    }),
  ],
  [
    "an ADFS whose host name is unknown",
    /✘ ADFS: federation\.visma\.com cannot be found: no such host name/,
    /^ {4}check the network and VPN; HTTP_PROXY is not used for https: behind a proxy, set HTTPS_PROXY$/,
    () => {
      knowNoNames()
      return { env: withoutProxy }
    },
  ],
  [
    "a misspelt region",
    /✘ STS: sts\.eu-nort-1\.amazonaws\.com cannot be found: no such host name/,
    /check the region eu-nort-1; if it is right, check the network/,
    () => {
      knowNoNames()
      return { env: { ...withoutProxy, PUM_REGION: "eu-nort-1" } }
    },
  ],
  [
    "a wrong address of the sign-in page",
    /✘ ADFS: federation\.visma\.com has no page at the address of the sign-in \(status 404\)/,
    /check --idp-url/,
    () => {
      world.adfs.faults.switchOn("any", { kind: "answer", status: 404 })
      return {}
    },
  ],
  [
    "an STS that is down",
    /✘ STS: sts\.eu-central-1\.amazonaws\.com answers with status 503/,
    /try again later/,
    () => {
      world.sts.faults.switchOn("page", { kind: "answer", status: 503 })
      return {}
    },
  ],
  [
    "a proxy that does not reach the servers",
    /✘ ADFS: .*the proxy 127\.0\.0\.1:\d+ answered 503/,
    /it could not reach that host itself/,
    () => {
      world.proxy.settings.fault = "refuse"
      return {}
    },
  ],
  [
    "a clock that is 10 minutes behind",
    /✘ clock: this machine's clock is 10 min behind that of federation\.visma\.com/,
    /set it/,
    () => ({
      clockAheadMs: -600_000,
    }),
  ],
  [
    "no terminal to ask on",
    /! terminal: there is none: questions cannot be asked/,
    /give every answer by an option, a setting or stdin/,
    () => ({
      hasTerminal: false,
    }),
  ],
  [
    "a keychain that is missing, with something to remember",
    /! keychain: nothing can be remembered: @napi-rs\/keyring is not installed beside pum-aws/,
    /install both together with npm install -g, or set remember to off/,
    home => {
      home.write(".pum-aws", "[default]\nremember = sign-in\n")
      return {}
    },
  ],
  [
    "a profile on demand that holds a key of its own",
    /! profiles: profile prod is on demand, and AWS tools use its stored keys instead/,
    /pum-aws -p prod --on-demand removes them/,
    home => {
      home.write(".aws/credentials", "[prod]\naws_access_key_id = A\naws_secret_access_key = B\n")
      home.write(
        ".aws/config",
        `[profile prod]\ncredential_process = ${process.execPath} ${program} --credential-process --profile prod\n`,
      )
      return {}
    },
  ],
  [
    "an AWS config file that AWS tools refuse",
    /✘ config file: .*~\/\.aws\/config.*line 2/,
    /./,
    home => {
      home.write(".aws/config", "[profile a]\nregion\n")
      return {}
    },
  ],
  [
    "a CA bundle without a name",
    /✘ settings: AWS_CA_BUNDLE: it has a value that cannot be used/,
    /^$/,
    () => ({ env: { AWS_CA_BUNDLE: " " } }),
  ],
  [
    "certificates of NODE_EXTRA_CA_CERTS that cannot be read",
    /✘ CA certificates: cannot read the file that NODE_EXTRA_CA_CERTS names: there is no such file/,
    /name another file, or leave the setting out/,
    home => ({
      env: { AWS_CA_BUNDLE: "", NODE_EXTRA_CA_CERTS: join(home.path, "gone.pem") },
    }),
  ],
  [
    "certificates that are not checked",
    /✘ CA certificates: NODE_TLS_REJECT_UNAUTHORIZED is 0/,
    /unset it; if your network inspects TLS, give its CA file/,
    () => ({ env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } }),
  ],
  [
    "settings that cannot be used together",
    /✘ settings: --policy and --read-only cannot be used together/,
    /./,
    () => ({
      args: ["--read-only", "--policy", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
    }),
  ],
  [
    "an ADFS that is down",
    /✘ ADFS: federation\.visma\.com answers with status 503/,
    /try again later/,
    () => {
      world.adfs.faults.switchOn("any", { kind: "answer", status: 503 })
      return {}
    },
  ],
]

describe("--doctor", () => {
  it("does not call the servers' certificates wrong if only another setting is", async () => {
    const home = new Home()
    home.write(".pum-aws", "[default]\nusrname = x\n")
    const { text, exitCode } = await doctor(home)
    expect(text).toContain("✘ settings: ~/.pum-aws line 2: '…' is not a setting")
    expect(text).toContain("✔ ADFS: ")
    expect([text.match(/^✘/gm)?.length, exitCode]).toEqual([1, 1])
  })

  it("finds nothing wrong with a healthy machine, and signs nobody in", async () => {
    const home = new Home()
    const { text, exitCode } = await doctor(home)
    expect({ text, exitCode }).toMatchObject({ exitCode: 0 })
    expect(text.split("\n").filter(line => !/^(✔ |$)/.test(line))).toEqual([])
    expect(text).toMatch(
      /✔ ADFS: federation\.visma\.com answers; its certificate by .* is valid until \d{4}-\d\d-\d\d\n/,
    )
    expect(text).toMatch(/✔ STS: sts\.eu-central-1\.amazonaws\.com answers/)
    expect([...world.sts.log, ...world.adfs.log].map(({ method }) => method)).toEqual(["GET", "GET"])
    expect(home.awsFiles()).toEqual({ credentials: undefined, config: undefined })
  })

  it.each(sicknesses)("names %s, and what to do", async (_, line, hint, make) => {
    const home = new Home()
    const { text, exitCode } = await doctor(home, make(home))
    const lines = text.split("\n")
    const at = lines.findIndex(each => line.test(each))
    expect(text).toMatch(line)
    expect(lines[at + 1]?.startsWith("    ") ? lines[at + 1] : "").toMatch(hint)
    expect(exitCode).toBe(text.includes("✘") ? 1 : 0)
  })

  it.each([
    ["AWS_CA_BUNDLE", "behind a byte order mark", (pem: string) => `\ufeff${pem}`],
    ["NODE_EXTRA_CA_CERTS", "behind a byte order mark", (pem: string) => `\ufeff${pem}`],
    ["AWS_CA_BUNDLE", "as trusted", (pem: string) => pem.replaceAll(" CERT", " TRUSTED CERT")],
    ["AWS_CA_BUNDLE", "by their old label", (pem: string) => pem.replaceAll(" CERT", " X509 CERT")],
  ])("counts the certificates that a sign-in trusts: %s, %s", async (variable, _, write) => {
    const home = new Home()
    home.write("ca.pem", write(`${readFileSync(world.caFile, "utf8")}${createAuthority("another").pem}`))
    const { text } = await doctor(home, { env: { AWS_CA_BUNDLE: "", [variable]: join(home.path, "ca.pem") } })
    expect(text).toContain(`✔ CA certificates: ${variable}: 2 certificate(s)\n`)
  })

  it.each([
    ["https://127.0.0.1:9/", "127.0.0.1", "NO_PROXY exempts ADFS"],
    ["http://127.0.0.1:9/", "", "ADFS is on this machine, without TLS"],
  ])("says why ADFS is not reached through the proxy: %s, NO_PROXY=%s", async (idpUrl, noProxy, reason) => {
    const { text } = await doctor(new Home(), { env: { PUM_IDP_URL: idpUrl, NO_PROXY: noProxy } })
    expect(text).toContain(`✔ proxy: HTTPS_PROXY is set, and ${reason}\n`)
  })

  it("waits less than ten seconds for a server that does not answer", async () => {
    world.adfs.faults.switchOn("any", { kind: "hang" })
    const home = new Home()
    const { text } = await doctor(home, { serverLimit: 300 })
    expect(text).toContain("✘ ADFS: federation.visma.com did not answer in time")
    expect(serverLimit).toBeLessThan(10_000)
  })

  it.each(["proxy", "servers"])("waits no longer if nothing answers: %s", async hangs => {
    world.proxy.settings.fault = hangs === "proxy" ? "hang" : "none"
    world.adfs.faults.switchOn("any", { kind: "hang" })
    world.sts.faults.switchOn("any", { kind: "hang" })
    const home = new Home()
    const { text, exitCode } = await doctor(home, { serverLimit: 300 })
    expect(text).toMatch(/✘ ADFS: .*\n.*\n✘ STS: .*\n.*\n! clock: no server told its time\n/)
    expect(exitCode).toBe(1)
  })

  it("prints JSON, and exit code 1 for a failed check, by the program itself", async () => {
    const home = new Home()
    home.write(".pum-aws", "[default]\nretry = perhaps\n")
    const { code, stdout, stderr } = await runProgram({
      args: ["--doctor", "--json"],
      env: cleanEnv(home, world.env),
    })
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" })
    const { checks } = JSON.parse(stdout) as { checks: Record<string, string>[] }
    expect(checks.find(({ name, state }) => name === "settings" && state === "failed")).toEqual({
      name: "settings",
      state: "failed",
      what: "~/.pum-aws line 2, retry: '…' is neither yes nor no",
      hint: "write true or false",
    })
    expect(checks.map(({ state }) => state)).toContain("ok")
  })

  it("names a few of many profiles that are shadowed, and first those whose credentials are not used", async () => {
    const home = new Home()
    const names = Array.from({ length: 20 }, (_, number) => `p${number}`)
    home.write(".aws/credentials", names.map(name => credentials.replace("vadfs", name)).join(""))
    const keyOf = (name: string) => (name === "p19" ? "role_arn" : "login_session")
    home.write(".aws/config", names.map(name => `[profile ${name}]\n${keyOf(name)} = x\n`).join(""))
    const { text, exitCode } = await doctor(home)
    const lines = text.split("\n").filter(line => /^[!✘] profiles: /.test(line))
    expect([exitCode, lines.length]).toEqual([1, 6])
    expect(lines[0]).toMatch(/^✘ profiles: role_arn in \[profile p19\]/)
    expect(lines[5]).toBe("! profiles: 15 more like these are not shown")
  })

  it("prints no character that a terminal would obey", async () => {
    const home = new Home()
    home.write(".aws/credentials", credentials.replace("[vadfs]", "[v\u001b[2Jadfs]"))
    home.write(".aws/config", "[profile v\u001b[2Jadfs]\nrole_arn = x\n")
    const { text } = await doctor(home)
    expect(text).toContain("role_arn in [profile v")
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u)
  })

  it.each([["--list"], ["--save", "-p", "prod"]])("refuses %s beside it", async (...args) => {
    await expect(doctor(new Home(), { args })).rejects.toThrow(
      `${args[0]} and --doctor cannot be used together`,
    )
  })

  it("prints what is remembered", async () => {
    const home = new Home()
    home.write(".pum-aws", "[default]\nremember = sign-in\n")
    expect((await doctor(home)).text).toContain("~/.pum-aws line 2, remember: sign-in")
  })
})
