import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { onTestFinished } from "vitest"
import { writeScript } from "./write-script.ts"

interface OpItem {
  readonly username?: string
  readonly password?: string
  readonly totp?: string
}

export interface OpSettings {
  /** What the item holds when it is read the first time, the second time, …; the last one stays. */
  readonly items?: readonly OpItem[]
  readonly account?: string
  readonly item?: string
  /** If set, the app is not integrated, and `op signin` asks for this password. */
  readonly accountPassword?: string
  /** If set, every read of an item fails with this message. */
  readonly trouble?: string
  /** Lines of shell to run before anything else. */
  readonly first?: string
}

/**
 * A stand-in for 1Password's `op`, version 2, in a folder of its own. It accepts the arguments of the real one only, and
 * has its output, messages and exit codes.
 */
export class Op {
  readonly folder = mkdtempSync(join(tmpdir(), "pum-aws-op-"))
  readonly path = join(this.folder, "op")

  constructor(settings: OpSettings = {}) {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }))
    const { items = [{}] } = settings
    for (const [index, item] of items.entries()) {
      writeFileSync(join(this.folder, `item-${index + 1}.json`), json(item))
    }
    writeFileSync(join(this.folder, "calls"), "")
    writeScript(this.path, script(settings, items.length))
  }

  /** The arguments of each call. */
  get calls(): readonly string[] {
    return readFileSync(join(this.folder, "calls"), "utf8").split("\n").slice(0, -1)
  }

  /** Environment variables that make the program find it. */
  get env(): { readonly PATH: string; readonly PUM_NO_OP: string } {
    return { PUM_NO_OP: "", PATH: `${this.folder}${delimiter}${process.env.PATH ?? ""}` }
  }
}

export const opToken = "tYjVn7mHfF0QcKqk1Xv2sessiontoken"

function json({ username, password, totp }: OpItem): string {
  const section = { id: "add more" }
  return JSON.stringify({
    id: "mwzgk3rkmvdcnl5ww7tm7d4wvi",
    title: "Federation ADM",
    category: "LOGIN",
    fields: [
      { id: "username", type: "STRING", purpose: "USERNAME", label: "username", value: username },
      { id: "password", type: "CONCEALED", purpose: "PASSWORD", label: "password", value: password },
      { id: "notesPlain", type: "STRING", purpose: "NOTES", label: "notesPlain" },
      ...(totp === undefined
        ? []
        : [
            { id: "TOTP_x", section, type: "OTP", label: "otp", value: "otpauth://totp/x?secret=AAAA", totp },
          ]),
    ],
  })
}

function script(settings: OpSettings, items: number): string {
  const { account = "visma", item = "Federation ADM", accountPassword, trouble, first = "" } = settings
  const session = accountPassword === undefined ? "" : ` --session ${opToken}`
  return `#!/bin/sh
folder=\${0%/*}
fail() { echo "[ERROR] 2026/11/23 12:00:00 $1" >&2; exit 1; }
echo "$*" >> "$folder/calls"
${first}
case "$*" in
"signin --account ${account} --raw")
  ${accountPassword === undefined ? "exit 0" : ""}
  [ -t 0 ] || fail "cannot prompt for the password: stdin is no terminal"
  stty -echo
  printf 'Enter the password for dev_aly@visma.com at ${account}.1password.com: ' >&2
  read -r typed; stty echo; echo >&2
  [ "$typed" = '${accountPassword}' ] || fail "(401) Unauthorized: wrong password"
  echo ${opToken} ;;
"item get ${item} --account ${account} --format json${session}")
  ${trouble === undefined ? "" : `fail '${trouble}'`}
  looks=0
  while read -r call; do
    case "$call" in "item get "*json"${session}") looks=$((looks + 1)) ;; esac
  done < "$folder/calls"
  [ "$looks" -gt ${items} ] && looks=${items}
  cat "$folder/item-$looks.json" ;;
"item get ${item} --account ${account} --format json")
  fail 'You are not currently signed in. Please run \`op signin --help\` for instructions' ;;
"item get ${item} --account "*) fail 'found no account for filter' ;;
"item get "*" --account ${account} --format json"*) fail "\\"$3\\" isn't an item. Specify the item with its UUID, name, or domain." ;;
*) fail "unknown command: $*" ;;
esac
`
}
