import type { OptionName } from "./given.ts"
import {
  commonOptions,
  examples,
  exitCodes,
  filesOfUser,
  helpGroups,
  orderOfSources,
  otherKeys,
  otherVariables,
  summary,
  usage,
} from "./help-topics.ts"
import type { OptionDefinition } from "./option-definition.ts"
import { optionTable } from "./option-table.ts"

/** Columns of a term, with its margin and the blanks behind it. */
const termColumns = 31

/** What --help prints: the options of a working day, for a screen of 80 columns and 48 lines. */
export function briefHelp(): string {
  const groups = helpGroups.flatMap(({ title, options }) => [
    "",
    `${title}:`,
    ...options.flatMap(([name, briefly]) =>
      briefly === undefined ? [] : [`  ${formsOf(optionTable[name]).padEnd(termColumns - 2)}${briefly}`],
    ),
  ])
  const common = commonOptions.map(([forms, words]) => `  ${forms.padEnd(termColumns - 2)}${words}`)
  const shown = examples.map(([line, words]) => `  ${line.padEnd(41)}${words}`)
  return `${[`Usage: ${usage}`, summary, ...groups, ...common, "", "Examples:", ...shown, ""].join("\n")}
Every option, variable and exit code: pum-aws --help all
`
}

/**
 * What --help all prints: everything.
 * @param width characters in a line
 */
export function fullHelp(width: number): string {
  const list = (title: string, rows: readonly (readonly [string, string])[]) => [
    `${title}:`,
    ...rows.flatMap(row => termLines(row, width)),
    "",
  ]
  return [
    `Usage: ${usage}`,
    "",
    ...wrap(summary, width),
    "",
    ...optionGroups().flatMap(({ title, rows }) => list(title, rows)),
    ...list("Other variables", otherVariables),
    ...list("Other keys of ~/.pum-aws", otherKeys),
    "Settings:",
    ...wrap(orderOfSources, width - 2).map(line => `  ${line}`),
    "",
    ...list("Files", filesOfUser),
    ...list("Exit codes", exitCodes),
    ...list("Examples", examples),
  ].join("\n")
}

export interface OptionGroup {
  readonly title: string
  /** Forms and meaning. */
  readonly rows: readonly (readonly [string, string])[]
}

/** Every option that the command line can give, in groups, with its variables and its key. */
export function optionGroups(): OptionGroup[] {
  const rowOf = (name: OptionName) => [formsOf(optionTable[name]), meaningOf(optionTable[name])] as const
  return [
    ...helpGroups.map(({ title, options }) => ({ title, rows: options.map(([name]) => rowOf(name)) })),
    { title: "More", rows: commonOptions },
  ]
}

function formsOf({ short, long, value }: OptionDefinition): string {
  const forms = `${short === undefined ? "   " : `${short},`} ${long}`
  return value === undefined ? forms : `${forms} ${value}`
}

function meaningOf({ help = "", env = [], key }: OptionDefinition): string {
  const sources = [...env, ...(key === undefined ? [] : [key])]
  return sources.length === 0 ? help : `${help} [${sources.join(", ")}]`
}

/** A term and its meaning, with the lines of the meaning one below the other. */
function termLines([term, meaning]: readonly [string, string], width: number): string[] {
  const lines = wrap(meaning, Math.max(20, width - termColumns))
  const begin = `  ${term}`
  const margin = " ".repeat(termColumns)
  if (begin.length > termColumns - 2) return [begin, ...lines.map(line => `${margin}${line}`)]
  return lines.map((line, index) => `${index === 0 ? begin.padEnd(termColumns) : margin}${line}`)
}

/** Breaks a text at its blanks. A longer word has a line of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(" ")) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
