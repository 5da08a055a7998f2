import { spawn } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Request } from "../emulators/server/request.ts"
import { defaultUser, errorPage, startWorld, unknownPage, type World } from "../emulators/world.ts"
import { encodings } from "../support/encodings.ts"
import { cleanEnv, Home, program } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

const password = `C4nary å &"'<>%+; Pass/w\\rd`
const proxyPassword = `Pr0xy å &"'<>%+; c4nary/`
const code = "731905"
const proxy = { user: "CORP\\dev", password: proxyPassword }

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(prepareServers)
afterAll(() => world.close())

function prepareServers(): void {
  world.reset()
  world.proxy.settings.credentials = proxy
  world.adfs.settings.users = [{ ...defaultUser, password, codes: [code] }]
}

/** Command lines of the process and of all that it starts, looked at as long as it runs. */
function watchCommandLines(pid: number): () => string {
  const seen = new Set<string>()
  const read = (file: string) => {
    try {
      return readFileSync(`/proc/${file}`, "utf8")
    } catch {
      // It ended while it was looked at.
      return ""
    }
  }
  const look = () => {
    const children = read(`${pid}/task/${pid}/children`).split(" ").filter(Boolean)
    for (const process of [pid, ...children]) seen.add(read(`${process}/cmdline`))
  }
  const timer = setInterval(look, 10)
  look()
  return () => {
    clearInterval(timer)
    return [...seen].join("\n")
  }
}

/** All that the program left in the home folder, but for the session that it was to store and to keep. */
function filesOf(home: Home): string {
  return readdirSync(home.path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name !== "credentials" && !/^\d{12}-.*\.json$/.test(entry.name))
    .map(entry => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n")
}

const issued = () =>
  world.sts.sessions.flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken])

/** What must be nowhere: each secret in every encoding, and of a long one any piece that would be worth having. */
function expectNoSecretIn(text: string, typedCode: string): void {
  const assertions = world.sts.calls.map(call => call.samlAssertion)
  const secrets = [password, proxyPassword, typedCode, ...world.adfs.cookies, ...assertions, ...issued()]
  for (const secret of secrets.filter(one => one.length > 3)) {
    for (const [name, encode] of Object.entries(encodings)) {
      // In base64 the ends depend on what stands around.
      const encoded = name.startsWith("base64") ? encode(secret).slice(3, -4) : encode(secret)
      if (encoded.length > 4) expect(text).not.toContain(encoded)
      if (encoded.length > 60) expect(text).not.toContain(encoded.slice(-52, -20))
    }
    if (secret.length > 60) expect(text).not.toContain(secret.slice(20, 52))
  }
  expect(text).not.toMatch(/MSIS\w*=|FedAuth|PHNhbWxwOlJlc3BvbnNl/)
}

const cases: [string, () => void, string][] = [
  ["a sign-in that works", () => {}, code],
  [
    "a refused password that the server quotes",
    () => {
      world.adfs.settings.users = [{ ...defaultUser, password: "another" }]
      world.adfs.settings.passwordRefusedText = ({ password: typed }) => `No such password: ${typed}`
    },
    code,
  ],
  [
    "a refused code that the server quotes",
    () => {
      world.adfs.settings.codeRefusedText = "Not the code: 000731"
    },
    "000731",
  ],
  [
    "a connection that breaks on the password",
    () => world.adfs.faults.switchOn("password", { kind: "drop" }),
    code,
  ],
  ["a connection that breaks on the code", () => world.adfs.faults.switchOn("code", { kind: "drop" }), code],
  [
    "an unknown page",
    () =>
      world.adfs.faults.switchOn("code", {
        kind: "answer",
        status: 200,
        body: `<form><input name="a" value="${code}"></form>`,
      }),
    code,
  ],
  ["an STS that refuses", () => world.sts.refuse("AccessDenied"), code],
  ["an STS that breaks off", () => world.sts.faults.switchOn("AssumeRoleWithSAML", { kind: "drop" }), code],
  [
    "an STS that quotes the assertion",
    () =>
      world.sts.faults.switchOn("AssumeRoleWithSAML", {
        kind: "answer",
        status: 400,
        type: "text/xml",
        body: `<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>PHNhbWxwOlJlc3BvbnNl${"QUJD".repeat(100)} was bad</Message></Error></ErrorResponse>`,
      }),
    code,
  ],
  [
    "a proxy that refuses",
    () => {
      world.proxy.settings.fault = "refuse"
    },
    code,
  ],
]

it.each(cases)(
  "with --verbose and DEBUG=* no secret is shown, left in a file, or stands on a command line: %s",
  async (name, arrange, typedCode) => {
    arrange()
    const home = new Home()
    const child = spawn(
      process.execPath,
      [program, "--verbose", "--password-stdin", "-u", defaultUser.name, "--account", "5858"],
      {
        env: cleanEnv(home, { ...world.env, DEBUG: "*" }),
        detached: true,
        stdio: "pipe",
      },
    )
    let shown = ""
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", chunk => {
        shown += chunk
      })
    }
    const commandLines = watchCommandLines(child.pid ?? 0)
    child.stdin.end(`${password}\n${typedCode}\n`)
    await new Promise(resolve => child.on("close", resolve))
    const public_ = `${shown}\n${commandLines()}\n${filesOf(home)}`
    expect(public_).toContain("--password-stdin")
    if (name !== "a proxy that refuses") expect(shown).toContain("GET https://federation.visma.com/adfs/ls/")
    // What a library prints begins with its name.
    expect(shown).not.toMatch(/agent|Proxy-Authorization|%o/)
    expectNoSecretIn(public_, typedCode)
  },
)

it.each(cases)(
  "without --verbose no secret is shown, or left in a file: %s",
  async (_, arrange, typedCode) => {
    arrange()
    const home = new Home()
    const { stdout, stderr } = await tellStory(home, world, {
      args: ["--password-stdin", "-u", defaultUser.name, "--account", "5858"],
      stdin: `${password}\n${typedCode}\n`,
    })
    expect(stderr).not.toBe("")
    expectNoSecretIn(`${stdout}\n${stderr}\n${filesOf(home)}`, typedCode)
  },
)

/** What a request brought, in an encoding. */
function quoted(encode: (text: string) => string): (request: Request) => string {
  // The context of a form is long, and no secret; what comes after it would be cut.
  return ({ fields, cookies }) =>
    [...fields, ...cookies]
      .filter(([name]) => name !== "Context")
      .map(([, value]) => encode(value))
      .join(" | ")
}

/** Servers that quote what they were sent. */
const quotes: [string, (encode: (text: string) => string) => void][] = [
  [
    "a refused password",
    encode => {
      world.adfs.settings.users = [{ ...defaultUser, password: "another" }]
      world.adfs.settings.passwordRefusedText = ({ password: typed }) => `No such password: ${encode(typed)}!`
    },
  ],
  [
    "an error page after the password, with the cookies",
    encode =>
      world.adfs.faults.switchOn("password", {
        kind: "answer",
        status: 500,
        body: request => errorPage({ message: quoted(encode)(request) }),
      }),
  ],
  [
    "an error page after the code, with the cookies of the session",
    encode =>
      world.adfs.faults.switchOn("code", {
        kind: "answer",
        status: 200,
        body: request => errorPage({ message: quoted(encode)(request), activityId: encode(code) }),
      }),
  ],
  [
    "the label of the second factor",
    encode => {
      world.adfs.settings.secondFactors = [
        { authMethod: "Other", field: "Answer", label: `Token for ${encode(password)}`, type: "text" },
      ]
    },
  ],
  [
    "the title of an unknown page",
    encode =>
      world.adfs.faults.switchOn("code", {
        kind: "answer",
        status: 200,
        body: request => unknownPage("").replace("Terms of use", quoted(encode)(request)),
      }),
  ],
  [
    "a refused code",
    encode => {
      world.adfs.settings.users = [{ ...defaultUser, password, codes: ["111111"] }]
      world.adfs.settings.codeRefusedText = `Not ${encode(code)}, nor ${encode(password)}`
    },
  ],
  [
    "STS",
    encode =>
      world.sts.faults.switchOn("AssumeRoleWithSAML", {
        kind: "answer",
        status: 400,
        type: "text/xml",
        body: request =>
          `<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>${encodings.HTML?.(quoted(encode)(request))}</Message></Error></ErrorResponse>`,
      }),
  ],
]
const six = [
  "as it is",
  "percent-encoding of encodeURIComponent",
  "form encoding",
  "HTML",
  "JSON",
  "base64 between others",
]

describe.each(six)("quoted in this encoding: %s", encoding => {
  const encode = encodings[encoding] ?? (() => "")

  it.each(quotes)("no secret is shown, or kept for those who wait, by %s", async (name, arrange) => {
    for (const verbose of [["--verbose"], []]) {
      prepareServers()
      arrange(encode)
      const home = new Home()
      const {
        code: exitCode,
        stdout,
        stderr,
      } = await tellStory(home, world, {
        args: [...verbose, "--json", "--password-stdin", "-u", defaultUser.name, "--account", "5858"],
        // The label's question finds no answer, and is named in the error.
        stdin: name.includes("label") ? `${password}\n` : `${password}\n${code}\n`,
      })
      expect(exitCode).toBeGreaterThan(0)
      expect(stdout).toBe("")
      // Of what STS says, anything long is left out.
      expect(stderr).toContain(name === "STS" ? "…" : "[redacted]")
      expectNoSecretIn(`${stderr}\n${filesOf(home)}`, code)
    }
  })
})
