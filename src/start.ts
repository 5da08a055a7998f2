import { homedir, userInfo } from "node:os"
import { version } from "../package.json"
import { bytesOf, StdinAnswers } from "./answers/stdin-answers.ts"
import { ctrlBackslashKey, ctrlCKey, Defect, explain, PumError } from "./errors.ts"
import type { CommandLine, RunLine } from "./options/command-line.ts"
import type { Options } from "./options/options.ts"
import { codeAfterSignal, dieBySignalAtExit, endingSignals } from "./platform/end-process.ts"
import { isWindows } from "./platform/platform.ts"
import { awsFilePaths } from "./profiles/paths.ts"
import { monotonicNow } from "./sessions/clock.ts"
import { findDevice } from "./terminal/device.ts"
import { marksFor } from "./terminal/marks.ts"
import { openTerminal, type ProcessTerminal } from "./terminal/terminal.ts"
import { findTty } from "./terminal/tty.ts"
import { wrapLine } from "./terminal/width.ts"

/** Loaded when needed. */
const startStage = {
  quick: () => import("./options/quick.ts"),
  commandLine: () => import("./options/command-line.ts"),
  help: () => import("./options/help.ts"),
  doctor: () => import("./doctor/doctor.ts"),
  options: () => import("./options/options.ts"),
  prompts: () => import("./terminal/prompts.ts"),
  main: () => import("./main.ts"),
}

/** Reads the command line, tells the story, and ends the process with its exit code (docs/when-it-fails.md). */
export async function start(process: NodeJS.Process): Promise<void> {
  const { argv, env, stdout, stderr } = process
  const ending = new AbortController()
  const isOrphan = watchParent(process)
  let terminal: ProcessTerminal | undefined
  const end = (error: unknown): never => {
    ending.abort(error)
    if (terminal !== undefined) terminal.restore()
    else if (process.stdin.isRaw) process.stdin.setRawMode(false)
    const { lines, exitCode } = explain(error)
    if (terminal === undefined) stderr.write(`${wrapped(lines, stderr).join("\n")}\n`)
    else terminal.fail(lines)
    const died = signalOf(error)
    return leave(process, died?.signal ?? exitCode, died?.hasReachedOthers)
  }
  const signals = watchProcess(process, end)
  try {
    const words = argv.slice(2)
    const { readQuickly } = await startStage.quick()
    const commandLine = readQuickly(words) ?? (await startStage.commandLine()).readCommandLine(words)
    const home = homeFolder()
    const exitCode = await answerWithoutStory(process, commandLine, home)
    if (commandLine.wants !== "run" || exitCode !== undefined) return process.exit(exitCode)
    const options = (await startStage.options()).readOptions(commandLine, env, home)
    const stdinAnswers = stdinAnswersOf(process, options)
    terminal = openTerminalOf(process, options, isOrphan, () => abandon(process, ending, terminal))
    const { story } = await startStage.main()
    const ended = await story({
      options,
      terminal,
      env,
      home,
      paths: awsFilePaths(env, home),
      program: { node: process.execPath, script: argv[1] ?? "" },
      stdinAnswers,
      columns: columnsOf(stdout) ?? Number.POSITIVE_INFINITY,
      began: monotonicNow() - performance.now(),
      ending: ending.signal,
      print: text => print(text, stdout),
      giveUp: end,
      isOrphan,
      takeSignals: signals.passTo,
    })
    leave(process, ended)
  } catch (error) {
    end(error)
  }
}

/**
 * Prints what needs no readable settings.
 * @returns the exit code; `undefined` if the story has to be told
 */
async function answerWithoutStory(
  process: NodeJS.Process,
  commandLine: CommandLine,
  home: string,
): Promise<number | undefined> {
  const { stdout } = process
  if (commandLine.wants === "version") await print(`${version}\n`, stdout)
  else if (commandLine.wants === "help") await printHelp(commandLine.everything, stdout)
  else return commandLine.given.doctor ? examineMachine(process, commandLine, home) : undefined
  return 0
}

/** @returns the exit code */
async function examineMachine(process: NodeJS.Process, line: RunLine, home: string): Promise<number> {
  const { env, stdout, argv } = process
  const { examine } = await startStage.doctor()
  const { text, exitCode } = await examine({
    line,
    env,
    home,
    paths: awsFilePaths(env, home),
    version,
    script: argv[1] ?? "",
    hasTerminal: findDevice(process, env) !== undefined,
    marks: marksFor(env, process.platform, stdout.isTTY === true),
    columns: columnsOf(stdout) ?? Number.POSITIVE_INFINITY,
    now: Date.now,
  })
  await print(text, stdout)
  return exitCode
}

async function printHelp(everything: boolean, stdout: NodeJS.WriteStream): Promise<void> {
  const { briefHelp, fullHelp } = await startStage.help()
  if (everything) return print(fullHelp(columnsOf(stdout) ?? usualWidth), stdout)
  return print(wrapped(briefHelp().split("\n"), stdout).join("\n"), stdout)
}

/** Characters in a line of --help all if stdout is no terminal, or one that does not know its width. */
const usualWidth = 100

/** @throws PumError `usage` if the system knows none, as for a user id without an entry (containers) */
function homeFolder(): string {
  try {
    // os.homedir() is empty if HOME is: then `~/.pum-aws` would be read from the current folder.
    return homedir() || userInfo().homedir
  } catch (error) {
    throw new PumError("usage", "your home folder is not known: the system has no entry for this user id", {
      hint: `set ${isWindows() ? "USERPROFILE" : "HOME"} to the folder that holds, or is to hold, .aws`,
      cause: error,
    })
  }
}

function wrapped(lines: readonly string[], stream: NodeJS.WriteStream): readonly string[] {
  const columns = columnsOf(stream)
  return columns === undefined ? lines : lines.flatMap(line => wrapLine(line, columns))
}

/** Width in characters; `undefined` if the stream is no terminal, or one that does not know its width and says 0. */
function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return (isTTY && columns) || undefined
}

/** The signal that a cancelled run dies by, and whether the other processes of the group have got it. */
function signalOf(error: unknown): { signal: NodeJS.Signals; hasReachedOthers: boolean } | undefined {
  if (!(error instanceof PumError) || error.code !== "cancelled") return undefined
  const key = keySignals.get(error.cause)
  const signal = key ?? endingSignals().find(name => name === error.cause)
  return signal && { signal, hasReachedOthers: key === undefined }
}

/** What a terminal sends for these keys, except at a question. */
const keySignals: ReadonlyMap<unknown, NodeJS.Signals> = new Map([
  [ctrlCKey, "SIGINT"],
  [ctrlBackslashKey, "SIGQUIT"],
])

/** @returns whether the process that started this one is gone */
function watchParent(process: NodeJS.Process): () => boolean {
  const parent = process.ppid
  return () => process.ppid !== parent
}

/** Ends the process from the background as a hang-up of the terminal does. Writes nothing: another program has it. */
function abandon(process: NodeJS.Process, ending: AbortController, terminal?: ProcessTerminal): never {
  const signal = "SIGHUP"
  ending.abort(new PumError("cancelled", "cancelled", { cause: signal }))
  terminal?.restoreAbandoned()
  return leave(process, signal)
}

/** @param ended the exit code, or the signal to die by */
function leave(process: NodeJS.Process, ended: number | NodeJS.Signals, hasReachedOthers = true): never {
  if (typeof ended === "number") return process.exit(ended)
  dieBySignalAtExit(process, ended, hasReachedOthers)
  return process.exit(codeAfterSignal(ended))
}

/** Ends the process on uncaught errors, on signals until the story takes them over, and if the story never ends. */
function watchProcess(process: NodeJS.Process, end: (error: unknown) => never) {
  // The reader of stderr may have closed it: the rest of the work is done all the same.
  process.stderr.on("error", () => {})
  process.on("uncaughtException", end)
  // The story ends with process.exit(). A promise that never settles must not look like success.
  process.on("beforeExit", () => end(new Defect("nothing is left to wait for, but the work is not done")))
  let onSignal = (signal: NodeJS.Signals): void =>
    end(new PumError("cancelled", "cancelled", { cause: signal }))
  for (const signal of endingSignals()) process.on(signal, () => onSignal(signal))
  return {
    passTo(take: (signal: NodeJS.Signals) => void) {
      onSignal = take
    },
  }
}

function openTerminalOf(
  process: NodeJS.Process,
  { mode, plain, verbose }: Options,
  isOrphan: () => boolean,
  onAbandoned: () => void,
): ProcessTerminal {
  const { env, stderr, stdout } = process
  return openTerminal({
    device: findDevice(process, env),
    stderr,
    env,
    verbose,
    plain,
    // On a terminal, the answer to `credential_process` is for a person who tries it out.
    isForProgram: mode.kind === "credentialProcess" && !stdout.isTTY,
    isAbandoned: () => isOrphan() && findTty(env)?.inForeground !== true,
    onAbandoned,
    loadPrompts: async screen => (await startStage.prompts()).openPrompts(screen),
  })
}

/** @throws PumError `usage` if --password-stdin would read from the terminal */
function stdinAnswersOf({ stdin }: NodeJS.Process, options: Options): StdinAnswers | undefined {
  if (!options.passwordStdin) return undefined
  if (stdin.isTTY) {
    throw new PumError("usage", "--password-stdin wants a pipe, and stdin is the terminal", {
      hint: "leave the option out to be asked",
    })
  }
  // A command reads the rest of stdin, so not a byte behind the answers may be taken.
  return new StdinAnswers(options.mode.kind === "command" ? bytesOf(0) : stdin)
}

/**
 * Writes all of the text; a pipe may take it in parts. A reader that has closed the pipe wants no more: no error.
 * @throws PumError `file` if text was lost
 */
function print(text: string, stdout: NodeJS.WriteStream): Promise<void> {
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
