import { Readable } from "node:stream"
import { StdinAnswers } from "../../src/answers/stdin-answers.ts"
import { explain } from "../../src/errors.ts"
import { type NetworkLimits, networkLimits } from "../../src/http/network.ts"
import { story } from "../../src/main.ts"
import { readCommandLine } from "../../src/options/command-line.ts"
import { readOptions } from "../../src/options/options.ts"
import { awsFilePaths } from "../../src/profiles/paths.ts"
import type { Keychain } from "../../src/remembered/keychain.ts"
import { monotonicNow } from "../../src/sessions/clock.ts"
import { openTerminal, type ProcessTerminal } from "../../src/terminal/terminal.ts"
import type { World } from "../emulators/world.ts"
import { cleanEnv, type Ended, type Home, program } from "./program.ts"

export interface StoryRun {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly limits?: Partial<NetworkLimits>
  readonly keychain?: Keychain
}

/**
 * Runs the program in this process, without a terminal: the same servers and files, without the time to start a
 * process. For tests of the result of a run, not of its process.
 */
export async function tellStory(
  home: Home,
  world: World,
  { args, env = {}, stdin = "", limits = {}, keychain }: StoryRun,
): Promise<Ended> {
  // This process was started without NODE_EXTRA_CA_CERTS.
  const surroundings = cleanEnv(home, { ...world.env, AWS_CA_BUNDLE: world.caFile, ...env })
  let stdout = ""
  let stderr = ""
  const ended = (code: number) => ({ code, signal: null, stdout, stderr })
  const began = monotonicNow()
  const ending = new AbortController()
  const errors = {
    write: (text: string) => {
      stderr += text
    },
  }
  let terminal: ProcessTerminal | undefined
  try {
    const commandLine = readCommandLine(args)
    if (commandLine.wants !== "run") throw new TypeError(`there is no story of --${commandLine.wants}`)
    const options = readOptions(commandLine, surroundings, home.path)
    terminal = openTerminal({
      device: undefined,
      stderr: errors,
      env: surroundings,
      verbose: options.verbose,
      plain: options.plain,
      isForProgram: options.mode.kind === "credentialProcess",
      isAbandoned: () => false,
      onAbandoned: () => {},
      loadPrompts: () => Promise.reject(new TypeError("nobody can be asked")),
    })
    const code = await story({
      options,
      terminal,
      env: surroundings,
      home: home.path,
      program: { node: process.execPath, script: program },
      paths: awsFilePaths(surroundings, home.path),
      began,
      limits: { ...networkLimits, ...limits },
      keychain,
      columns: Number.POSITIVE_INFINITY,
      stdinAnswers: options.passwordStdin ? new StdinAnswers(Readable.from([stdin])) : undefined,
      ending: ending.signal,
      takeSignals: () => {},
      isOrphan: () => false,
      giveUp: error => {
        throw error
      },
      print: async text => {
        stdout += text
      },
    })
    if (typeof code !== "number") throw new TypeError(`a story in this process cannot die by ${code}`)
    return ended(code)
  } catch (error) {
    const { lines, exitCode } = explain(error)
    if (terminal === undefined) errors.write(`${lines.join("\n")}\n`)
    else terminal.fail(lines)
    return ended(exitCode)
  }
}
