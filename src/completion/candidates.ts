import { readSeenRoles } from "../aws/seen-roles.ts"
import { readSmallFile } from "../files/read-file.ts"
import { definitions, type Given, type OptionName } from "../options/given.ts"
import { type Options, readOptions } from "../options/options.ts"
import { completionShells, rememberable, shells } from "../options/parse-values.ts"
import { readQuickly } from "../options/quick.ts"
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

/** What a candidate is for. */
interface Place extends CompletionSettings {
  /** Of a value. */
  readonly option: OptionName | undefined
  /** What is typed of it. */
  readonly begin: string
  /** The options before it. */
  readonly given: Given
}

/**
 * What can stand in place of the last word. Files of the user are read, and no server is asked.
 * @param words behind the program's name, the last one perhaps empty, as the shell gives them: with their quotes, or not
 * @returns values; one that a shell could execute is left out
 */
export function completionsOf(words: readonly string[], settings: CompletionSettings): readonly string[] {
  const [current = "", ...others] = wholeWords(words).toReversed()
  if (others.includes("--")) return []
  const [, long = others[0] ?? "", joined] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? []
  const [option, definition] = definitions.find(([, one]) => one.long === long || one.short === long) ?? []
  const isValue = joined !== undefined || definition?.value?.startsWith("<") === true
  // --profiles takes several, with commas between them.
  const [begin = "", ...listed] = (joined ?? current).split(option === "profiles" ? "," : "\0").toReversed()
  const before = current.slice(0, current.length - begin.length)
  const given = readQuickly(others.slice(joined === undefined && isValue ? 1 : 0).toReversed())?.given ?? {}
  const values = valuesOf({ ...settings, option: isValue ? option : undefined, begin, given }, isValue)
  const fitting = values.filter(
    value =>
      harmlessWord.test(value) &&
      value.toLowerCase().startsWith(begin.toLowerCase()) &&
      !listed.includes(value),
  )
  return [...new Set(fitting)].sort().map(value => before + value)
}

/** Words without quotes. bash makes words of their own of the `=` in `--role=Admin`, and of the `:` in a name. */
function wholeWords(words: readonly string[]): readonly string[] {
  return words
    .map(word => word.replace(/["']|\\(?=[ \\])/g, ""))
    .join("\0")
    .replace(/\0([=:]+)(?:\0|$)/g, "$1")
    .split("\0")
}

function valuesOf(place: Place, isValue: boolean): readonly string[] {
  if (!isValue) return ["--help", "--version", ...definitions.flatMap(([, one]) => one.long ?? [])]
  switch (place.option) {
    case "profile":
      return profilesOf(place)
    case "profiles":
      return profilesOf(place).filter(name => !/[\s,]/.test(name))
    case "account": {
      const aliases = readableOptions(place)?.aliases ?? new Map<string, string>()
      const seen = rolesOf(place).map(({ account }) => account)
      return [...aliases.values(), ...aliases.keys(), ...seen]
    }
    case "role":
      return rolesOf(place).map(({ role }) =>
        place.begin.startsWith("/") ? role : role.slice(role.lastIndexOf("/") + 1),
      )
    case "region":
      return matchesIn(awsFiles(place), /^[ \t]*region[ \t]*=[ \t]*(\S+)/gm)
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
function rolesOf(place: Place) {
  const options = readableOptions(place)
  if (options === undefined) return []
  const { account: sought = "" } = options
  const isSought = (name = "") => name.toLowerCase().startsWith(sought.toLowerCase())
  const isFitting = (account: string) => isSought(account) || isSought(options.aliases.get(account))
  return readSeenRoles(options, place).filter(({ account }) => place.option !== "role" || isFitting(account))
}

/** A mistake in `~/.pum-aws` is told by the next run. */
function readableOptions({ env, home, given }: Place): Options | undefined {
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
function awsFiles({ env, home }: Place): readonly [credentials: string, config: string] {
  const { credentials, config } = awsFilePaths(env, home)
  return [readSmallFile(credentials) ?? "", readSmallFile(config) ?? ""]
}

function profilesOf(place: Place): readonly string[] {
  const [credentials, config] = awsFiles(place)
  return [
    ...(readableOptions(place)?.entries.keys() ?? []),
    ...matchesIn([credentials], /^\[([^\]\r\n]+)\]/gm),
    // Other sections of the config file are no profiles.
    ...matchesIn([config], /^\[(?:(default)|profile[ \t]+(["']?)([^\]"'\r\n]+)\2)\]/gm),
  ]
}

/** The last group of each match. */
const matchesIn = (texts: readonly string[], pattern: RegExp) =>
  texts.flatMap(text => [...text.matchAll(pattern)].map(match => match.findLast(Boolean)?.trim() ?? ""))
