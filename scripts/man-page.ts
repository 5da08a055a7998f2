// The man page, from the same words as --help.
import { optionGroups } from "../src/options/help.ts"
import {
  examples,
  exitCodes,
  filesOfUser,
  orderOfSources,
  otherKeys,
  otherVariables,
  summary,
  usage,
} from "../src/options/help-topics.ts"

/** Text for troff: a backslash, a leading dot or quote and a hyphen mean something there. */
const troff = (text: string) =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^(?=[.'])/gm, "\\&")
const heading = (title: string) => `.SH ${title.toUpperCase()}`
const terms = (rows: readonly (readonly [string, string])[]) =>
  rows.flatMap(([term, meaning]) => [".TP", `\\fB${troff(term.trim())}\\fR`, troff(meaning)])

/** `man/pum-aws.1` of this version. */
export function manPage(version: string): string {
  return `${[
    `.TH PUM\\-AWS 1 "" "pum\\-aws ${troff(version)}" "User Commands"`,
    heading("Name"),
    `pum\\-aws \\- ${troff("AWS credentials for privileged users who sign in through ADFS")}`,
    heading("Synopsis"),
    troff(usage),
    heading("Description"),
    troff(summary),
    ".PP",
    troff(orderOfSources),
    heading("Options"),
    ...optionGroups().flatMap(({ title, rows }) => [`.SS ${title}`, ...terms(rows)]),
    heading("Environment"),
    ...terms(otherVariables),
    heading("Files"),
    ...terms(filesOfUser),
    ".PP",
    troff("Keys of ~/.pum-aws that no option stands for:"),
    ...terms(otherKeys),
    heading("Exit status"),
    ...terms(exitCodes),
    heading("Examples"),
    ...terms(examples),
  ].join("\n")}\n`
}
