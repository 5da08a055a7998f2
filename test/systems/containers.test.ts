import { statSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, program, runWithoutTerminal } from "../support/program.ts"

let world: World
beforeAll(async () => {
  world = await startWorld({ adfs: { roles: ["arn:aws:iam::585848786654:role/AdministratorAccess"] } })
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const files = {
  ".aws/credentials": "[mine]\naws_access_key_id = AKIA\n",
  ".aws/config": "[profile mine]\nregion = a\n",
}

/** Runs pum-aws in a mount namespace of its own, after these lines of shell. */
function runMounted(home: Home, mounts: string) {
  const script = `${mounts} && exec "$@"`
  const call = [process.execPath, program, "--password-stdin", "-u", defaultUser.name]
  return runWithoutTerminal("unshare", {
    args: ["--mount", "sh", "-c", script, "sh", ...call],
    env: cleanEnv(home, world.env),
    stdin: `${defaultUser.password}\n${defaultUser.codes[0]}\n`,
  })
}

function newHome(): Home {
  const home = new Home()
  for (const [name, text] of Object.entries(files)) home.write(name, text)
  return home
}

describe("a file that is mounted by itself, as in a container", () => {
  it("is found before the password if it is the credentials file", async () => {
    const home = newHome()
    const { code, stderr } = await runMounted(
      home,
      'mount --bind "$HOME/.aws/credentials" "$HOME/.aws/credentials"',
    )
    expect([code, stderr]).toEqual([
      7,
      "pum-aws: cannot write ~/.aws/credentials: it is mounted by itself, so it cannot be replaced\nhint: mount its folder instead, or use --export or --json, which write no file\n",
    ])
    expect(world.adfs.passwords).toEqual([])
    expect(home.awsFiles()).toEqual({ credentials: files[".aws/credentials"], config: files[".aws/config"] })
  })

  it("is a warning if it is the config file", async () => {
    const home = newHome()
    const config = '"$HOME/.aws/config"'
    const { code, stderr } = await runMounted(
      home,
      `mount --bind ${config} ${config} && mount -o remount,ro,bind ${config}`,
    )
    expect(code).toBe(0)
    expect(stderr).toContain("✔ Stored in profile [default]")
    expect(stderr).toContain(
      "warning: region and output were not stored: cannot write ~/.aws/config: the file system is read-only",
    )
    expect(home.read(".aws/credentials")).toContain("[default]\naws_access_key_id = ")
  })
})

it("under sudo, with HOME kept, new files belong to the owner of the folder", async () => {
  const home = new Home()
  const { code } = await runMounted(home, 'chown 12345:12345 "$HOME"')
  expect(code).toBe(0)
  for (const name of [".aws", ".aws/credentials", ".aws/config"])
    expect([name, statSync(join(home.path, name)).uid]).toEqual([name, 12345])
})

it("a user id without an entry and without HOME is told to set HOME", async () => {
  const { code, stderr } = await runWithoutTerminal("setpriv", {
    args: ["--reuid", "54321", "--clear-groups", process.execPath, program],
    env: { PATH: process.env.PATH ?? "" },
  })
  expect([code, stderr]).toEqual([
    2,
    "pum-aws: your home folder is not known: the system has no entry for this user id\nhint: set HOME to the folder that holds, or is to hold, .aws\n",
  ])
})
