import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { version } from "../package.json"
import type * as Files from "./aws-files/index.ts"
import { chooseRole } from "./choose-role.ts"
import { explain, inOneLine, PumError } from "./errors.ts"
import type { Options } from "./options/index.ts"
import { rememberUsername } from "./outputs/last-username.ts"
import { confirmOverwrite, deliver, isStillGood } from "./outputs/profile.ts"
import { defaultRegion, regionFor } from "./regions.ts"
import { readRoles } from "./roles.ts"
import { AnswersFrom } from "./secrets/answers.ts"
import { elsewhere } from "./secrets/elsewhere.ts"
import { findVault } from "./secrets/find-vault.ts"
import { linesOf } from "./secrets/lines.ts"
import type { Obtained } from "./sessions/index.ts"
import { findDevice, type OwnedTerminal, openTerminal } from "./terminal/index.ts"

/** The stages, each loaded when the story gets there or while the user types. */
const stage = {
  options: () => import("./options/index.ts"),
  prompts: () => import("./terminal/prompts.ts"),
  files: () => import("./aws-files/index.ts"),
  network: () => import("./network.ts"),
  signIn: () => import("./sign-in/index.ts"),
  saml: () => import("./saml.ts"),
  sts: () => import("./sts.ts"),
  sessions: () => import("./sessions/index.ts"),
  outputs: () => import("./outputs/index.ts"),
}

/** What every part of the story has at hand. */
interface Run {
  readonly options: Options
  readonly terminal: OwnedTerminal
  readonly env: NodeJS.ProcessEnv
  readonly stdin: NodeJS.ReadStream
  /** Aborted when this process is about to end. */
  readonly ending: AbortSignal
  /** Writes data to stdout. */
  readonly print: (text: string) => Promise<void>
  /** From now on signals that would end this process go there. */
  readonly takeSignals: (take: (signal: NodeJS.Signals) => void) => void
}

/** What `pum-aws` does, from the first check to the last line; gives the exit code. */
async function story(run: Run): Promise<number> {
  const { options, terminal, env } = run
  const { mode, profile } = options
  options.warnings.forEach(terminal.warn)
  const files = await stage.files()
  const paths = files.awsFilePaths(env, homedir())

  if (mode.kind === "profile") {
    files.checkProfileName(profile)
    const before = files.readProfile(paths, profile, options.region)
    if (isStillGood(before, options, now(), terminal)) return 0
    await confirmOverwrite(before, options, terminal)
    const { session, typedUsername } = await newSession(run, files, before)
    const destination = { paths, files, options, hadLongTermKey: before.longTermKey, env, home: homedir() }
    await deliver(session, destination, terminal)
    await rememberUsername(typedUsername, options, files, terminal)
    return 0
  }

  // The other modes write no AWS file, and of them want to know the region only.
  const { checkReceiver, forReceiver, handOver } = await stage.outputs()
  checkReceiver(run)
  const before = glance(() => files.glanceAtProfile(paths, profile), terminal)
  const { sharedSession, userOf } = await stage.sessions()
  const user = userOf(options, findVault(options, env))
  const session = await sharedSession(
    { options, user, files, home: homedir(), terminal, began: performance.timeOrigin, now, pause },
    async () => {
      const obtained = await newSession(run, files, before)
      await rememberUsername(obtained.typedUsername, options, files, terminal)
      return obtained
    },
  ).catch(error => {
    throw forReceiver(error, run)
  })
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  const region = options.region ?? before.region ?? defaultRegion
  const here = regionFor(session.role.partition, region, options.region !== undefined)
  return handOver({ ...session, region: here }, run)
}

/** Asks, signs in, and assumes the role that is wanted or chosen. */
async function newSession(
  { options, terminal, env, stdin, ending }: Run,
  files: typeof Files,
  before: ProfileState,
): Promise<Obtained> {
  const ca = options.caBundle === undefined ? undefined : readCertificates(options.caBundle)
  const lines = options.passwordStdin ? linesOf(stdin) : undefined
  const { username, lastUsername } = options
  const programs = elsewhere(options, { terminal, env, ending })
  const answers = new AnswersFrom({ ...programs, username, lastUsername, lines, terminal, now, pause })
  const question = new AbortController()
  const login = answers.login(question.signal)
  await onScreen(login)

  // While the user types: modules, the login page and the connections of the next steps.
  const network = (await stage.network()).openNetwork({ env, ca })
  const { openBrowser, signIn } = await stage.signIn()
  const trace = terminal.trace
  const browser = openBrowser({
    network,
    origins: [options.idpUrl.origin, ...options.idpOrigins],
    userAgent: `pum-aws/${version}`,
    now,
    trace,
  })
  const signingIn = signIn({
    browser,
    idpUrl: options.idpUrl,
    answers,
    login,
    cutShort: reason => question.abort(reason),
    terminal,
    logins: options.retry ? 3 : 1,
    now,
    pause,
  })
  signingIn.catch(() => {})
  const region = options.region ?? before.region ?? defaultRegion
  const { openSts } = await stage.sts()
  const sts = openSts({
    network,
    region,
    regionAsked: options.region !== undefined,
    endpointUrl: options.stsEndpoint,
    now,
    trace,
  })
  // The password goes out first.
  login.then(() => setImmediate(sts.connect)).catch(() => {})
  const { readAssertion, rehearseSaml } = await stage.saml()
  readRoles(rehearseSaml().roleValues)
  await sts.rehearse()
  await files.loadLocking()

  const assertion = readAssertion(await signingIn)
  const { roles, warnings } = readRoles(assertion.roleValues)
  warnings.forEach(terminal.warn)
  const role = await chooseRole(
    roles,
    { wanted: options, aliases: options.aliases, lastUsed: before.principalArn },
    terminal,
  )
  const done = terminal.progress(`Assuming ${role.name}`)
  const session = await sts.assumeRole(role, assertion.samlResponse, options.duration).finally(done)
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  return { session, typedUsername: answers.typedUsername }
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
  const end = (error: unknown): never => {
    ending.abort(error)
    terminal?.restore()
    const { lines, exitCode } = explain(error)
    if (terminal === undefined) stderr.write(`${lines.join("\n")}\n`)
    else terminal.fail(lines)
    return process.exit(exitCode)
  }
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
      terminal,
      env,
      stdin: process.stdin,
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

function readCertificates(file: string): string {
  try {
    const text = readFileSync(file, "utf8")
    if (!text.includes("-----BEGIN CERTIFICATE-----"))
      throw new PumError("usage", `the CA bundle ${file} holds no PEM certificate`)
    return text
  } catch (cause) {
    if (cause instanceof PumError) throw cause
    throw new PumError("usage", `the CA bundle ${file} cannot be read`, { cause })
  }
}

/** Until all of it is out: a pipe may take it in parts. A reader who has gone wants no more. */
function printed(text: string, stdout: NodeJS.WriteStream): Promise<void> {
  stdout.on("error", () => {})
  return new Promise(resolve => stdout.write(text, () => resolve()))
}

const now = Date.now

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

/** Lets the question appear before modules are loaded, which holds up everything for some 100 ms. */
async function onScreen(question: Promise<unknown>): Promise<void> {
  question.catch(() => {})
  for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
}
