import { PumError } from "../errors.ts"
import type { Shell } from "../options/modes.ts"
import type { Variables } from "./environment.ts"

/** How one shell sets a variable and forgets one: a line each. */
interface Language {
  readonly set: (name: string, value: string) => string
  readonly unset?: (name: string) => string
  /** What comes last. */
  readonly end?: string
}

/** The semicolons make a line end of no importance, which `eval $(…)` without quotes loses. */
const posix: Language = {
  set: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}';`,
  unset: name => `unset ${name};`,
}

const languages: Readonly<Record<Shell, Language>> = {
  bash: posix,
  zsh: posix,
  sh: posix,
  fish: {
    // A line end within quotes would be lost in `eval (…)`.
    set: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, "\\$&").replaceAll("\n", "'\\n'")}';`,
    // Of this session only: a universal one is every shell's, and for good. Forgetting what is not there is a
    // failure, which setting variables does not take back.
    unset: name => `set -eg ${name};`,
    end: "true;",
  },
  powershell: {
    // Invoke-Expression is given line by line; and every typographic quote ends a text, too.
    set: (name, value) => `$Env:${name} = '${value.replace(powershellEnds, inPowershell)}'`,
    unset: name => `$Env:${name} = $null`,
  },
  cmd: {
    set: (name, value) => `set "${name}=${unquoted(name, value, /["%!]/, "cmd")}"`,
    unset: name => `set "${name}="`,
  },
  dotenv: {
    set: (name, value) =>
      /^[\w@%+=:,./-]*$/.test(value)
        ? `${name}=${value}`
        : `${name}='${unquoted(name, value, /'/, "dotenv")}'`,
  },
}

const powershellEnds = /['\u2018-\u201b\x00-\x1f\x7f]/g

const inPowershell = (char: string) => `' + [char]${char.charCodeAt(0)} + '`

/**
 * A language without a way to write any text refuses what another reading of it would turn into something else.
 * @throws PumError `usage`; the value stays out of it
 */
function unquoted(name: string, value: string, special: RegExp, shell: Shell): string {
  if (!special.test(value) && !/[\x00-\x1f\x7f]/.test(value)) return value
  throw new PumError("usage", `${name} holds a character that cannot be written for ${shell}`)
}

/**
 * Lines that bring a shell's environment to this state, whatever the values hold.
 * @throws PumError `usage` for a value that this shell cannot be given
 */
export function exportFor(shell: Shell, { set, unset }: Variables): string {
  const language = languages[shell]
  const lines = [
    ...(language.unset === undefined ? [] : unset.map(language.unset)),
    ...Object.entries(set).map(([name, value]) => language.set(name, value)),
    ...(language.end === undefined ? [] : [language.end]),
  ]
  return `${lines.join("\n")}\n`
}
