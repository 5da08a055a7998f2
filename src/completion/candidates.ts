import { readSeenRoles } from "../aws/seen-roles.ts"
import { readSmallFile } from "../files/read-file.ts"
import { definitions, type Given, type OptionName } from "../options/given.ts"
import { type Options, readOptions } from "../options/options.ts"
import { completionShells, rememberable, shells } from "../options/parse-values.ts"
import { readPlainOptions } from "../options/quick.ts"
import type { Environment } from "../platform/platform.ts"
import { awsFilePaths } from "../profiles/paths.ts"

export interface CompletionSettings {
  readonly env: Environment
  readonly home: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The only characters of a candidate: shells execute others. Scripts quote a blank. */
const harmlessWord = /^[A-Za-z0-9_.@+=,/:-]+(?: [A-Za-z0-9_.@+=,/:-]+)*$/

/** What candidates are sought for. */
interface CandidateRequest extends CompletionSettings {
  /** The option whose value is to be completed; `undefined` if it is the name of an option, or of none that is known. */
  readonly option: OptionName | undefined
  /** The beginning of the value, or of the option's name. */
  readonly typed: string
  /** The options that stand before it, as far as they can be read. */
  readonly given: Given
}

/**
 * What can stand in place of the last word. Files of the user are read, and no server is asked.
 * @param words behind the program's name, the last one perhaps empty, as the shell gives them: with their quotes, or not
 * @returns values; one that a shell could execute is left out
 */
export function completionsOf(words: readonly string[], settings: CompletionSettings): readonly string[] {
  const whole = wholeWords(words)
  const [last = "", earlier] = [whole.at(-1), whole.slice(0, -1)]
  if (earlier.includes("--")) return []
  const [, form = earlier.at(-1) ?? "", joinedValue] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? []
  const [option, definition] = definitions.find(([, one]) => one.long === form || one.short === form) ?? []
  const isJoined = joinedValue !== undefined
  const isValue = isJoined || definition?.value?.startsWith("<") === true
  // --profiles takes several, with commas between them.
  const parts = (joinedValue ?? last).split(option === "profiles" ? "," : "\0")
  const [typed = "", namesBefore] = [parts.at(-1), parts.slice(0, -1)]
  // It stays as it is.
  const beginning = last.slice(0, last.length - typed.length)
  const given = readableOptionsIn(isValue && !isJoined ? earlier.slice(0, -1) : earlier)
  const values = valuesOf({ ...settings, option: isValue ? option : undefined, typed, given }, isValue)
  const fitting = values.filter(
    value =>
      harmlessWord.test(value) &&
      value.toLowerCase().startsWith(typed.toLowerCase()) &&
      !namesBefore.includes(value),
  )
  return [...new Set(fitting)].sort().map(value => beginning + value)
}

/** What can be read at once: a word that is wrong, or an option whose value may be left out, changes nothing else. */
function readableOptionsIn(words: readonly string[]): Given {
  // The value may follow a letter without a blank: -aProd.
  const apart = words.flatMap(word => {
    const [short, value] = [word.slice(0, 2), word.slice(2)]
    const takesValue = definitions.some(([, one]) => one.short === short && one.value?.startsWith("<"))
    return takesValue && value !== "" ? [short, value] : [word]
  })
  return readPlainOptions(apart).given
}

/** Words without quotes. bash makes words of their own of the `=` in `--role=Admin`, and of `:` and `@` in a name. */
function wholeWords(words: readonly string[]): readonly string[] {
  return words
    .map(word => word.replace(/["']|\\(?=[ \\])/g, ""))
    .join("\0")
    .replace(/\0([=:@]+)(?:\0|$)/g, "$1")
    .split("\0")
}

function valuesOf(request: CandidateRequest, isValue: boolean): readonly string[] {
  if (!isValue) return ["--help", "--version", ...definitions.flatMap(([, one]) => one.long ?? [])]
  switch (request.option) {
    case "profile":
      return profilesOf(request)
    case "profiles":
      return profilesOf(request).filter(name => !/[\s,]/.test(name))
    case "account": {
      const aliases = readableOptions(request)?.aliases ?? new Map<string, string>()
      const seen = rolesOf(request).map(({ account }) => account)
      return [...aliases.values(), ...aliases.keys(), ...seen]
    }
    case "role":
      return rolesOf(request).map(({ role }) =>
        request.typed.startsWith("/") ? role : role.slice(role.lastIndexOf("/") + 1),
      )
    case "region":
      return matchesIn(awsFiles(request), /^[ \t]*region[ \t]*=[ \t]*(\S+)/gm)
    case "export":
      return shells
    case "completion":
      return completionShells
    case "remember":
      return rememberable
    case "duration":
      return ["15m", "30m", "1h", "2h", "4h", "8h", "12h"]
    default:
      return []
  }
}

/** The roles that were seen last, of the account that is named. */
function rolesOf(request: CandidateRequest) {
  const options = readableOptions(request)
  if (options === undefined) return []
  const { account: sought = "" } = options
  const isSought = (name = "") => name.toLowerCase().startsWith(sought.toLowerCase())
  const isFitting = (account: string) => isSought(account) || isSought(options.aliases.get(account))
  return readSeenRoles(options, request).filter(
    ({ account }) => request.option !== "role" || isFitting(account),
  )
}

/** A mistake in `~/.pum-aws` is told by the next run. */
function readableOptions({ env, home, given }: CandidateRequest): Options | undefined {
  const { account, idpUrl, profile, username } = given
  const named = Object.fromEntries(
    Object.entries({ account, idpUrl, profile, username }).filter(([, text]) => text !== undefined),
  )
  try {
    return readOptions({ wants: "run", given: named, command: undefined }, env, home)
  } catch {
    return undefined
  }
}

/** Texts of the AWS files. */
function awsFiles({ env, home }: CandidateRequest): readonly [credentials: string, config: string] {
  const { credentials, config } = awsFilePaths(env, home)
  return [readSmallFile(credentials) ?? "", readSmallFile(config) ?? ""]
}

function profilesOf(request: CandidateRequest): readonly string[] {
  const [credentials, config] = awsFiles(request)
  return [
    ...(readableOptions(request)?.entries.keys() ?? []),
    ...matchesIn([credentials], /^\[([^\]\r\n]+)\]/gm),
    // Other sections of the config file are no profiles.
    ...matchesIn([config], /^\[(?:(default)|profile[ \t]+(["']?)([^\]"'\r\n]+)\2)\]/gm),
  ]
}

/** The last group of each match. */
const matchesIn = (texts: readonly string[], pattern: RegExp) =>
  texts.flatMap(text => [...text.matchAll(pattern)].map(match => match.findLast(Boolean)?.trim() ?? ""))
