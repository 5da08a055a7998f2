import { Command, CommanderError, Option } from "commander"
import { PumError } from "../errors.ts"
import { ownPlatform } from "../platform/platform.ts"
import { endOfOptions, quoteWord } from "../platform/quoting.ts"
import { definitions, type Given } from "./given.ts"
import type { OptionDefinition } from "./option-table.ts"
import { shellsHint } from "./parse-values.ts"

/** A command line that asks for a run, its values not checked yet. */
export interface RunLine {
  readonly wants: "run"
  readonly given: Given
  /** The words after `--`. */
  readonly command: readonly string[] | undefined
}

export type CommandLine =
  | RunLine
  | { readonly wants: "help"; readonly text: string }
  | { readonly wants: "version" }

/** Characters in a line of help if stdout is not a terminal. */
const usualWidth = 100

/**
 * @param argv the words after the program's name
 * @param width characters in a line of help
 * @throws PumError `usage`
 */
export function readCommandLine(argv: readonly string[], width = usualWidth): CommandLine {
  // Not by commander: it would take the `--` of `-u --` as a user name.
  const end = argv.indexOf("--")
  const own = end < 0 ? argv : argv.slice(0, end)
  let text = ""
  const parser = newParser(width).configureOutput({
    writeOut: part => {
      text += part
    },
    writeErr: () => {},
    getOutHelpWidth: () => width,
  })
  try {
    parser.parse(own, { from: "user" })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === "commander.helpDisplayed") return { wants: "help", text }
    if (error.code === "commander.version") return { wants: "version" }
    const lacksShell = /argument missing/.test(error.message) && /--export/.test(error.message)
    throw new PumError("usage", error.message.replace(/^error: /, ""), {
      hint: lacksShell ? shellsHint : helpHint,
    })
  }
  refuseArguments(parser.args, own, end >= 0)
  return { wants: "run", given: parser.opts<Given>(), command: end < 0 ? undefined : argv.slice(end + 1) }
}

const helpHint = "pum-aws --help lists the options"

const footer = [
  "pum-aws -- command... runs a command with the credentials in its environment. This mode, --export, --json, --console and --credential-process do not change the AWS files.",
  "Settings: an option wins over its environment variable (PUM_USERNAME for --username, PUM_OP_ITEM for --op-item, and so on), the variable over [profile NAME] and [default] of ~/.pum-aws (username, op_item; PUM_CONFIG names another file). These variables have their usual effect: HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS, NO_COLOR, AWS_CA_BUNDLE, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE and AWS_ENDPOINT_URL_STS.",
  "Exit codes: 0 done, 2 usage, 3 sign-in refused, 4 identity provider not usable, 5 no matching role, 6 AWS refused, 7 a file could not be read or written (nothing changed), 8 some of several profiles failed, 130 cancelled, 1 a defect of pum-aws; with a command its own, 126 not executable, 127 not found, 128 + n ended by signal n.",
]

function newParser(width: number): Command {
  const parser = new Command("pum-aws")
    .description("Signs a privileged user in through ADFS and stores AWS credentials for a role.")
    .usage("[options] [-- command...]")
    .configureHelp({ sortOptions: false, minWidthToWrap: 20 })
    .exitOverride()
    .allowExcessArguments(true)
  for (const [, definition] of definitions)
    if (definition.long !== undefined) parser.addOption(commanderOption(definition))
  return parser
    .version("", "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", () => {
      const help = parser.createHelp()
      return footer.map(paragraph => `\n${help.boxWrap(paragraph, width)}`).join("\n")
    })
}

function commanderOption({ short, long, value, help }: OptionDefinition): Option {
  const forms = [short, long].filter(form => form !== undefined).join(", ")
  const option = new Option(value === undefined ? forms : `${forms} ${value}`, help)
  // For commander, --no-op would be the "no" of an option --op.
  option.negate = false
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

/** The command line that was probably meant: a profile's name without its option, or a command without `--`. */
export function intendedCommand(
  words: readonly string[],
  own: readonly string[],
  platform: NodeJS.Platform = ownPlatform,
): string {
  const options = own.slice(0, -words.length)
  const comeLast = words.every((word, index) => word === own[options.length + index])
  if (!comeLast || words[0] === "") return helpHint
  if (words.length === 1 && options.length === 0)
    return `to store in a profile of that name: pum-aws --profile ${words.map(word => quoteWord(word, platform))}`
  const quoted = (part: readonly string[]) => part.map(word => quoteWord(word, platform))
  return `to run a command: ${["pum-aws", ...quoted(options), endOfOptions(platform), ...quoted(words)].join(" ")}`
}
