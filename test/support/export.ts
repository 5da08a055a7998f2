import { execFileSync } from "node:child_process"

/** Values that a shell must not act on. */
export const hostile = [
  "IQoJb3JpZ2luX2Vj/+abc==",
  "it's",
  `"quoted" 'twice'`,
  "back\\slash\\",
  "\\'",
  "$(touch /tmp/pum-aws-was-here) `id` $HOME",
  "a; exit 9 && b | c > d &",
  "two\nlines\n\n",
  "\ttabs and   blanks ",
  "* ? [a-z] {a,b} ~",
  "-n",
  "!! %PATH% ^ #",
  "’‘‚‛ “typographic” ü 日本",
  "\u0001\u001b[31m\r",
  "",
]
export const hostileSet = Object.fromEntries(hostile.map((value, index) => [`HOSTILE_${index}`, value]))

/** What the shell's child processes see. */
export function environmentAfter(
  command: string,
  args: readonly string[],
  input: string,
): Record<string, string> {
  const output = execFileSync(command, [...args], {
    input,
    env: { PATH: process.env.PATH ?? "", HOME: "/nowhere", AWS_PROFILE: "old", LANG: "C.UTF-8" },
    encoding: "utf8",
    timeout: 20_000,
  })
  const entries = output.split("\0").map(entry => [entry.replace(/=.*$/s, ""), entry.replace(/^.*?=/s, "")])
  return Object.fromEntries(entries.filter(([name = ""]) => /^(HOSTILE|AWS)_/.test(name)))
}
