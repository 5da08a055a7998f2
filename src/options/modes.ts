import { principalOf } from "../domain/principal.ts"
import { PumError } from "../errors.ts"
import type { RunLine } from "./command-line.ts"
import { type Given, notTogether } from "./given.ts"
import { commandInTerminal, exampleCommand } from "./hint-commands.ts"
import { parseGiven } from "./look-up.ts"
import { optionTable } from "./option-table.ts"
import type { CompletionShell, Shell } from "./parse-values.ts"
import type { ProfileSelection } from "./profile-selection.ts"

/** One line, for the profile of --profile. */
interface ShortLine {
  readonly profile: string | undefined
}

/** What becomes of the credentials. */
export type Mode =
  /** Stored in a profile of the AWS files. */
  | { readonly kind: "profile" }
  /** None: profiles are set up that ask for credentials when they are used. */
  | { readonly kind: "onDemand" }
  /** Passed to a program in its environment. */
  | { readonly kind: "command"; readonly file: string; readonly args: readonly string[] }
  /** Printed as commands that set variables. */
  | { readonly kind: "export"; readonly shell: Shell }
  /** The AWS console is opened, at this service. */
  | { readonly kind: "console"; readonly service: string | undefined }
  /** None: the roles are printed. */
  | { readonly kind: "list"; readonly json: boolean }
  /** None: what is stored already is printed. */
  | { readonly kind: "status"; readonly json: boolean; readonly short?: ShortLine }
  /** None: what is kept is forgotten, of one profile or of all; with `all` also what is stored. */
  | { readonly kind: "logout"; readonly profile: string | undefined; readonly all: boolean }
  /** None: a completion script is printed. */
  | { readonly kind: "completion"; readonly shell: CompletionShell }
  /** Printed as JSON, with all that is known of them. */
  | { readonly kind: "json" }
  /** Printed in the format of `credential_process`. */
  | {
      readonly kind: "credentialProcess"
      /** The command line for a person, if a question cannot be asked here. */
      readonly commandInTerminal: string
    }

/** How the option of each mode is read, in the order in which messages name them. */
const modeOptions = {
  list: ({ json = false }) => ({ kind: "list", json }),
  status: ({ json = false, short, profile }) =>
    short ? { kind: "status", json, short: { profile } } : { kind: "status", json },
  completion: ({ completion: shell = "" }) => ({
    kind: "completion",
    shell: parseGiven("completion", shell),
  }),
  logout: ({ profile, all = false }) => ({ kind: "logout", profile, all }),
  onDemand: () => ({ kind: "onDemand" }),
  export: ({ export: shell = "" }) => ({ kind: "export", shell: parseGiven("export", shell) }),
  json: () => ({ kind: "json" }),
  credentialProcess: given => ({ kind: "credentialProcess", commandInTerminal: commandInTerminal(given) }),
  console: ({ console: service }) => ({
    kind: "console",
    service: typeof service === "string" ? parseGiven("console", service) : undefined,
  }),
} satisfies Partial<Record<keyof Given, (given: Given) => Mode>>

type ModeOption = keyof typeof modeOptions
const isModeOption = (name: string): name is ModeOption => Object.hasOwn(modeOptions, name)

/**
 * The mode that the command line asks for.
 * @param command the words after `--`
 * @throws PumError `usage` if it asks for two, or for one that makes no sense
 */
export function readMode(given: Given, command: readonly string[] | undefined): Mode {
  const isReport = given.list !== undefined || given.status !== undefined
  const options = modesGiven(given, isReport)
  const asked = shownModes(options, command)
  if (asked.length > 1) throw notTogether(asked, "choose one")
  refuseShort(given)
  refuseOpposites(given)
  refuseLogoutOf(given)
  refuseOtherAccount(given)
  refusePolicyOnDemand(given)
  refuseIfNeeded(given, asked[0], options.some(givesNoSession))
  if (command !== undefined) return commandMode(command)
  const [option] = options
  return option === undefined ? { kind: "profile" } : modeOptions[option](given)
}

/** Modes that print or write something else than a session. */
const givesNoSession = (mode: Mode["kind"]) =>
  ["list", "status", "onDemand", "logout", "completion"].includes(mode)

/** --short has one form, for the prompt of a shell. */
function refuseShort({ json, short, status }: Given): void {
  if (short !== undefined && (status === undefined || json !== undefined))
    throw new PumError("usage", "--short is for --status alone", { hint: "pum-aws --status --short" })
}

function refusePolicyOnDemand({ onDemand, policy }: Given): void {
  if (onDemand !== undefined && policy !== undefined)
    throw notTogether(["--on-demand", "--policy"], "a profile can keep read_only, and no other policy")
}

/** --if-needed is for profiles that are stored. @param mode what is asked for instead, as the user wrote it */
function refuseIfNeeded({ ifNeeded }: Given, mode: string | undefined, hasNoSession: boolean): void {
  if (mode === undefined || ifNeeded === undefined) return
  const kept = hasNoSession ? "" : ": a kept session is used while 15 minutes of it are left"
  throw notTogether(["--if-needed", mode], `leave --if-needed out${kept}`)
}

/** Options of which one says the opposite of the other. */
const opposites = [
  ["opItem", "noOp"],
  ["opAccount", "noOp"],
  ["readOnly", "noReadOnly"],
] as const

function refuseOpposites(given: Given): void {
  const pair = opposites.find(names => names.every(name => given[name] !== undefined))
  if (pair === undefined) return
  throw notTogether(
    pair.map(name => optionTable[name].long),
    "choose one",
  )
}

/** --logout forgets what belongs to one profile, or everything: an account or a role would not narrow it. */
function refuseLogoutOf(given: Given): void {
  const narrower = (["profiles", "account", "role"] as const).find(name => given[name] !== undefined)
  if (given.logout === undefined || narrower === undefined) return
  throw notTogether(["--logout", optionTable[narrower].long], "name one profile with --profile, or none")
}

/** An account id beside the ARN of a role in another account, both on the command line. */
function refuseOtherAccount({ account = "", role = "" }: Given): void {
  const ofRole = principalOf(role.trim())?.account
  const id = account.replace(/[\s-]/g, "")
  if (ofRole === undefined || !/^\d{12}$/.test(id) || id === ofRole) return
  throw new PumError("usage", `--account is ${id}, and the ARN of --role is of account ${ofRole}`, {
    hint: "leave --account out: the ARN names the account",
  })
}

/** @param isReport whether --json only says how something else is printed */
function modesGiven(given: Given, isReport: boolean): readonly ModeOption[] {
  const names = Object.keys(modeOptions).filter(isModeOption)
  return names.filter(name => given[name] !== undefined && !(name === "json" && isReport))
}

/** The modes as the user wrote them. */
function shownModes(options: readonly ModeOption[], command: readonly string[] | undefined): string[] {
  const shown = options.map(name => optionTable[name].long as string)
  return command === undefined ? shown : [...shown, "-- command"]
}

function commandMode([file, ...args]: readonly string[]): Mode {
  if (file === undefined || file === "")
    throw new PumError("usage", "there is no command after --", {
      hint: `for example: pum-aws ${exampleCommand}`,
    })
  return { kind: "command", file, args }
}

/**
 * Refuses several profiles for a mode that does not store, and with --if-needed.
 * @throws PumError `usage`
 */
export function refuseSeveral({ kind }: Mode, { all, ifNeeded, profiles }: Given): void {
  const isForSeveral = ["onDemand", "logout", "completion"].includes(kind)
  if (isForSeveral || (kind === "profile" && ifNeeded === undefined)) return
  const otherwise = kind === "command" ? "-- command" : "--if-needed"
  const option = isModeOption(kind) ? optionTable[kind].long : otherwise
  // PUM_PROFILES gives several to a mode that stands alone, too.
  const isGiven = all !== undefined || profiles !== undefined
  const hint =
    isGiven && (kind === "list" || kind === "status")
      ? `pum-aws ${option} alone prints ${kind === "list" ? "all of your roles" : "all profiles"}`
      : "name one with --profile"
  throw new PumError("usage", `${option} is for one profile, not for several`, { hint })
}

/**
 * Refuses a mode beside --doctor, which tells of this machine only, and --save.
 * @throws PumError `usage`
 */
export function refuseWithDoctor({ given, command }: RunLine): void {
  const asked = shownModes(modesGiven(given, true), command)
  if (asked[0] !== undefined) throw notTogether([asked[0], "--doctor"], "choose one")
  if (given.save) throw notTogether(["--save", "--doctor"], "leave --save out: there is no session to save")
}

/**
 * Refuses --save where there is no session of one named profile to save.
 * @throws PumError `usage`
 */
export function refuseSave({ policy }: Given, { kind }: Mode, selection: ProfileSelection): void {
  const refuse = (message: string, hint: string) => new PumError("usage", message, { hint })
  if (policy !== undefined)
    throw notTogether(["--save", "--policy"], "a profile can keep read_only, and no other policy")
  if (selection.kind !== "one")
    throw refuse("--save is for one profile, not for several", "name one with --profile")
  if (givesNoSession(kind))
    throw refuse("--save needs a session, and this mode gives none", "leave --save out")
  if (selection.profile === undefined)
    throw refuse("--save needs the name of a profile", "name it with --profile")
}
