import { PumError } from "../errors.ts"
import { settings } from "./settings.ts"

/** Whose language `--export` speaks. */
const shells = ["bash", "zsh", "sh", "fish", "powershell", "cmd", "dotenv"] as const
export type Shell = (typeof shells)[number]
export const knownShells = `it knows ${shells.join(", ")}`

/** What becomes of the credentials. */
export type Mode =
  /** Stored in a profile of the AWS files. */
  | { readonly kind: "profile" }
  /** In the environment of a program. */
  | { readonly kind: "command"; readonly file: string; readonly args: readonly string[] }
  /** On stdout, as commands that set variables. */
  | { readonly kind: "export"; readonly shell: Shell }
  /** In a browser: the AWS console, at this service. */
  | { readonly kind: "console"; readonly service: string | undefined }
  /** None: the roles on stdout. */
  | { readonly kind: "list"; readonly json: boolean }
  /** None: what is stored already, on stdout. */
  | { readonly kind: "status"; readonly json: boolean }
  /** On stdout, with all there is to know of them. */
  | { readonly kind: "json" }
  /** On stdout, as `credential_process` of the AWS files wants them. */
  | {
      readonly kind: "credentialProcess"
      /** What a person types to be asked what a program cannot answer. */
      readonly byHand: string
    }

/** What stood on the command line, by option. */
export type Given = Readonly<Record<string, string | boolean | undefined>>

/**
 * The one mode that was asked for.
 * @param command what stood behind `--`
 * @throws PumError `usage` where there are several, or one that makes no sense
 */
export function modeOf(given: Given, command: readonly string[] | undefined): Mode {
  const json = given.json === true
  const isReport = given.list === true || given.status === true
  const asked = [
    ...(given.list === true ? ["--list"] : []),
    ...(given.status === true ? ["--status"] : []),
    ...(given.export === undefined ? [] : ["--export"]),
    ...(json && !isReport ? ["--json"] : []),
    ...(given.credentialProcess === true ? ["--credential-process"] : []),
    ...(given.console === undefined ? [] : ["--console"]),
    ...(command === undefined ? [] : ["-- command"]),
  ]
  if (asked.length > 1)
    throw new PumError("usage", `${asked.join(" and ")} cannot be used together`, { hint: "choose one" })
  const [other] = asked
  if (other !== undefined && given.ifNeeded !== undefined)
    throw new PumError("usage", `--if-needed and ${other} cannot be used together`, {
      hint: "leave --if-needed out: a session that is kept is used while 15 minutes of it are left",
    })
  if (command !== undefined) return commandMode(command)
  if (given.export !== undefined) return { kind: "export", shell: shellOf(String(given.export)) }
  if (given.list === true) return { kind: "list", json }
  if (given.status === true) return { kind: "status", json }
  if (json) return { kind: "json" }
  if (given.console !== undefined) return { kind: "console", service: serviceOf(given.console) }
  if (given.credentialProcess === true) return { kind: "credentialProcess", byHand: byHand(given) }
  return { kind: "profile" }
}

/**
 * One session is given, or looked at, at a time; only what is stored may be several.
 * @throws PumError `usage`
 */
export function refuseSeveral({ kind }: Mode, given: Given): void {
  if (kind === "profile" && given.ifNeeded === undefined) return
  const words: Partial<Record<Mode["kind"], string>> = {
    profile: "--if-needed is",
    list: "--list is",
    status: "--status is",
  }
  const what = words[kind] ?? "credentials that are not stored are"
  throw new PumError("usage", `${what} for one profile, not for several`, {
    hint: "name one with --profile",
  })
}

function commandMode([file, ...args]: readonly string[]): Mode {
  if (file === undefined || file === "")
    throw new PumError("usage", "no command stands behind --", { hint: `for example: pum-aws ${example}` })
  return { kind: "command", file, args }
}

const example = "-- aws sts get-caller-identity"

function shellOf(name: string): Shell {
  const shell = shells.find(one => one === name)
  if (shell !== undefined) return shell
  throw new PumError("usage", `--export: '${name}' is no shell that pum-aws knows`, {
    hint: knownShells,
  })
}

/** As it stands in the console's addresses. */
function serviceOf(given: string | boolean): string | undefined {
  if (typeof given !== "string") return undefined
  if (/^[a-z\d-]+(\/[a-z\d-]+)*$/i.test(given)) return given
  throw new PumError("usage", `--console: '${given}' is no service`, {
    hint: "services are s3, ec2, cloudwatch",
  })
}

/** The command line that gets the same session in a terminal, without showing it. */
function byHand(given: Given): string {
  const flags = new Map(
    Object.entries(settings).map(([name, { flags }]) => [name, /--[\w-]+/.exec(flags ?? "")?.[0]]),
  )
  flags.set("envFile", "--env-file")
  const options = [...flags].flatMap(([name, flag = ""]) => {
    const value = given[name]
    if (typeof value === "string") return [flag, quoted(value)]
    return value === true ? [flag] : []
  })
  return ["pum-aws", ...options, example].join(" ")
}

/** For a shell to read. */
export const quoted = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
