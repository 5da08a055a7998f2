import { mkdirSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { cleanEnv, Home, program, runWithoutTerminal } from "../support/program.ts"

const node = process.execPath
const noUserName = "the user name is missing"

/** Runs a line of shell, in which `$pum` is the program, in a mount namespace of its own. */
function inNamespace(home: Home, line: string) {
  const env = cleanEnv(home, { node, pum: program })
  return runWithoutTerminal("unshare", { args: ["--mount", "sh", "-ec", line], env })
}

function homeWith(credentials: string): Home {
  const home = new Home()
  mkdirSync(`${home.path}/.aws`)
  home.write(".aws/credentials", credentials)
  home.write(".aws/config", "")
  return home
}

describe("files that are mounted by themselves, as containers do", () => {
  it("credentials: told before the password", async () => {
    const home = homeWith("[x]\n")
    const file = '"$HOME/.aws/credentials"'
    const ended = await inNamespace(home, `mount --bind ${file} ${file}; "$node" "$pum" -p p`)
    expect(ended).toMatchObject({
      code: 7,
      stderr: expect.stringMatching(/mounted by itself/),
    })
  })

  it.each(["", "mount -o remount,ro,bind $file; "])(
    "config does not keep it from going on: %j",
    async more => {
      const line = `file="$HOME/.aws/config"; mount --bind $file $file; ${more}"$node" "$pum" -p p`
      const { code, stderr } = await inNamespace(homeWith("[x]\n"), line)
      expect([code, stderr]).toEqual([2, expect.stringContaining(noUserName)])
    },
  )
})

describe("without HOME", () => {
  it("a user whom the system does not know is told to set it", async () => {
    const args = [
      "--reuid",
      "54321",
      "--regid",
      "54321",
      "--clear-groups",
      "env",
      "-u",
      "HOME",
      node,
      program,
    ]
    const { code, stderr } = await runWithoutTerminal("setpriv", { args, env: cleanEnv(new Home()) })
    expect([code, stderr]).toEqual([2, expect.stringMatching(/hint: set HOME/)])
  })

  it("a FIFO in the place of ~/.pum-aws is not waited for", async () => {
    const home = new Home()
    const line = 'mkfifo "$HOME/.pum-aws"; exec "$node" "$pum" --status'
    const { code, stderr } = await inNamespace(home, line)
    expect([code, stderr]).toEqual([7, "pum-aws: cannot use ~/.pum-aws: is no regular file\n"])
  })
})
