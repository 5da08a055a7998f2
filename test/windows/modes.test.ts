import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import {
  nodeFolder,
  program,
  runJobs,
  runProgram,
  WindowsHome,
  windowsEnv,
  worldEnv,
} from "./support/windows.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const answers = `${defaultUser.password}\r\n${defaultUser.codes[0]}\r\n`
const signIn = ["--password-stdin", "-u", defaultUser.name]

/** Runs calls one after the other in one home. The first has the answers on stdin and signs in. */
function runAll(home: WindowsHome, calls: readonly (readonly string[])[], more: Record<string, string> = {}) {
  const env = windowsEnv(home, { ...worldEnv(world), ...more })
  return runJobs(
    calls.map((args, index) => ({
      args: [program, ...(index === 0 ? signIn : ["-u", defaultUser.name]), ...args],
      env,
      cwd: home.path,
      stdin: index === 0 ? answers : "",
    })),
  )
}

const expected = {
  AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
  AWS_REGION: "eu-central-1",
}

describe("modes on Windows", () => {
  it("hand out one session in every form, after one sign-in", async () => {
    const home = new WindowsHome()
    const [json, cmd, powershell, dotenv, status, forProgram, cached, list] = await runAll(home, [
      ["--json"],
      ["--export", "cmd"],
      ["--export", "powershell"],
      ["--export", "dotenv"],
      ["--status", "-p", "default"],
      ["--credential-process"],
      ["--credential-process", "--no-op"],
      ["--version"],
    ])
    for (const one of [json, cmd, powershell, dotenv, status, forProgram, cached, list])
      expect(one).toMatchObject({ code: 0 })
    const key = JSON.parse(json?.stdout ?? "").AccessKeyId as string
    expect(key).toMatch(/^ASIA/)
    expect(cmd?.stdout).toMatch(new RegExp(`^set "AWS_ACCESS_KEY_ID=${key}"$`, "m"))
    expect(powershell?.stdout).toContain(key)
    expect(dotenv?.stdout).toContain(`AWS_ACCESS_KEY_ID=${key}`)
    expect(status?.stdout).toContain("AdministratorAccess")
    expect(JSON.parse(cached?.stdout ?? "")).toMatchObject({ Version: 1, AccessKeyId: key })
    expect(forProgram?.stdout).toBe(cached?.stdout)
    expect(world.adfs.passwords).toHaveLength(1)
  })

  it("open the browser that BROWSER names, with arguments and a place for the link", async () => {
    const home = new WindowsHome()
    const script = home.write(
      "my browser.cjs",
      `require("fs").writeFileSync("opened", process.argv.slice(2).join("\\n"))`,
    )
    const BROWSER = `"${nodeFolder}\\node.exe" "${script}" --new %s`
    const [ended] = await runAll(home, [["--console", "s3"]], { BROWSER })
    expect(ended).toMatchObject({ code: 0 })
    while (home.read("opened") === undefined) await new Promise(resolve => setTimeout(resolve, 100))
    expect(home.read("opened")).toMatch(/^--new\nhttps:\/\/\S+SigninToken=\S+$/)
  })

  it("run programs, batch files with every argument whole, and pass exit code and stdin on", async () => {
    const home = new WindowsHome("my & home")
    home.write("show.cjs", "console.log(JSON.stringify([process.argv.slice(2), process.env]))")
    home.write("tool.cmd", '@node.exe "%~dp0show.cjs" %*\r\n')
    home.write("one.cmd", '@node.exe "%~dp0show.cjs" %1 %2\r\n@exit /b 7\r\n')
    home.write("copy.cjs", "process.stdin.on('data', data => process.stdout.write(data))")
    const difficult = ["a b", "x&y", "a|b>c", "^up^", "(in)", "C:\\dir x\\", "é ü", "!bang!"]
    const path = { Path: `${home.path};C:\\windows\\system32;${nodeFolder}` }
    const [stdin, exe, batch, two] = await runJobs([
      {
        args: [program, ...signIn, "--", "node.exe", "copy.cjs"],
        env: windowsEnv(home, { ...worldEnv(world), ...path }),
        cwd: home.path,
        stdin: `${answers}for the program\r\n`,
      },
      ...[
        ["node", "-e", "console.log(process.env.AWS_REGION); process.exit(3)"],
        ["tool", ...difficult],
        ["one.cmd", "a & b", "c d"],
      ].map(command => ({
        args: [program, "-u", defaultUser.name, "--", ...command],
        env: windowsEnv(home, { ...worldEnv(world), ...path }),
        cwd: home.path,
      })),
    ])
    expect(stdin).toMatchObject({ code: 0, stdout: "for the program\r\n" })
    expect(exe).toMatchObject({ code: 3, stdout: "eu-central-1\n" })
    const [args, env] = JSON.parse(batch?.stdout ?? "")
    expect(args).toEqual(difficult)
    expect(env).toMatchObject(expected)
    expect(JSON.parse(two?.stdout ?? "")[0]).toEqual(["a & b", "c d"])
    expect(two?.code).toBe(7)
    expect(world.adfs.passwords).toHaveLength(1)
  })

  it("refuse what Windows does not start, before anything is sent", async () => {
    const home = new WindowsHome()
    home.write("deploy.py", "print()")
    home.write("notes.exe", "no program")
    const env = windowsEnv(home, worldEnv(world))
    const start = (command: string, more = {}) => ({
      args: [program, ...signIn, "--", command],
      env: { ...env, ...more },
      cwd: home.path,
      stdin: answers,
    })
    const [py, pathext, damaged, missing] = await runJobs([
      start("deploy.py"),
      start("deploy", { PATHEXT: ".COM;.EXE;.BAT;.CMD;.PY" }),
      start("notes"),
      start("nowhere"),
    ])
    for (const one of [py, pathext]) {
      expect(one?.code).toBe(126)
      expect(one?.stderr).toMatch(/is no program of Windows\nhint: .*pum-aws "--" py deploy\.py/i)
    }
    expect(damaged).toMatchObject({ code: 126, stderr: expect.stringContaining("Windows starts .exe") })
    expect(missing).toMatchObject({ code: 127, stderr: expect.stringContaining('cmd /c "..."') })
    expect(world.adfs.log).toEqual([])
  })

  it("send nothing for a password in code page 1252, or a user name in quotes; O'Brien signs in", async () => {
    const home = new WindowsHome()
    const env = windowsEnv(home, worldEnv(world))
    const name = "adm\\O'Brien"
    world.adfs.settings.users = [{ ...defaultUser, name }]
    home.write("ask.cjs", "process.stdout.write(Buffer.from('p\\xe5ss\\r\\n', 'latin1'))")
    const run = (args: readonly string[], stdin: string | Buffer = "") => ({
      args: [program, ...args],
      env,
      stdin,
    })
    const [onStdin, ofCommand, quoted, brien] = await runJobs(
      [
        run(signIn, Buffer.from("p\xe5ss\r\n123456\r\n", "latin1")),
        run(["-u", name, "--password-command", `node.exe "${home.path}\\ask.cjs"`]),
        run(["--password-stdin", "-u", "'adm\\dev_aly'"], answers),
        run(["--password-stdin", "-u", name], answers),
      ].map(job => ({ ...job, env: { ...env, Path: `C:\\windows\\system32;${nodeFolder}` } })),
    )
    for (const one of [onStdin, ofCommand, quoted]) expect(one?.code).toBe(2)
    expect(onStdin?.stderr).toContain("the text on stdin is not UTF-8")
    expect(ofCommand?.stderr).toContain("the password command printed text that is not UTF-8")
    expect(quoted?.stderr).toContain("write it without quotes")
    expect(brien).toMatchObject({ code: 0 })
    expect(world.adfs.passwords).toEqual([defaultUser.password])
  })

  it("name the proxy of Windows' settings if there is no connection", async () => {
    const home = new WindowsHome()
    const key = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings"
    const reg = (...args: string[]) => ({ file: "C:\\windows\\system32\\reg.exe", args, env: {} })
    const env = windowsEnv(home, { PUM_IDP_URL: "https://127.0.0.1:9/adfs" })
    const [, , failed] = await runJobs([
      reg("add", key, "/v", "ProxyEnable", "/t", "REG_DWORD", "/d", "1", "/f"),
      reg("add", key, "/v", "ProxyServer", "/t", "REG_SZ", "/d", "proxy.corp:8080", "/f"),
      { args: [program, ...signIn], env, stdin: answers },
      reg("delete", key, "/v", "ProxyServer", "/f"),
      reg("delete", key, "/v", "ProxyEnable", "/f"),
    ])
    expect(failed).toMatchObject({ code: 4 })
    expect(failed?.stderr).toContain("Windows uses the proxy proxy.corp:8080, which pum-aws does not read")
  })

  it("examine the machine for a ticket: ASCII in a pipe, files by their names, and no user name", async () => {
    const home = new WindowsHome()
    const env = windowsEnv(home, { ...worldEnv(world), WT_SESSION: "5b0c", PUM_USERNAME: "adm\\åsa" })
    const { stdout } = await runProgram(["--doctor"], { env })
    expect(stdout).toMatch(/^OK credentials file: ~\\\.aws\\credentials is not there yet/m)
    expect(stdout).toMatch(/^[\r\n -~]+$/)
  })

  it("send a wrong password once, and say so", async () => {
    const home = new WindowsHome()
    const env = windowsEnv(home, worldEnv(world))
    const ended = await runProgram(signIn, { env, stdin: "wrong\r\n123456\r\n" })
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain("ADFS refused the user name or password")
    expect(world.adfs.passwords).toEqual(["wrong"])
    expect(home.read(".aws/credentials")).toBeUndefined()
  })
})
