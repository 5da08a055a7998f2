import { spawn } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, program } from "../support/program.ts"

const password = "C4nary-Passw0rd/+=&%"
const code = "731905"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => {
  world.reset()
  world.adfs.settings.users = [{ ...defaultUser, password, codes: [code] }]
})
afterAll(() => world.close())

/** Command lines of the process and of all that it starts, looked at as long as it runs. */
function watchCommandLines(pid: number): () => string {
  const seen = new Set<string>()
  const look = () => {
    for (const entry of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
      try {
        const parent = /^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${entry}/status`, "utf8"))?.[1]
        if (Number(entry) === pid || Number(parent) === pid)
          seen.add(readFileSync(`/proc/${entry}/cmdline`, "utf8"))
      } catch {
        // It ended while it was looked at.
      }
    }
  }
  const timer = setInterval(look, 10)
  look()
  return () => {
    clearInterval(timer)
    return [...seen].join("\n")
  }
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
    "a page that nobody knows",
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
]

it.each(cases)(
  "no secret is shown, or stands on a command line, with --verbose: %s",
  async (_, arrange, typedCode) => {
    arrange()
    const home = new Home()
    const child = spawn(
      process.execPath,
      [program, "--verbose", "--password-stdin", "-u", defaultUser.name, "--account", "5858"],
      {
        env: cleanEnv(home, world.env),
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
    const public_ = `${shown}\n${commandLines()}`
    expect(public_).toContain("--verbose")
    expect(shown).toContain("GET https://federation.visma.com/adfs/ls/")

    const cookies = /MSIS\w*=|FedAuth/
    const assertions = world.sts.calls.map(call => call.samlAssertion)
    const sessions = world.sts.sessions.flatMap(({ secretAccessKey, sessionToken }) => [
      secretAccessKey,
      sessionToken,
    ])
    const secrets = [
      password,
      encodeURIComponent(password),
      typedCode,
      "PHNhbWxwOlJlc3BvbnNl",
      ...assertions,
      ...sessions,
    ]
    for (const secret of secrets) {
      expect(public_).not.toContain(secret)
      // Nor a piece of it that would be worth having.
      if (secret.length > 60) expect(public_).not.toContain(secret.slice(20, 52))
    }
    expect(public_).not.toMatch(cookies)
  },
)
