import { PumError } from "../errors.ts"
import type { Shell } from "../options/parse-values.ts"
import type { Variables } from "./environment.ts"

/** How a shell sets and unsets a variable: one line each. */
interface ShellSyntax {
  readonly set: (name: string, value: string) => string
  readonly unset?: (name: string) => string
  /** The last line. */
  readonly end?: string
}

/** Every line ends with a semicolon, because an unquoted `eval $(…)` turns line ends into blanks. */
const posix: ShellSyntax = {
  set: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}';`,
  unset: name => `unset ${name};`,
}

const shellSyntax: Readonly<Record<Shell, ShellSyntax>> = {
  bash: posix,
  zsh: posix,
  sh: posix,
  fish: {
    // `eval (…)` would lose a line end within quotes.
    set: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, "\\$&").replaceAll("\n", "'\\n'")}';`,
    // Global, not universal: a universal variable belongs to all of the user's shells and is kept for good. Erasing a
    // variable that is not set sets the exit status to a failure, which `true` resets.
    unset: name => `set -eg ${name};`,
    end: "true;",
  },
  powershell: {
    set: (name, value) => `$Env:${name} = '${value.replace(powershellSpecial, powershellEscape)}'`,
    unset: name => `$Env:${name} = $null`,
  },
  cmd: {
    set: (name, value) => `set "${name}=${refuseSpecial({ name, value, special: /["%!]/, shell: "cmd" })}"`,
    unset: name => `set "${name}="`,
  },
  dotenv: {
    set: (name, value) =>
      /^[\w@%+=:,./-]*$/.test(value)
        ? `${name}=${value}`
        : `${name}='${refuseSpecial({ name, value, special: /'/, shell: "dotenv" })}'`,
  },
}

/** Typographic quotes end a string as well; Invoke-Expression reads line by line. */
const powershellSpecial = /['\u2018-\u201b\x00-\x1f\x7f]/g

const powershellEscape = (char: string) => `' + [char]${char.charCodeAt(0)} + '`

interface UnquotableValue {
  readonly name: string
  readonly value: string
  readonly special: RegExp
  readonly shell: Shell
}

/**
 * Passes a value through, unless it holds a character that the shell has no way to quote.
 * @throws PumError `usage`, without the value, which may be secret
 */
function refuseSpecial({ name, value, special, shell }: UnquotableValue): string {
  if (!special.test(value) && !/[\x00-\x1f\x7f]/.test(value)) return value
  throw new PumError("usage", `${name} holds a character that cannot be written for ${shell}`)
}

/**
 * The lines that make these changes in a shell, safely for any value.
 * @throws PumError `usage` for a value that cannot be quoted for this shell
 */
export function exportLines(shell: Shell, { set, unset }: Variables): string {
  const syntax = shellSyntax[shell]
  const lines = [
    ...(syntax.unset === undefined ? [] : unset.map(syntax.unset)),
    ...Object.entries(set).map(([name, value]) => syntax.set(name, value)),
    ...(syntax.end === undefined ? [] : [syntax.end]),
  ]
  return `${lines.join("\n")}\n`
}
