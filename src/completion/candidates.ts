import { readSeenRoles } from "../aws/seen-roles.ts"
import { readSmallFile } from "../files/read-file.ts"
import { definitions } from "../options/given.ts"
import { type Options, readOptions } from "../options/options.ts"
import { completionShells, shells } from "../options/parse-values.ts"
import type { Environment } from "../platform/platform.ts"
import { awsFilePaths } from "../profiles/paths.ts"

export interface CompletionSettings {
  readonly env: Environment
  readonly home: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The only characters of a candidate: shells execute others, or split at them. */
const harmlessWord = /^[A-Za-z0-9_.@+=,/:-]+$/

/**
 * What can stand in place of the last word. Files of the user are read, and no server is asked.
 * @param words behind the program's name, the last one perhaps empty
 * @returns values; one that a shell could execute is left out
 */
export function completionsOf(words: readonly string[], settings: CompletionSettings): readonly string[] {
  if (words.includes("--")) return []
  // PowerShell passes an empty word as "", of which its newer versions leave the quotes.
  // bash makes a word of its own of the = in --role=Admin.
  const whole = words
    .map(word => (word === '""' ? "" : word))
    .join("\0")
    .replace(/(^|\0)(--[\w-]+)\0=(?:\0|$)/g, "$1$2\0")
    .split("\0")
  const [current = "", before = ""] = whole.toReversed()
  const [, long = before, joined] = /^(--[\w-]+)=(.*)$/s.exec(current) ?? []
  const begin = joined ?? current
  const option = definitions.find(([, one]) => one.long === long || one.short === long)
  const values =
    option?.[1].value?.startsWith("<") || joined !== undefined
      ? valuesOf(option?.[0] ?? "", settings)
      : definitions.flatMap(([, one]) => one.long ?? [])
  const prefix = joined === undefined ? "" : `${long}=`
  const fitting = values.filter(
    value => harmlessWord.test(value) && value.toLowerCase().startsWith(begin.toLowerCase()),
  )
  return [...new Set(fitting)].sort().map(value => prefix + value)
}

function valuesOf(name: string, settings: CompletionSettings): readonly string[] {
  switch (name) {
    case "profile":
    case "profiles":
      return [...(readableOptions(settings)?.entries.keys() ?? []), ...awsProfiles(settings)]
    case "account": {
      const aliases = readableOptions(settings)?.aliases ?? new Map<string, string>()
      const seen = rolesOf(settings).map(({ account }) => account)
      return [...aliases.values(), ...aliases.keys(), ...seen]
    }
    case "role":
      return rolesOf(settings).map(({ role }) => role)
    case "export":
      return shells
    case "completion":
      return completionShells
    case "duration":
      return ["15m", "30m", "1h", "2h", "4h", "8h", "12h"]
    default:
      return []
  }
}

function rolesOf(settings: CompletionSettings) {
  const options = readableOptions(settings)
  return options === undefined ? [] : readSeenRoles(options, settings)
}

/** A mistake in `~/.pum-aws` is told by the next run. */
function readableOptions({ env, home }: CompletionSettings): Options | undefined {
  try {
    return readOptions({ wants: "run", given: {}, command: undefined }, env, home)
  } catch {
    return undefined
  }
}

function awsProfiles({ env, home }: CompletionSettings): readonly string[] {
  const { credentials, config } = awsFilePaths(env, home)
  return [credentials, config].flatMap(path =>
    [...(readSmallFile(path) ?? "").matchAll(/^\[(?:profile\s+)?["']?([^\]"']+)["']?\]/gm)].map(
      ([, name = ""]) => name,
    ),
  )
}
