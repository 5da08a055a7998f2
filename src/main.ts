import { homedir } from "node:os"
import { version } from "../package.json"
import type * as Files from "./aws-files/index.ts"
import { explain, inOneLine, PumError } from "./errors.ts"
import { assumeChosen, checkWayOut, federate, networkOf, now, pause, type Work } from "./federate.ts"
import type { Network } from "./network.ts"
import { rememberUsername } from "./outputs/last-username.ts"
import { checkProfiles, deliver, isStillGood, regionsOf } from "./outputs/profile.ts"
import { defaultRegion, regionFor, regionOf } from "./regions.ts"
import { findVault } from "./secrets/find-vault.ts"
import { bytesOf, StdinAnswers } from "./secrets/lines.ts"
import { findDevice, type OwnedTerminal, openTerminal } from "./terminal/index.ts"

/** The stages, each loaded when the story gets there. */
const stage = {
  options: () => import("./options/index.ts"),
  prompts: () => import("./terminal/prompts.ts"),
  files: () => import("./aws-files/index.ts"),
  several: () => import("./several/index.ts"),
  sessions: () => import("./sessions/index.ts"),
  outputs: () => import("./outputs/index.ts"),
}

/** What every part of the story has at hand. */
interface Run extends Work {
  readonly openNetwork: () => Promise<Network>
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
  /** From now on signals that would end this process go there. */
  readonly takeSignals: (take: (signal: NodeJS.Signals) => void) => void
}

/** What `pum-aws` does, from the first check to the last line; gives the exit code. */
async function story(run: Run): Promise<number> {
  const { options, terminal, env, files } = run
  const { mode, profile } = options
  options.warnings.forEach(terminal.warn)
  const paths = files.awsFilePaths(env, homedir())
  if (mode.kind !== "status") await checkWayOut(run)

  if (mode.kind === "profile") {
    const states = await checkProfiles(options, { files, paths }, terminal)
    const before = states.get(profile)
    if (before !== undefined && isStillGood(before, options, now(), terminal)) return 0
    const federated = await federate(run, regionsOf(options, states))
    if (options.several !== undefined) {
      const { storeSeveral } = await stage.several()
      const several = { options, states, check: checkProfiles, files, paths, env, terminal }
      const failure = await storeSeveral(federated.roles, federated.samlResponse, federated.sts, several)
      await rememberUsername(federated.typedUsername, options, files, terminal)
      if (failure !== undefined) throw failure
      return 0
    }
    const { session, typedUsername } = await assumeChosen(run, federated, before?.principalArn)
    const hadLongTermKey = before?.longTermKey === true
    await deliver(session, { paths, files, options, hadLongTermKey, env, home: homedir() }, terminal)
    await rememberUsername(typedUsername, options, files, terminal)
    return 0
  }

  // The other modes write no AWS file.
  const { checkReceiver, forReceiver, handOver, listOf, statusOf } = await stage.outputs()
  const { keptSessions, sharedSession, userOf } = await stage.sessions()
  if (mode.kind === "status") {
    const kept = keptSessions(homedir())
    const status = statusOf({ options, files, paths, kept, env, now: now(), json: mode.json })
    await run.print(status.text)
    return status.isValid ? 0 : 1
  }
  if (mode.kind === "list") {
    const { roles } = await federate(run, [defaultRegion])
    await run.print(listOf(roles, options, mode.json))
    return 0
  }
  checkReceiver(run)
  const before = glance(() => files.glanceAtProfile(paths, profile), terminal)
  const region = regionOf(options.region, before.region)
  const user = userOf(options, findVault(options, env))
  const session = await sharedSession(
    { options, user, files, home: homedir(), terminal, began: performance.timeOrigin, now, pause },
    async () => {
      const obtained = await assumeChosen(run, await federate(run, [region]), before.principalArn)
      await rememberUsername(obtained.typedUsername, options, files, terminal)
      return obtained
    },
  ).catch(error => {
    throw forReceiver(error, run)
  })
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  // Also where a session was kept, and nobody asked for the answers.
  if (mode.kind === "command") await run.stdinAnswers?.skipTo(options.otpCommand === undefined ? 2 : 1)
  const here = regionFor(session.role.partition, region, options.region !== undefined)
  return handOver({ ...session, region: here }, run)
}

/** Reads the command line, tells the story, and ends the process with the exit code of README's table. */
export async function start(process: NodeJS.Process): Promise<void> {
  const { argv, env, stdout, stderr } = process
  const [only, ...more] = argv.slice(2)
  if (more.length === 0 && (only === "--version" || only === "-V")) {
    stdout.write(`${version}\n`)
    return
  }
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
  let onSignal = (_signal: NodeJS.Signals): void => end(new PumError("cancelled", "cancelled"))
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => onSignal(signal))
  try {
    const { readCommandLine, readOptions } = await stage.options()
    const commandLine = readCommandLine(argv.slice(2))
    if (commandLine.wants === "version") return void stdout.write(`${version}\n`)
    if (commandLine.wants === "help") return void stdout.write(commandLine.text)
    const options = readOptions(commandLine, env, homedir())
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
    const exitCode = await story({
      options,
      openNetwork: () => networkOf({ options, env }),
      terminal,
      env,
      // A command reads on behind the answers, so that nothing more may be taken from stdin.
      stdinAnswers: options.passwordStdin
        ? new StdinAnswers(options.mode.kind === "command" ? bytesOf(0, pause) : process.stdin)
        : undefined,
      files: await stage.files(),
      ending: ending.signal,
      takeSignals,
      print: text => printed(text, stdout),
    })
    process.exit(exitCode)
  } catch (error) {
    end(error)
  }
}

type ProfileState = ReturnType<typeof Files.readProfile>

/** What is wrong with AWS files concerns those who are going to use them. */
function glance(look: () => ProfileState, terminal: OwnedTerminal): ProfileState {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    terminal.warn(inOneLine(error))
    return { region: undefined, longTermKey: false, principalArn: undefined, expires: undefined }
  }
}

/** Until all of it is out: a pipe may take it in parts. A reader who has gone wants no more. */
function printed(text: string, stdout: NodeJS.WriteStream): Promise<void> {
  stdout.on("error", () => {})
  return new Promise(resolve => stdout.write(text, () => resolve()))
}
