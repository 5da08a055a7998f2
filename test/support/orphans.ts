import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect } from "vitest"
import { defaultUser } from "../emulators/adfs/settings.ts"
import type { World } from "../emulators/world.ts"
import { cleanEnv, type Home, program } from "./program.ts"
import { enter, Pty } from "./pty.ts"

/** What such a program runs, without its redirections. */
export const orphanCall = `'${process.execPath}' '${program}' --credential-process -u '${defaultUser.name}'`

/**
 * A program that runs `credential_process` by a shell, and kills only that shell when the file `kill` appears.
 * @param after what it does then
 */
const caller = (shell: string, after: string) =>
  `${shell} -c "$LINE" >answer </dev/tty & pid=$!; until [ -e kill ]; do sleep 0.05; done; kill -9 $pid; ${after}`

/** Starts such a program from an interactive shell, and waits for the question. */
export async function askForProgram(world: World, home: Home, shell: string, after = "exit 1"): Promise<Pty> {
  home.write("caller", caller(shell, after))
  // A shell that has more to do stays; some become the command otherwise.
  const env = cleanEnv(home, { ...world.env, PS1: "$ ", LINE: `${orphanCall}; true` })
  const pty = new Pty({ command: ["sh", "-i"], env })
  await pty.isAsked("$")
  pty.type(`sh caller 2>/dev/null; echo "it ended with $?"${enter}`)
  await pty.isAsked("Domain password:")
  return pty
}

/** Whether pum-aws runs with this home. */
export function isRunning(home: Home): boolean {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8")
    } catch {
      return ""
    }
  }
  return readdirSync("/proc").some(
    pid =>
      read(pid, "cmdline").includes(`${program}\0--credential-process`) &&
      read(pid, "environ").includes(home.path),
  )
}

export const locksIn = (home: Home) =>
  readdirSync(join(home.path, ".aws/pum-aws")).filter(name => name.endsWith(".lock"))

/** Kills the shell of the program, which ends then, and sees that pum-aws ends soon, with the terminal as it was. */
export async function expectGone(home: Home, pty: Pty): Promise<void> {
  home.write("kill", "")
  await pty.sees("it ended with 1")
  await expect.poll(() => pty.echoes(), { interval: 50, timeout: 3_000 }).toBe(true)
  await expect.poll(() => isRunning(home), { interval: 50, timeout: 3_000 }).toBe(false)
  expect(locksIn(home)).toEqual([])
  pty.type(`echo "still ""here"${enter}`)
  await pty.sees("still here")
}
