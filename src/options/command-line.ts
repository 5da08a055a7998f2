import { Command, CommanderError } from "commander"
import { PumError } from "../errors.ts"
import { type Given, knownShells, quoted } from "./modes.ts"
import { settings } from "./settings.ts"

/** What stood on the command line: texts and switches, not yet judged. */
export type CommandLine =
  | { readonly wants: "help"; readonly text: string }
  | { readonly wants: "version" }
  | {
      readonly wants: "run"
      readonly given: Given
      /** What stands behind `--`. */
      readonly command: readonly string[] | undefined
    }

const footer = [
  "pum-aws -- command... runs a command with the credentials in its environment. It, --export, --json, --console and --credential-process write no AWS file.",
  "Settings: an option wins over the environment (PUM_USERNAME for --username, PUM_OP_ITEM for --op-item, and so on), that over [profile NAME] and [default] of ~/.pum-aws (username, op_item; PUM_CONFIG moves the file). HTTPS_PROXY and NO_PROXY, NODE_EXTRA_CA_CERTS, NO_COLOR, AWS_CA_BUNDLE, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE and AWS_ENDPOINT_URL_STS are obeyed.",
  "Exit codes: 0 done, 2 usage, 3 sign-in refused, 4 identity provider not usable, 5 no such role, 6 AWS refused, 7 file trouble (nothing changed), 8 some of several profiles failed, 130 cancelled, 1 a defect of pum-aws; with a command its own, 126 not executable, 127 not there, 128 + n ended by signal n.",
]

/** Where no terminal says how wide it is. */
const usualWidth = 100

/**
 * @param width of the terminal that help is shown on, in characters
 * @throws PumError `usage`
 */
export function readCommandLine(argv: readonly string[], width = usualWidth): CommandLine {
  // Here and not by commander, which would take the `--` of `-u --` for a user name.
  const end = argv.indexOf("--")
  const own = end < 0 ? argv : argv.slice(0, end)
  let text = ""
  const command = new Command("pum-aws")
    .description("Signs a privileged user in through ADFS and stores AWS credentials for a role.")
    .usage("[options] [-- command...]")
    .configureHelp({ sortOptions: false, minWidthToWrap: 20 })
    .configureOutput({
      writeOut: part => {
        text += part
      },
      writeErr: () => {},
      getOutHelpWidth: () => width,
    })
    .exitOverride()
    .allowExcessArguments(true)
  const { passwordCommand, otpCommand, opAccount, opItem, noOp, idpUrl, caBundle, ifNeeded, ...asked } =
    settings
  const add = ({ flags, help }: { readonly flags: string | undefined; readonly help: string }) =>
    flags !== undefined && command.option(flags, help)
  Object.values(asked).forEach(add)
  command
    .option("--all", "one profile for each of your roles, or of those that --account and --role leave")
    .option("--password-stdin", "read the password from line 1 of stdin, the 2FA code from line 2")
  for (const one of [passwordCommand, otpCommand, opAccount, opItem, noOp, idpUrl, caBundle]) add(one)
  command
    .option("--env-file <file>", "take PUM_* variables from this file; those of the environment win")
    .option(ifNeeded.flags ?? "", ifNeeded.help)
    .option("--force", "sign in even where a session is there")
    .option(
      "--export <shell>",
      "print commands that set the variables: bash zsh sh fish powershell cmd dotenv",
    )
    .option("--json", "print one JSON object; with --list and --status theirs")
    .option("--credential-process", "print what credential_process of ~/.aws/config wants")
    .option("--console [service]", "open the AWS console in a browser, and print the link")
    .option("--list", "sign in and print your roles, and store nothing")
    .option(
      "--status",
      "print which credentials are there, and how long they last; exit code 1 where --profile has none",
    )
    .option("--overwrite", "replace a long-term key in the profile without asking")
    .option("-v, --verbose", "show each step; secrets are redacted")
    .version("", "-V, --version", "print the version")
    .helpOption("-h, --help", "print this")
    .addHelpText("after", () => {
      const help = command.createHelp()
      return footer.map(paragraph => `\n${help.boxWrap(paragraph, width)}`).join("\n")
    })
  try {
    command.parse(own, { from: "user" })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.code === "commander.helpDisplayed") return { wants: "help", text }
    if (error.code === "commander.version") return { wants: "version" }
    const hint = /argument missing/.test(error.message) && /--export/.test(error.message)
    throw new PumError("usage", error.message.replace(/^error: /, ""), {
      hint: hint ? knownShells : "pum-aws --help lists the options",
    })
  }
  refuseWords(command.args, own, end >= 0)
  // Of --no-op commander makes `op: false`.
  const { op, ...given } = command.opts<Record<string, string | boolean | undefined>>()
  return {
    wants: "run",
    given: op === false ? { ...given, noOp: true } : given,
    command: end < 0 ? undefined : argv.slice(end + 1),
  }
}

/**
 * @param words that are no options
 * @param own everything before `--`
 */
function refuseWords(words: readonly string[], own: readonly string[], hasCommand: boolean): void {
  const [first, ...more] = words
  if (first === undefined) return
  const options = own.slice(0, -words.length)
  const isLast = own.slice(-words.length).join("\n") === words.join("\n")
  const hint = () => {
    if (hasCommand) return "before -- stand options only; a profile is named with --profile"
    if (!isLast || first === "") return "pum-aws --help lists the options"
    if (more.length === 0 && options.length === 0)
      return `to store in a profile of that name: pum-aws --profile ${quoted(first)}`
    return `to run a command: ${["pum-aws", ...options.map(quoted), "--", ...words.map(quoted)].join(" ")}`
  }
  throw new PumError("usage", `unexpected argument '${first}'`, { hint: hint() })
}
