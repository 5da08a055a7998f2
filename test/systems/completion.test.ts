import { execFileSync } from "node:child_process"
import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { completionScript } from "../../src/completion/scripts.ts"
import { program } from "../support/program.ts"
import { tempHome } from "../support/temp-home.ts"

const hostile = "[profile prod]\n[profile $(touch x)]\n[profile `touch x`]\n[profile %n]\n"
const call = `"${process.execPath}" "${program}"`

function run(command: string, args: readonly string[], home: string): string {
  return execFileSync(command, args, {
    cwd: home,
    env: { HOME: home, PATH: process.env.PATH ?? "", TERM: "xterm" },
    encoding: "utf8",
  })
}

it("comes up in fish, which executes no name", () => {
  const home = tempHome()
  writeFileSync(join(home, ".pum-aws"), hostile)
  writeFileSync(join(home, "c.fish"), `function pum-aws; ${call} $argv; end\n${completionScript("fish")}`)
  expect(run("fish", ["-c", 'source c.fish; complete -C "pum-aws -p "'], home)).toBe("prod\n")
  expect(existsSync(join(home, "x"))).toBe(false)
})

it("comes up at Tab in zsh, which executes no name", () => {
  const home = tempHome()
  writeFileSync(join(home, ".pum-aws"), hostile)
  writeFileSync(join(home, "c.zsh"), `pum-aws() { ${call} "$@" }\n${completionScript("zsh")}`)
  const script = [
    "zmodload zsh/zpty; zpty z zsh -f -i",
    `zpty -w z 'autoload -Uz compinit; compinit -u -D; source ./c.zsh; PS1="> "'; sleep 1`,
    "zpty -w -n z $'pum-aws --profile \\t'; sleep 2",
    "zpty -r z out; while zpty -r -t z more; do out+=$more; done; print -r -- $out; zpty -d z",
  ]
  expect(run("zsh", ["-f", "-c", script.join("\n")], home)).toContain("--profile prod")
  expect(existsSync(join(home, "x"))).toBe(false)
})

it("comes up in bash, which executes no name", () => {
  const home = tempHome()
  writeFileSync(join(home, ".pum-aws"), hostile)
  const line = (words: string, at: number) =>
    run(
      "bash",
      [
        "-c",
        `pum-aws() { ${call} "$@"; }\n${completionScript("bash")}\nCOMP_WORDS=(${words}); COMP_CWORD=${at}; _pum_aws 2>/dev/null; printf '%s ' "\${COMPREPLY[@]}"`,
      ],
      home,
    )
  expect(line("pum-aws --profile '' ", 2)).toBe("prod ")
  expect(line("pum-aws --acc", 1)).toBe("--account ")
  expect(line("pum-aws --profile = p", 3)).toBe("prod ")
  expect(existsSync(join(home, "x"))).toBe(false)
})
