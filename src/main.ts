import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { version } from "../package.json"
import { accountNames } from "./account-names.ts"
import { proxyFor } from "./addresses.ts"
import { chooseRole } from "./choose-role.ts"
import { explain, PumError } from "./errors.ts"
import type { Options } from "./options/index.ts"
import { rememberUsername } from "./outputs/last-username.ts"
import { checkProfiles, deliver, regionsOf } from "./outputs/profile.ts"
import { readRoles } from "./roles.ts"
import { AnswersFrom } from "./secrets/answers.ts"
import { elsewhere } from "./secrets/elsewhere.ts"
import { linesOf } from "./secrets/lines.ts"
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
  several: () => import("./several/index.ts"),
}

/** What `pum-aws` does, from the first check to the last line. */
async function story(
  options: Options,
  terminal: OwnedTerminal,
  { env, stdin }: NodeJS.Process,
  ending: AbortSignal,
): Promise<void> {
  options.warnings.forEach(terminal.warn)
  const files = await stage.files()
  const paths = files.awsFilePaths(env, homedir())
  const ca = options.caBundle === undefined ? undefined : await readCertificates(options.caBundle)
  // A proxy's address that is none is said before any question.
  proxyFor(options.idpUrl, env)
  const states = await checkProfiles(options, { files, paths }, terminal)
  const before = states.get(options.profile)

  const lines = options.passwordStdin ? linesOf(stdin) : undefined
  const { username, lastUsername } = options
  const programs = elsewhere(options, { terminal, env, ending })
  const answers = new AnswersFrom({ ...programs, username, lastUsername, lines, terminal, now, pause })
  const question = new AbortController()
  const login = answers.login(question.signal)
  await onScreen(login)

  // While the user types: modules, the login page and the connections of the next steps.
  const network = (await stage.network()).openNetwork({ env, ca })
  const { askRolePage, openBrowser, signIn } = await stage.signIn()
  const trace = terminal.trace
  const userAgent = `pum-aws/${version}`
  const browser = openBrowser({
    network,
    origins: [options.idpUrl.origin, ...options.idpOrigins],
    userAgent,
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
  const { openSts } = await stage.sts()
  const sts = openSts({
    network,
    regions: regionsOf(options, states),
    regionAsked: options.region !== undefined,
    aliases: options.aliases,
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

  const token = await signingIn
  const assertion = readAssertion(token.samlResponse)
  const { roles, warnings } = readRoles(assertion.roleValues)
  warnings.forEach(terminal.warn)
  if (options.several !== undefined) {
    const { storeSeveral } = await stage.several()
    const several = { options, states, check: checkProfiles, files, paths, env, terminal }
    const failure = await storeSeveral(roles, assertion.samlResponse, sts, several)
    await rememberUsername(answers.typedUsername, options, files, terminal)
    if (failure !== undefined) throw failure
    return
  }
  const ask = (partitions: ReadonlySet<string>) =>
    askRolePage(token, { network, userAgent, partitions, trace })
  const nameAccounts = accountNames({ options, roles, ask, files, home: homedir(), terminal, now })
  const choice = { wanted: options, aliases: options.aliases, lastUsed: before?.principalArn, nameAccounts }
  const role = await chooseRole(roles, choice, terminal)
  const done = terminal.progress(`Assuming ${role.name}`)
  const session = await sts.assumeRole(role, assertion.samlResponse, options.duration).finally(done)
  terminal.keepSecret(session.secretAccessKey)
  terminal.keepSecret(session.sessionToken)
  await deliver(
    session,
    { paths, files, options, hadLongTermKey: before?.longTermKey === true, env, home: homedir() },
    terminal,
  )
  await rememberUsername(answers.typedUsername, options, files, terminal)
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
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => end(new PumError("cancelled", "cancelled")))
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
    await story(options, terminal, process, ending.signal)
    process.exit(0)
  } catch (error) {
    end(error)
  }
}

const now = Date.now

async function readCertificates(file: string): Promise<string> {
  const { X509Certificate } = await import("node:crypto")
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (cause) {
    throw new PumError("usage", `the CA bundle ${file} cannot be read`, { cause })
  }
  try {
    return new X509Certificate(text) && text
  } catch (cause) {
    throw new PumError("usage", `the CA bundle ${file} holds no PEM certificate`, { cause })
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

/** Lets the question appear before modules are loaded, which holds up everything for some 100 ms. */
async function onScreen(question: Promise<unknown>): Promise<void> {
  question.catch(() => {})
  for (let turn = 0; turn < 3; turn++) await new Promise(resolve => setImmediate(resolve))
}
