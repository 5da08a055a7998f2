import { Command, CommanderError, Option } from "commander"
import { PumError } from "../errors.ts"
import { ownPlatform } from "../platform/platform.ts"
import { endOfOptions, quoteWord } from "../platform/quoting.ts"
import { definitions, type Given } from "./given.ts"
import type { OptionDefinition } from "./option-definition.ts"
import { missingValueHints } from "./parse-values.ts"

/** A command line that asks for a run, its values not checked yet. */
export interface RunLine {
  readonly wants: "run"
  readonly given: Given
  /** The words after `--`. */
  readonly command: readonly string[] | undefined
}

export type CommandLine =
  | RunLine
  | { readonly wants: "help"; readonly everything: boolean }
  | { readonly wants: "version" }

/**
 * @param argv the words after the program's name
 * @throws PumError `usage`
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  // Not by commander: it would take the `--` of `-u --` as a user name.
  const end = argv.indexOf("--")
  const own = end < 0 ? argv : argv.slice(0, end)
  refuseOtherDashes(own)
  const parser = newParser().configureOutput({ writeOut: () => {}, writeErr: () => {} })
  try {
    parser.parse(own, { from: "user" })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === "commander.helpDisplayed") return { wants: "help", everything: asksForEverything(own) }
    if (error.code === "commander.version") return { wants: "version" }
    throw parserError(error.message.replace(/^error: /, ""))
  }
  refuseArguments(parser.args, own, end >= 0)
  return { wants: "run", given: parser.opts<Given>(), command: end < 0 ? undefined : argv.slice(end + 1) }
}

const helpHint = "pum-aws --help lists the options"

/** In the words of commander, but for a switch with a value and a short form in the other case. */
function parserError(message: string): PumError {
  const [, switched] = /^unknown option '(--[\w-]+)=/.exec(message) ?? []
  if (switched !== undefined && isSwitch(switched.slice(2)))
    return new PumError("usage", `${switched} takes no value`, { hint: `write ${switched} alone` })
  const [, missing = ""] = /(--[\w-]+) <.*argument missing/.exec(message) ?? []
  const [, short] = /^unknown option '(-[A-Za-z])'/.exec(message) ?? []
  const other = short && definitions.find(([, one]) => one.short?.toLowerCase() === short.toLowerCase())
  const meant = other && ` (Did you mean ${other[1].short}, ${other[1].long}?)`
  return new PumError("usage", `${message}${meant ?? ""}`, { hint: missingValueHints[missing] ?? helpHint })
}

/** Refuses options that commander would read as another one (`-p rofile`), or as no option. */
function refuseOtherDashes(words: readonly string[]): void {
  for (const word of words) {
    const meant = meantOption(word)
    if (meant === undefined) continue
    const hint = word.startsWith("-") ? helpHint : "it begins with a typographic dash; type - or --"
    throw new PumError("usage", `unknown option '${word}' (Did you mean ${meant}?)`, { hint })
  }
}

/** The option of `-profile`, as other programs write it, and of `—profile`, which text programs make of `--profile`. */
function meantOption(word: string): string | undefined {
  const [, name = ""] = /^[-\u2010-\u2015\u2212]+(\w[\w-]*)/.exec(word) ?? []
  const form = name.length === 1 ? `-${name}` : `--${name}`
  const isOption =
    ["--help", "--version", "-h", "-V"].includes(form) ||
    definitions.some(([, { short, long }]) => short === form || long === form)
  return isOption && !word.startsWith(form) ? form : undefined
}

function asksForEverything(words: readonly string[]): boolean {
  const asked = words.findIndex(word => word === "-h" || word === "--help")
  return words[asked + 1] === "all"
}

function newParser(): Command {
  const parser = new Command("pum-aws").exitOverride().allowExcessArguments(true)
  for (const [, definition] of definitions)
    if (definition.long !== undefined) parser.addOption(commanderOption(definition))
  return parser.version("", "-V, --version").helpOption("-h, --help")
}

function commanderOption({ short, long, value, repeats }: OptionDefinition): Option {
  const forms = [short, long].filter(form => form !== undefined).join(", ")
  const option = new Option(value === undefined ? forms : `${forms} ${value}`)
  // For commander, --no-op would be the "no" of an option --op.
  option.negate = false
  if (repeats) option.argParser((word, before?: readonly string[]) => [...(before ?? []), word])
  return option
}

/**
 * Refuses words that are neither options nor their values.
 * @param own the words before `--`
 * @throws PumError `usage`
 */
function refuseArguments(words: readonly string[], own: readonly string[], hasCommand: boolean): void {
  const [first] = words
  if (first === undefined) return
  throw new PumError("usage", `unexpected argument '${first}'`, {
    hint: hasCommand
      ? "only options may come before --; name a profile with --profile"
      : intendedCommand(words, own),
  })
}

/** Modes that run no command. */
const takesProfile = new Set([
  "--status",
  "--list",
  "--json",
  "--credential-process",
  "--on-demand",
  "--logout",
  "--export",
  "--console",
])

const isProfileOption = (word: string) => /^(-p|--profiles?($|=)|-m|--all$)/.test(word)

const isSwitch = (word: string) =>
  word === "help" ||
  word === "version" ||
  definitions.some(([, { long, value }]) => long === `--${word}` && value === undefined)

/** The command line that was probably meant: a profile's name without its option, or a command without `--`. */
export function intendedCommand(
  words: readonly string[],
  own: readonly string[],
  platform: NodeJS.Platform = ownPlatform,
): string {
  const options = own.slice(0, -words.length)
  const comeLast = words.every((word, index) => word === own[options.length + index])
  if (!comeLast || words[0] === "") return helpHint
  const [word = ""] = words
  const quoted = (part: readonly string[]) => part.map(each => quoteWord(each, platform))
  // Modes are options here; other programs have commands.
  if (words.length === 1 && options.length === 0 && isSwitch(word))
    return `it is an option: pum-aws --${word}`
  const hasMode = options.some(option => takesProfile.has(option.split("=")[0] ?? ""))
  if (hasMode && (words.length > 1 || options.some(isProfileOption))) return helpHint
  if (hasMode)
    return `to name a profile: ${["pum-aws", ...quoted(options), "--profile", ...quoted(words)].join(" ")}`
  if (words.length === 1 && options.length === 0)
    return `to store in a profile of that name: pum-aws --profile ${quoted(words)}`
  return `to run a command: ${["pum-aws", ...quoted(options), endOfOptions(platform), ...quoted(words)].join(" ")}`
}
