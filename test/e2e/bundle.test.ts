import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { defaultUser } from "../emulators/adfs/settings.ts"
import { startWorld } from "../emulators/world.ts"
import { loadedNames, notingFiles } from "../support/loaded-files.ts"
import { cleanEnv, Home, runProgram } from "../support/program.ts"

const root = join(import.meta.dirname, "../..")
const { getDomain } = createRequire(import.meta.url)("../../scripts/stand-ins/public-suffixes.cjs") as {
  getDomain: (host: string) => string | null
}

/**
 * Signs in with a module of the test's own loaded first.
 * @param hook its text, of expressions for the file to write and for the names of all modules that are loaded
 * @returns what it wrote
 */
async function signInNoting(hook: (file: string, names: string) => string): Promise<string> {
  const world = await startWorld()
  world.sts.settings.delayMs = 200
  const home = new Home()
  const file = join(home.path, "noted")
  home.write("hook.cjs", `${notingFiles}${hook(JSON.stringify(file), loadedNames)}`)
  const { code, stderr } = await runProgram({
    args: ["--password-stdin", "-u", defaultUser.name, "--role", "AdministratorAccess"],
    env: cleanEnv(home, { ...world.env, NODE_OPTIONS: `--require ${join(home.path, "hook.cjs")}` }),
    stdin: `${defaultUser.password}\n${defaultUser.codes[0]}\n`,
  })
  await world.close()
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return readFileSync(file, "utf8")
}

describe("the bundle", () => {
  it("loads neither undici nor HTTP/2 for a sign-in: axios' look for fetch costs as much as half of Node's own start", async () => {
    const world = await startWorld()
    const home = new Home()
    const list = join(home.path, "modules.json")
    home.write(
      "modules.cjs",
      `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`,
    )
    const { code, stderr } = await runProgram({
      args: ["--password-stdin", "-u", defaultUser.name, "--role", "AdministratorAccess"],
      env: cleanEnv(home, { ...world.env, NODE_OPTIONS: `--require ${join(home.path, "modules.cjs")}` }),
      stdin: `${defaultUser.password}\n${defaultUser.codes[0]}\n`,
    })
    await world.close()
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const modules = JSON.parse(readFileSync(list, "utf8")) as string[]
    expect(modules).toContain("NativeModule https")
    expect(modules.filter(name => /undici|http2/.test(name))).toEqual([])
  })

  it("connects to ADFS before it loads what sends requests, reads pages, calls STS and reads the assertion", async () => {
    const list = await signInNoting(
      (file, names) => `
      const { Socket } = require("node:net")
      const { connect } = Socket.prototype
      Socket.prototype.connect = function (...options) {
        Socket.prototype.connect = connect
        require("node:fs").writeFileSync(${file}, ${names})
        return connect.apply(this, options)
      }`,
    )
    expect(list).toBe(
      "hook.cjs pum-aws load.js type-ahead.js start.js errors.js options.js main.js profiles.js network.js",
    )
  })

  it("asks for the login page before it loads what calls STS and reads the assertion", async () => {
    const list = await signInNoting(
      (file, names) => `
      const { ClientRequest } = require("node:http")
      const { emit } = ClientRequest.prototype
      ClientRequest.prototype.emit = function (name, ...values) {
        const { existsSync, writeFileSync } = require("node:fs")
        if (name === "finish" && !existsSync(${file})) writeFileSync(${file}, ${names})
        return emit.call(this, name, ...values)
      }`,
    )
    expect(list).toContain("send.js")
    expect(list).not.toMatch(/sts\.js|assertion\.js/)
  })

  it("loads nothing more after AWS has answered", async () => {
    const list = await signInNoting(
      (file, names) => `
      const { ClientRequest } = require("node:http")
      const { emit } = ClientRequest.prototype
      let known = ""
      ClientRequest.prototype.emit = function (name, ...values) {
        if (name === "response") known = ${names}
        return emit.call(this, name, ...values)
      }
      process.on("exit", () => require("node:fs").writeFileSync(${file}, ${names}.replace(known, "after:")))`,
    )
    expect(list).toBe("after:")
  })

  it("holds the entities of HTML once, for what reads pages: neither for what reads XML, nor to write", () => {
    expect(readFileSync(join(root, "dist/assertion.js"), "utf8")).not.toContain(
      "CounterClockwiseContourIntegral",
    )
    const pages = readFileSync(join(root, "dist/sign-in.js"), "utf8")
    expect(pages).not.toContain("&CounterClockwiseContourIntegral;")
    // The beginning of the table in the older form.
    expect(pages).not.toContain("\u1d41<\xd5\u0131")
  })

  it("holds no public suffix list and no search for AWS credentials", () => {
    for (const file of ["sign-in", "sts"]) {
      const text = readFileSync(join(root, `dist/${file}.js`), "utf8")
      expect(text).not.toMatch(/kawasaki|sso-oidc|169\.254\.170\.2/)
      expect(text.length).toBeLessThan(400_000)
    }
  })

  it("holds an XML parser that makes the pattern of an end tag once, and is strict code as it was written", () => {
    const text = readFileSync(join(root, "dist/assertion.js"), "utf8")
    expect(text).toMatch(/\w+\?\?=\w+\.reg\("\^",\w+\.QName_group,/)
    expect(text).toMatch(/\{"use strict";(?:(?!"use strict").)*\.QName_group,/)
  })

  it.each([
    ["federation.visma.com", "visma.com"],
    ["login.example.co.uk", "co.uk"],
    ["visma.com", "visma.com"],
    ["localhost", null],
    ["127.0.0.1", null],
    ["::1", null],
  ])("begins to look for the cookies of %s at %s", (host, domain) => {
    expect(getDomain(host)).toBe(domain)
  })
})
