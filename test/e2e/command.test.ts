import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import {
  cleanEnv,
  type Ended,
  Home,
  program,
  runProgram,
  runWithoutTerminal,
  startWithoutTerminal,
} from "../support/program.ts"
import { ctrlC, enter, Pty } from "../support/pty.ts"
import { whoAmI } from "../support/sdk.ts"
import { tellStory } from "../support/story.ts"
import { writeScript } from "../support/write-script.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [code] = defaultUser.codes
const secrets = `${defaultUser.password}\n${code}\n`

/** `pum-aws … -- command…` with the answers on stdin. */
function run(
  home: Home,
  command: readonly string[],
  env: Record<string, string> = {},
  stdin = secrets,
): Promise<Ended> {
  return runProgram({
    args: ["--password-stdin", "-u", defaultUser.name, "--", ...command],
    env: cleanEnv(home, { ...world.env, ...env }),
    stdin,
  })
}

/** In this process: for a command that does not start. */
function tell(home: Home, command: readonly string[]): Promise<Ended> {
  const args = ["--password-stdin", "-u", defaultUser.name, "--", ...command]
  return tellStory(home, world, { args, stdin: secrets })
}

async function open(home: Home, command: readonly string[]): Promise<Pty> {
  const args = ["-u", defaultUser.name, "--", ...command]
  const pty = new Pty({ args, env: cleanEnv(home, world.env) })
  await pty.answer("Domain password:", defaultUser.password)
  await pty.answer("Visma Google Auth 2FA Token:", code)
  return pty
}

const node = (script: string) => [process.execPath, "-e", script]
const environment = node("console.log(JSON.stringify(process.env))")

describe("a command behind --", () => {
  it("runs as the role, in AWS tools, whatever the environment and the AWS files said before", async () => {
    const home = new Home()
    home.write(".aws/config", "[profile other]\nregion = us-east-1\n")
    const { code, stdout, stderr } = await run(home, [process.execPath, whoAmI], {
      AWS_PROFILE: "other",
      AWS_SECURITY_TOKEN: "old",
      AWS_SESSION_TOKEN: "old",
    })
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "arn:aws:sts::585848786654:assumed-role/AdministratorAccess/dev_aly\n",
      stderr: "",
    })
    expect(home.awsFiles()).toEqual({
      credentials: undefined,
      config: "[profile other]\nregion = us-east-1\n",
    })
  })

  it("has exactly the variables of the session, and of the rest everything but those that would win", async () => {
    const home = new Home()
    home.write(".aws/config", "[profile vadfs]\nregion = eu-north-1\n")
    const before = {
      PUM_PROFILE: "vadfs",
      PUM_OTP_COMMAND: `echo ${code}`,
      AWS_PROFILE: "a",
      AWS_DEFAULT_PROFILE: "b",
      AWS_SECURITY_TOKEN: "c",
      AWS_REGION: "us-east-1",
      AWS_PAGER: "",
    }
    const { stdout } = await run(home, environment, before)
    const [session] = world.sts.sessions
    const { AWS_PROFILE, AWS_DEFAULT_PROFILE, AWS_SECURITY_TOKEN, ...kept } = cleanEnv(home, {
      ...world.env,
      ...before,
    })
    expect(JSON.parse(stdout)).toEqual({
      ...kept,
      AWS_ACCESS_KEY_ID: session?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session?.secretAccessKey,
      AWS_SESSION_TOKEN: session?.sessionToken,
      AWS_CREDENTIAL_EXPIRATION: session?.expiration.toISOString().replace(".000Z", "Z"),
      AWS_REGION: "eu-north-1",
      AWS_DEFAULT_REGION: "eu-north-1",
      PUM_AWS_SESSION: "585848786654/AdministratorAccess",
    })
    expect(stdout).not.toContain(JSON.stringify(defaultUser.password).slice(1, -1))
  })

  it.each([
    ["both answers", {}, secrets],
    [
      "the password, with the code from a command",
      { PUM_OTP_COMMAND: `echo ${code}` },
      secrets.split("\n")[0],
    ],
  ])(
    "reads on stdin what comes after %s, also where a kept session made them needless",
    async (_, env, answers) => {
      const home = new Home()
      const data = "SELECT 1;\n\u00e6 without a line end"
      for (const time of ["signed in", "kept"]) {
        const { code, stdout, stderr } = await run(home, ["cat"], env, `${answers?.trimEnd()}\n${data}`)
        expect({ time, code, stdout, stderr }).toEqual({ time, code: 0, stdout: data, stderr: "" })
      }
      expect(world.adfs.passwords).toHaveLength(1)
      const nothing = await run(home, ["cat"], {}, defaultUser.password)
      expect(nothing).toMatchObject({ code: 0, stdout: "" })
    },
  )

  it("is answered for by a script that sends the code long after the password", async () => {
    const home = new Home()
    const script = `(echo '${defaultUser.password}'; sleep 1.2; echo ${code}; sleep 0.3; echo data) | "$@"`
    const args = [process.execPath, program, "--password-stdin", "-u", defaultUser.name, "--", "cat"]
    const { code: exitCode, stdout } = await runWithoutTerminal("sh", {
      args: ["-c", script, "sh", ...args],
      env: cleanEnv(home, world.env),
    })
    expect([exitCode, stdout]).toEqual([0, "data\n"])
  })

  it.each([
    ["its exit code", node("process.exit(7)"), 7],
    ["128 and the number of the signal that ended it", node("process.kill(process.pid, 'SIGKILL')"), 137],
    [
      "an argument that looks like an option of ours",
      [...node("process.exit(process.argv.length)"), "--", "--help"],
      2,
    ],
  ])("gives %s", async (_, command, expected) => {
    expect(await run(new Home(), command)).toMatchObject({ code: expected, stdout: "", stderr: "" })
  })

  it.each([
    [
      "is not there",
      "no-such-program",
      127,
      "cannot run 'no-such-program': there is no such program\nhint: what only a shell knows (built-in commands, aliases, pipes) is run by one: pum-aws -- sh -c '...'",
    ],
    ["is not there by its path", "./nothing", 127, "cannot run './nothing': there is no such program"],
    ["is not executable", "PLAIN", 126, "cannot run 'PLAIN': it is not executable"],
    ["is a folder", "/tmp", 126, "cannot run '/tmp': it is a folder"],
  ])("that %s is told before anybody signs in", async (_, name, exitCode, message) => {
    const home = new Home()
    home.write("plain", "echo hello\n")
    const file = name === "PLAIN" ? join(home.path, "plain") : name
    expect(await tell(home, [file])).toMatchObject({
      code: exitCode,
      stdout: "",
      stderr: `pum-aws: ${message.replace("PLAIN", file)}\n`,
    })
    expect(world.adfs.log).toEqual([])
  })

  it("that only the system can judge is told when it is started", async () => {
    const home = new Home()
    const odd = join(home.path, "odd")
    writeScript(odd, "#!/no/such/interpreter\n")
    expect(await tell(home, [odd])).toMatchObject({
      code: 127,
      stderr: `pum-aws: cannot run '${odd}': there is no such program\n`,
    })
    home.write("plain", "no interpreter")
    writeScript(odd, `#!${join(home.path, "plain")}\n`)
    world.reset()
    expect(await tell(home, [odd])).toMatchObject({
      code: 126,
      stderr: `pum-aws: cannot run '${odd}': it is not executable\n`,
    })
  })

  it("gets the signals that are sent to pum-aws, and decides what becomes of them", async () => {
    const child = node(
      "for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGQUIT']) process.on(s, () => { console.log(s); if (s === 'SIGTERM') process.exit(3) }); setInterval(() => {}, 1000); console.log('ready')",
    )
    const {
      process: parent,
      ended,
      prints,
    } = startWithoutTerminal(process.execPath, {
      args: [program, "--password-stdin", "-u", defaultUser.name, "--", ...child],
      env: cleanEnv(new Home(), world.env),
      stdin: secrets,
    })
    await prints("ready\n")
    for (const signal of ["SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGQUIT", "SIGTERM"] as const) {
      parent.kill(signal)
      await prints(`${signal}\n`)
    }
    expect(await ended).toMatchObject({ code: 3, signal: null, stderr: "" })
  })
})

describe("a command behind --, on a terminal", () => {
  it("has the terminal: its questions are answered there", async () => {
    const pty = await open(new Home(), [
      "sh",
      "-c",
      'test -t 0 && test -t 1 && printf "Name: " && read -r x && echo "<$x>"',
    ])
    await pty.isAsked("Name:")
    pty.type(`Aly${enter}`)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toMatch(/Name: Aly\n<Aly>\n$/)
  })

  it("gets Ctrl-C once, and may go on", async () => {
    const pty = await open(
      new Home(),
      node(
        "let n = 0; process.on('SIGINT', () => { n++; setTimeout(() => { console.log('interrupts: ' + n); process.exit(5) }, 300) }); setInterval(() => {}, 1000); console.log('ready')",
      ),
    )
    await pty.sees("ready")
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(5)
    expect(pty.text).toMatch(/interrupts: 1\n$/)
  })

  it("gets an interrupt that is sent to pum-aws in the background, where no Ctrl-C arrives", async () => {
    const child = "trap 'echo caught; exit 9' INT; echo ready; while :; do sleep 0.1; done"
    const args = [
      process.execPath,
      program,
      "--password-stdin",
      "-u",
      defaultUser.name,
      "--",
      "sh",
      "-c",
      child,
    ]
    const home = new Home()
    home.write("answers", secrets)
    const script =
      'set -m; "$@" <"$HOME/answers" >"$HOME/out" & until [ -s "$HOME/out" ]; do sleep 0.1; done; kill -INT $!; wait $!; echo "ended with $?"'
    const pty = new Pty({ command: ["sh", "-c", script, "sh", ...args], env: cleanEnv(home, world.env) })
    expect(await pty.ends()).toBe(0)
    expect([home.read("out"), pty.text]).toEqual([
      "ready\ncaught\n",
      expect.stringMatching(/ended with 9\n$/),
    ])
  })

  it("goes on after Ctrl-C where it does not care", async () => {
    const pty = await open(new Home(), ["sh", "-c", "trap '' INT; echo ready; sleep 1; echo done; exit 4"])
    await pty.sees("ready")
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(4)
    expect(pty.text).toMatch(/ready\n(\^C)?done\n$/)
  })

  it("has what is piped into pum-aws, while the questions are answered on the terminal", async () => {
    const home = new Home()
    const line = `printf 'one\\ntwo\\n' | "$@"`
    const args = [process.execPath, program, "-u", defaultUser.name, "--", "cat"]
    const pty = new Pty({ command: ["sh", "-c", line, "sh", ...args], env: cleanEnv(home, world.env) })
    await pty.answer("Domain password:", defaultUser.password)
    await pty.answer("Visma Google Auth 2FA Token:", code)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toMatch(/2FA Token: \d+\n585848786654 AdministratorAccess, .*, new session\none\ntwo\n$/)
  })

  it("ends with 130 where Ctrl-C ends it", async () => {
    const pty = await open(new Home(), node("console.log('ready'); setInterval(() => {}, 1000)"))
    await pty.sees("ready")
    pty.type(ctrlC)
    expect(await pty.ends()).toBe(130)
  })
})
