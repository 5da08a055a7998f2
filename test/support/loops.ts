import { readFileSync } from "node:fs"
import { defaultUser } from "../emulators/adfs/settings.ts"
import type { World } from "../emulators/world.ts"
import { cleanEnv, Home, program } from "./program.ts"
import { ctrlC, Pty } from "./pty.ts"

/** Modes that ask before they give a session. */
export const askingModes = ["-p vadfs", "--export sh", "--json", "--credential-process", "--list", "-- true"]

/** What a shell is to do three times, unless one Ctrl-C ends it. */
export interface Loop {
  readonly shell: string
  /** Options of the shell, up to the one before the script. */
  readonly options: readonly string[]
  /** @param command runs again and again; `went on` is printed after each */
  readonly script: (command: string) => string
}

const posix = (command: string) => `for i in 1 2 3; do ${command}; echo went on; done`
const strict = (command: string) => `set -e; ${command}; echo went on`
const fish = (command: string) => `for i in 1 2 3; ${command}; echo went on; end`

export const loops = {
  sh: { shell: "sh", options: ["-c"], script: posix },
  strictSh: { shell: "sh", options: ["-c"], script: strict },
  bash: { shell: "bash", options: ["--norc", "-c"], script: posix },
  zsh: { shell: "zsh", options: ["-f", "-c"], script: posix },
  dash: { shell: "dash", options: ["-c"], script: posix },
  strictBash: { shell: "bash", options: ["--norc", "-c"], script: strict },
  strictZsh: { shell: "zsh", options: ["-f", "-c"], script: strict },
  strictDash: { shell: "dash", options: ["-c"], script: strict },
  fish: { shell: "fish", options: ["--no-config", "-c"], script: fish },
} satisfies Record<string, Loop>

/** Starts the loop around pum-aws with these arguments. */
export function startLoop(world: World, { shell, options, script }: Loop, args: string): Pty {
  const home = new Home()
  const command = `${process.execPath} ${program} -u '${defaultUser.name}' ${args}`
  return new Pty({ command: [shell, ...options, script(command)], env: cleanEnv(home, world.env) })
}

/**
 * Presses Ctrl-C once, where the loop stands.
 * @returns what the terminal shows when the shell has ended
 */
export async function textAfterCtrlC(pty: Pty): Promise<string> {
  pty.type(ctrlC)
  await pty.ends()
  return pty.text
}

/** Sends a signal to the children of the shell that runs on the pseudo-terminal. */
export function signalChildren(pty: Pty, signal: NodeJS.Signals): void {
  const children = readFileSync(`/proc/${pty.pid}/task/${pty.pid}/children`, "utf8").trim().split(" ")
  for (const child of children) process.kill(Number(child), signal)
}
