import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { definitions, type OptionName } from "../../src/options/given.ts"
import { otherVariables } from "../../src/options/help-topics.ts"
import { refuseWithDoctor } from "../../src/options/modes.ts"
import type { OptionDefinition } from "../../src/options/option-definition.ts"
import { optionTable } from "../../src/options/option-table.ts"
import { parseAccount, parseNonEmpty, parseRole, parseYesOrNo } from "../../src/options/parse-values.ts"
import { startWorld, type World } from "../emulators/world.ts"
import { type Machine, runDoctor } from "../support/doctor.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

/** What the parsers take, if they do not take every text. */
const accepted: Readonly<Record<string, string>> = {
  username: "adm\\canary_dev_aly",
  idpUrl: "https://canary-user:canary-pw@federation.visma.com/adfs/ls/canary-path.aspx?canary-query",
  idpOrigins: "https://canary-origin.example.com",
  stsEndpoint: "https://canary-user:canary-pw@127.0.0.1:9/canary-sts",
  ifNeeded: "20",
  region: "eu-north-1",
  duration: "90m",
  account: "585848786654",
  role: "AdministratorAccess",
  remember: "off",
}
const canaryFor = (name: string, parse: unknown) =>
  accepted[name] ?? (parse === parseYesOrNo ? "no" : `canary-${name}`)

/** Whether --doctor takes the option beside it: not if it asks for another mode. */
function isBesideDoctor(name: OptionName): boolean {
  try {
    refuseWithDoctor({ wants: "run", given: { [name]: true }, command: undefined })
    return true
  } catch {
    return false
  }
}
/** Given by a test of their own, as the others could not be reached beside them. */
const apart = new Set<OptionName>(["profiles", "config", "envFile", "policy", "noReadOnly", "json"])
const settings = definitions.filter(([name]) => isBesideDoctor(name) && !apart.has(name))

/** What the source reads from the environment. */
const variablesOfSource = (() => {
  const folder = join(import.meta.dirname, "../../src")
  const text = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(file => file.endsWith(".ts"))
    .map(file => readFileSync(join(folder, file), "utf8"))
    .join("\n")
  const names = text.match(/(?<=\benv\.)[A-Z]\w+|(?<=")(?:AWS|PUM|HTTPS?|NO)_[A-Z_]+(?=")/g) ?? []
  return [...new Set(names)]
})()
/** Where things are, without which no canary would be reached. */
const needed = new Set(["PATH", "Path", "HOME", "USERPROFILE", "AWS_CA_BUNDLE", "PUM_REMEMBER"])

const linesOf = (pairs: readonly (readonly [string | undefined, string])[]) =>
  pairs.flatMap(([name, text]) => (name === undefined ? [] : [`${name} = ${text}\n`])).join("")

const proxy = (user: string) => {
  world.proxy.settings.credentials = { user, password: "canary-proxy-password" }
  return `http://${user}:canary-proxy-password@127.0.0.1:${world.proxy.port}`
}

function expectNoCanary(text: string, home: Home): void {
  expect(text).toContain("settings: ")
  expect(text.split("\n").filter(line => /canary|dev_aly/i.test(line))).toEqual([])
  expect(text).not.toContain(home.path)
}

describe("--doctor", () => {
  const variables = settings.flatMap(([name, { env = [], parse }]) =>
    env.map(variable => [variable, canaryFor(name, parse)] as const),
  )
  const keys = settings.map(([name, { key, parse }]) => [key, canaryFor(name, parse)] as const)
  const sources: Readonly<Record<string, (home: Home) => Machine>> = {
    environment: () => ({ env: Object.fromEntries(variables) }),
    "env file": home => {
      home.write("canary-env", linesOf(variables.filter(([name]) => name.startsWith("PUM_"))))
      return { args: ["--env-file", `${home.path}/canary-env`] }
    },
    "~/.pum-aws": home => {
      home.write(".pum-aws", `[default]\n${linesOf(keys)}`)
      return {}
    },
    "a profile of ~/.pum-aws": home => {
      const ofProfile = keys.filter(([key]) => key !== "remember")
      home.write("canary-settings", `[profile canary-profile]\n${linesOf(ofProfile)}`)
      return { args: ["-p", "canary-profile"], env: { PUM_CONFIG: `${home.path}/canary-settings` } }
    },
    "command line": () => ({
      args: settings.flatMap(([name, { long, value, parse }]) =>
        long === undefined ? [] : [value === undefined ? long : `${long}=${canaryFor(name, parse)}`],
      ),
    }),
  }

  it.each(Object.keys(sources))(
    "prints none of the values that could be secret or name a person, from %s",
    async source => {
      const home = new Home()
      const { args = [], env } = sources[source]?.(home) ?? {}
      const { text } = await runDoctor(world, home, {
        args,
        env: { https_proxy: "", HTTPS_PROXY: proxy("canary-proxy-user"), ...env },
      })
      expect(text.match(/ settings: /g)?.length).toBeGreaterThan(10)
      expectNoCanary(text, home)
    },
  )

  it("prints no variable of the environment, whatever reads it", async () => {
    const home = new Home()
    const env = Object.fromEntries(
      variablesOfSource.filter(name => !needed.has(name)).map(name => [name, `canary-${name}`]),
    )
    expect(variablesOfSource.length).toBeGreaterThan(50)
    const others = otherVariables.flatMap(([names]) => names.split(", "))
    expect(others.filter(name => !variablesOfSource.includes(name))).toEqual([])
    const printed = { PUM_ACCOUNT: "", PUM_ROLE: "", HTTPS_PROXY: proxy("canary-proxy-user") }
    const { text } = await runDoctor(world, home, { env: { ...env, ...printed, PUM_CONFIG: "" } })
    expectNoCanary(text, home)
  })

  const places: Readonly<Record<string, (home: Home) => Machine>> = {
    "several profiles": () => ({ args: ["--profiles", "canary-a,canary b"] }),
    "several profiles of the environment": () => ({ env: { PUM_PROFILES: "canary-a,canary-b" } }),
    "a policy file that is not there": () => ({ args: ["--policy", "canary.json"] }),
    "a policy file that is no JSON": home => {
      home.write("canary.json", "canary")
      return { args: ["--policy", `${home.path}/canary.json`] }
    },
    "an env file that is not there": () => ({ args: ["--env-file", "canary/canary-env"] }),
    "an env file with an unknown variable": home => {
      home.write("canary-env", "canary\nPUM_PASSWORD=canary-password\n")
      return { args: ["--env-file", `${home.path}/canary-env`] }
    },
    "PUM_CONFIG, of a file that is not there": () => ({ env: { PUM_CONFIG: "canary/settings" } }),
    "PUM_CONFIG, of a folder": home => ({ env: { PUM_CONFIG: `${home.path}/canary` } }),
    "PUM_CONFIG, with a mistake in the file": home => {
      home.write("canary/settings", "[default]\ncanary = canary\n")
      return { env: { PUM_CONFIG: "~/canary/settings" } }
    },
    "a line of ~/.pum-aws that is none": home => {
      home.write(".pum-aws", "[default]\nusername = x\ncanary password\n")
      return {}
    },
    "a section of ~/.pum-aws that is unknown": home => {
      home.write(".pum-aws", "[canary]\nusername = x\n")
      return {}
    },
    "a header of ~/.pum-aws without its end": home => {
      home.write(".pum-aws", "[canary\nusername = x\n")
      return {}
    },
    "account names": home => {
      home.write(
        ".pum-aws",
        "[account-mapping]\n095344953043 = canary\n585848786654 = canary\ncanary = canary\n",
      )
      return { args: ["--account", "095344953043"] }
    },
    "AWS files that AWS tools refuse": home => {
      home.write(".aws/credentials", "canary-secret\n")
      home.write(".aws/config", "[profile a]\ncanary-secret\n[canary\n")
      return {}
    },
    "everything that shadows a profile": home => {
      const keys = [
        ...[
          "role_arn",
          "source_profile",
          "credential_source",
          "sso_session",
          "sso_start_url",
          "endpoint_url",
        ],
        ...["web_identity_token_file", "login_session", "credential_process", "aws_access_key_id"],
        ...["aws_secret_access_key", "aws_session_token", "aws_security_token", "mfa_serial"],
      ]
      const all = linesOf(keys.map(key => [key, `canary-${key}`]))
      home.write(".aws/config", `[default]\n${all}[profile  default]\nx =\n  # canary\n  y = canary\n`)
      home.write(".aws/credentials", `[default]\n${all}x_principal_arn = canary\n`)
      return {}
    },
    "AWS files of other places": home => ({
      env: {
        AWS_SHARED_CREDENTIALS_FILE: "~canary/credentials",
        AWS_CONFIG_FILE: "$CANARY/config",
        CANARY: `${home.path}/canary`,
      },
    }),
    "AWS files of other places in the home folder": home => {
      home.write("canary/config", "canary")
      return {
        env: { AWS_SHARED_CREDENTIALS_FILE: "canary/credentials", AWS_CONFIG_FILE: "~/canary/config" },
      }
    },
  }

  it.each(Object.keys(places))("prints nothing of %s", async place => {
    const home = new Home()
    expectNoCanary((await runDoctor(world, home, places[place]?.(home))).text, home)
  })

  it.each([
    ...["http://CORP\\canary:canary-pw@127.0.0.1:9", "http://canary:canary/pw@127.0.0.1:9"],
    ...["http://canary:canary#pw@127.0.0.1:9", "canary:canary@127.0.0.1:9", "http://127.0.0.1:9/canary.pac"],
    ...[
      "http://CORP%5Ccanary:canary%20pw@127.0.0.1:9",
      "socks5://canary:canary@127.0.0.1:9",
      "canary canary",
    ],
    ...[
      "https://canary:canary@127.0.0.1:9",
      "http://canary@127.0.0.1:9",
      "http://canary:canary@127.0.0.1:9/?canary",
    ],
  ])("prints no user and no password of the proxy %s", async address => {
    const home = new Home()
    for (const name of ["HTTPS_PROXY", "HTTP_PROXY"]) {
      const env = { HTTPS_PROXY: "", https_proxy: "", HTTP_PROXY: "", http_proxy: "", [name]: address }
      const idp = "https://127.0.0.2:9/"
      const { text } = await runDoctor(world, home, {
        env: { ...env, PUM_IDP_URL: idp, AWS_ENDPOINT_URL_STS: idp },
      })
      expectNoCanary(text, home)
    }
  })

  // Any text can be an account or a role.
  const takeAll: unknown[] = [undefined, parseNonEmpty, parseAccount, parseRole]
  const unreadable = settings.filter(([, { parse }]) => !takeAll.includes(parse))

  it.each(unreadable.map(([name]) => name))(
    "does not quote a value of %s that cannot be used",
    async name => {
      const home = new Home()
      const { long, env = [], key, value } = optionTable[name] as OptionDefinition
      const bad = `canary'"bad\\ {x} ${name}`
      const texts: string[] = []
      if (key !== undefined) {
        home.write(".pum-aws", `[default]\n${key} = ${bad}\n`)
        texts.push((await runDoctor(world, home)).text)
        home.write(".pum-aws", "")
      }
      for (const variable of env)
        texts.push((await runDoctor(world, home, { env: { [variable]: bad } })).text)
      if (long !== undefined && value !== undefined)
        texts.push((await runDoctor(world, home, { args: [`${long}=${bad}`] })).text)
      expect(texts.length).toBeGreaterThan(0)
      for (const text of texts) expectNoCanary(text, home)
    },
  )

  it.each([[], ["--json"], ["--verbose"]])(
    "prints none of them by the program itself: %s",
    async (...more) => {
      const home = new Home()
      home.write(".pum-aws", `[default]\n${linesOf(keys)}`)
      home.write("canary-env", linesOf(variables.filter(([name]) => name.startsWith("PUM_"))))
      const { code, stdout, stderr } = await runProgram({
        args: ["--doctor", ...more, "--env-file", `${home.path}/canary-env`, "--op-item=canary-item"],
        env: cleanEnv(home, { ...world.env, https_proxy: "", HTTPS_PROXY: proxy("canary-proxy-user") }),
      })
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" })
      expectNoCanary(stdout.replaceAll('"settings"', "settings: "), home)
    },
  )
})
