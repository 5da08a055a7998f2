import { homedir, userInfo } from "node:os"
import { version } from "../package.json"
import { explain, PumError } from "./errors.ts"
import { networkOf, pause } from "./federate.ts"
import { type Run, story } from "./main.ts"
import { bytesOf, StdinAnswers } from "./secrets/lines.ts"
import { findDevice, type OwnedTerminal, openTerminal } from "./terminal/index.ts"

/** Loaded when it is needed: a first line is there before the last module. */
const stage = {
  options: () => import("./options/index.ts"),
  prompts: () => import("./terminal/prompts.ts"),
  files: () => import("./aws-files/index.ts"),
}

/** Reads the command line, tells the story, and ends the process with the exit code of README's table. */
export async function start(process: NodeJS.Process): Promise<void> {
  const { argv, env, stdout, stderr } = process
  const [only, ...more] = argv.slice(2)
  // With an empty HOME it is empty, and `~/.pum-aws` would be read from the current folder.
  const home = homedir() || userInfo().homedir
  // A terminal that does not know its width says 0.
  const columns = (stdout.isTTY && stdout.columns) || undefined
  let terminal: OwnedTerminal | undefined
  const ending = new AbortController()
  // Whoever reads stderr may be gone; what is left to do is done all the same.
  stderr.on("error", () => {})
  const end = (error: unknown): never => {
    ending.abort(error)
    terminal?.restore()
    const { lines, exitCode } = explain(error)
    if (terminal === undefined) stderr.write(`${lines.join("\n")}\n`)
    else terminal.fail(lines)
    return process.exit(exitCode)
  }
  process.on("uncaughtException", end)
  if (more.length === 0 && (only === "--version" || only === "-V"))
    return printed(`${version}\n`, stdout).catch(end)
  let onSignal = (_signal: NodeJS.Signals): void => end(new PumError("cancelled", "cancelled"))
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => onSignal(signal))
  try {
    const { readCommandLine, readOptions } = await stage.options()
    const commandLine = readCommandLine(argv.slice(2), columns)
    if (commandLine.wants === "version") return await printed(`${version}\n`, stdout)
    if (commandLine.wants === "help") return await printed(commandLine.text, stdout)
    const options = readOptions(commandLine, env, home)
    if (options.passwordStdin && process.stdin.isTTY) {
      throw new PumError("usage", "--password-stdin wants a pipe, and stdin is the terminal", {
        hint: "leave the option out to be asked",
      })
    }
    terminal = openTerminal({
      device: findDevice(process),
      stderr,
      env,
      verbose: options.verbose,
      loadPrompts: async screen => (await stage.prompts()).promptsOn(screen),
    })
    const takeSignals: Run["takeSignals"] = take => {
      onSignal = take
    }
    const files = await stage.files()
    const exitCode = await story({
      options,
      openNetwork: () => networkOf({ options, env }),
      terminal,
      env,
      home,
      files,
      paths: files.awsFilePaths(env, home),
      began: performance.timeOrigin,
      // A command reads on behind the answers, so that nothing more may be taken from stdin.
      stdinAnswers: options.passwordStdin
        ? new StdinAnswers(options.mode.kind === "command" ? bytesOf(0, pause) : process.stdin)
        : undefined,
      columns: columns ?? Number.POSITIVE_INFINITY,
      ending: ending.signal,
      takeSignals,
      giveUp: end,
      print: text => printed(text, stdout),
    })
    process.exit(exitCode)
  } catch (error) {
    end(error)
  }
}

/**
 * Until all of it is out: a pipe may take it in parts. A reader who has gone wants no more.
 * @throws PumError `file` where it was lost
 */
function printed(text: string, stdout: NodeJS.WriteStream): Promise<void> {
  stdout.on("error", () => {})
  return new Promise((resolve, reject) =>
    stdout.write(text, (error?: NodeJS.ErrnoException | null) => {
      if (!error || error.code === "EPIPE" || error.code === "EOF") resolve()
      else
        reject(
          new PumError("file", `cannot write to stdout: the system reports ${error.code}`, { cause: error }),
        )
    }),
  )
}
