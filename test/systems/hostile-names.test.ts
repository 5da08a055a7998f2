import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { completionScript } from "../../src/completion/scripts.ts"
import { cleanEnv, Home, program } from "../support/program.ts"
import { enter, Pty } from "../support/pty.ts"

/** Each makes the file `x` if a shell executes it. */
const hostile = [
  "$(touch x)",
  "`touch x`",
  "a;touch x",
  "a|touch x",
  "a&&touch x",
  "'$(touch x)",
  '"$(touch x)"',
  "%n$(touch x)",
  "%{$(touch x)%}",
  "\\$(touch x)",
  "!!;touch x",
  "--$(touch x)",
  "#(touch x)",
]
const real = `"${process.execPath}" "${program}"`

/** An interactive shell without the user's own settings; `file` is read first. */
const shells = {
  bash: { start: "bash --norc -i", call: `pum-aws() { if [ "$1" = --complete ]; then ${real} "$@"; fi; }` },
  zsh: {
    start: "zsh -f -i",
    call: `pum-aws() { if [ "$1" = --complete ]; then ${real} "$@"; fi; }; autoload -Uz compinit; compinit -u -D`,
  },
  fish: {
    start: "fish --no-config -i",
    call: `function pum-aws; if test "$argv[1]" = --complete; ${real} $argv; end; end`,
  },
} as const
type Shell = keyof typeof shells
const names = Object.keys(shells) as Shell[]

/** The recipe for this shell's prompt, as the documentation has it. */
function recipe(shell: Shell): string {
  const text = readFileSync(join(import.meta.dirname, "../../docs/prompt.md"), "utf8")
  return new RegExp(`\`\`\`${shell}\\n(.*?)\`\`\``, "s").exec(text)?.[1] ?? ""
}

function open(home: Home, shell: Shell): Pty {
  const env = cleanEnv(home, { XDG_CONFIG_HOME: home.path, PS1: "ready> " })
  return new Pty({ command: ["sh", "-c", `exec ${shells[shell].start}`], env, columns: 120 })
}

/** Types a line when the shell is at rest, and waits until it shows a text that the line does not hold. */
async function enters(pty: Pty, line: string, shows: string): Promise<void> {
  pty.type(line + enter)
  await pty.sees(shows)
}

describe.each(names)("in %s, at a terminal", shell => {
  it("Tab offers harmless names, and no part of another is executed", async () => {
    const home = new Home()
    const sections = [...hostile, "prod", "protected"].map(name => `[profile ${name}]\nregion = eu-north-1\n`)
    home.write(".aws/config", sections.join(""))
    home.write("complete", `${shells[shell].call}\n${completionScript(shell)}`)
    const pty = open(home, shell)
    await enters(pty, `. ./complete; echo rea''dy-1`, "ready-1\n")
    pty.type("pum-aws --profile pr\t")
    await pty.sees("--profile pro")
    // bash lists at the second Tab that adds nothing.
    pty.type("\t\t")
    await pty.sees("protected")
    await enters(pty, "\x15echo rea''dy-2", "ready-2\n")
    // Every name at once.
    pty.type("pum-aws --profile \t\t")
    await pty.sees("prod")
    await enters(pty, "\x15echo rea''dy-3", "ready-3\n")
    expect(readdirSync(home.path)).not.toContain("x")
  })

  it("Tab completes options, and names with a blank, a colon or an @, quoted or not", async () => {
    const home = new Home()
    home.write(".pum-aws", ["my prof", "team:alpha", "dev@corp"].map(name => `[profile ${name}]\n`).join(""))
    home.write("complete", `${shells[shell].call}\n${completionScript(shell)}`)
    const pty = open(home, shell)
    await enters(pty, `. ./complete; echo rea''dy-1`, "ready-1\n")
    for (const [begin, shows] of [
      ["pum-aws --otp", "--otp-command"],
      ["pum-aws -p my", "-p my\\ prof"],
      ["pum-aws -p 'my", "'my prof'"],
      ["pum-aws -p team:a", "-p team:alpha"],
      ["pum-aws --profile=team:a", "--profile=team:alpha"],
      ["pum-aws -p dev@c", "-p dev@corp"],
      ["pum-aws -p dev@", "-p dev@corp"],
      ["pum-aws -u user@b -p dev@c", "-u user@b -p dev@corp"],
      ["pum-aws --profile=dev@c", "--profile=dev@corp"],
    ] as const) {
      pty.type(`${begin}\t`)
      await pty.sees(shows)
      await enters(pty, `\x15echo rea''dy-${begin.length}`, `ready-${begin.length}\n`)
    }
    pty.type("pum-aws --\t\t")
    await pty.sees("--account")
  })

  it("the prompt of the recipe shows the account's name, and executes no part of it", async () => {
    const home = new Home()
    const expires = new Date(Date.now() + 30.5 * 60_000).toISOString()
    home.write(
      ".aws/credentials",
      `[default]\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\nx_principal_arn = arn:aws:sts::585848786654:assumed-role/Admin/dev_aly\nx_security_token_expires = ${expires}\n`,
    )
    home.write(".pum-aws", "[account-mapping]\n585848786654 = $(touch x)`touch x`%n!!;touch x\n")
    const call = shell === "fish" ? `function pum-aws; ${real} $argv; end` : `pum-aws() { ${real} "$@"; }`
    home.write("prompt", `${call}\n${recipe(shell)}`)
    const pty = open(home, shell)
    await enters(pty, `. ./prompt; echo rea''dy-1`, "ready-1\n")
    await pty.sees("__touch x__touch x__n___touch x Admin 30m")
    await enters(pty, "echo rea''dy-2", "ready-2\n")
    expect(readdirSync(home.path)).not.toContain("x")
  })
})
