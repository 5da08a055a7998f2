import { didYouMean, nearestOf } from "../domain/nearest.ts"
import { trimPasted } from "../domain/pasted.ts"
import { principalOf } from "../domain/principal.ts"
import { regionPattern } from "../domain/regions.ts"
import { usernameProblem } from "../domain/username.ts"
import { PumError } from "../errors.ts"
import { isLoopback } from "../http/proxy.ts"

/*
 * From the text of an option to its value. Each function throws PumError `usage` that says what is wrong with the text;
 * the caller adds where the text stands.
 */

/** The text without white space around it. */
export function parseNonEmpty(text: string): string {
  const trimmed = text.trim()
  if (trimmed === "") throw new PumError("usage", "it is empty")
  return trimmed
}

/** The text without what a paste brings along. */
const parsePasted = (text: string) => parseNonEmpty(trimPasted(text))

/** An account id can be written as the AWS console shows it: `5858-4878-6654`. */
export function parseAccount(text: string): string {
  const account = parsePasted(text)
  if (/^\d{4}([- ])\d{4}\1\d{4}$/.test(account)) return account.replace(/[- ]/g, "")
  if (account.startsWith("arn:"))
    throw new PumError("usage", `'${account}' is an ARN, not an account`, {
      hint: `an account is 12 digits or an alias${principalOf(account) === undefined ? "" : `: ${principalOf(account)?.account}`}`,
    })
  if (/^[\d -]{12,}\s[#;]/.test(account)) throw new PumError("usage", `'${account}' is no account`)
  if (/^\d{13,}$/.test(account))
    throw new PumError("usage", `'${account}' has ${account.length} digits, and an account id has 12`)
  return account
}

/** A role's name, path and name, or ARN. Git Bash turns `/team/Admin` into a path of Windows before a program sees it. */
export function parseRole(text: string): string {
  const role = parsePasted(text)
  const [, last] = /^[A-Za-z]:[\\/].*?([^\\/]*)$/s.exec(role) ?? []
  if (last === undefined) return possibleRole(role)
  throw new PumError("usage", `'${role}' is a path of a file, not a role`, {
    hint: `Git Bash makes one of what begins with /: leave out the first slash, as in --role team/${last}`,
  })
}

/** Refuses what no role can be called (IAM's rules for names and paths), and ARNs of other things. */
function possibleRole(role: string): string {
  const [, service, resource = ""] = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.*)$/s.exec(role) ?? []
  const isOfRole = service === "iam" && (resource.startsWith("role/") || "role/".startsWith(resource))
  if (service !== undefined && !isOfRole) {
    const assumed = principalOf(role)
    throw new PumError("usage", `'${role}' is not the ARN of a role`, {
      hint:
        assumed === undefined
          ? "it looks like arn:aws:iam::585848786654:role/AdministratorAccess"
          : `it is of a session; its role: --account ${assumed.account} --role ${assumed.role}`,
    })
  }
  // An indented line behind the value is refused where the value would be changed, by its line.
  if (role.includes("\n")) return role
  const name = role.split("/").at(-1) ?? ""
  if (/^[\x21-\x7e]*$/.test(role) && (service !== undefined || /^[\w+=,.@:-]*$/.test(name))) return role
  throw new PumError("usage", `'${role}' cannot be the name of a role`, {
    hint: /[*?]/.test(role)
      ? "there are no patterns: write the name or its beginning"
      : "names of roles consist of letters, digits and _ + = , . @ -",
  })
}

/** Names with commas or white space between them. Returns each once. */
export function parseProfileNames(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).filter(name => name !== "")
  if (names.length === 0) throw new PumError("usage", "it names no profile", { hint: "write them as a,b,c" })
  return [...new Set(names)]
}

export function parseUsername(text: string): string {
  const username = parsePasted(text)
  const problem = usernameProblem(username)
  if (problem === undefined) return username
  throw new PumError("usage", `'${text}' is not a user name that ADFS accepts`, { hint: problem })
}

export function parseRegion(text: string): string {
  const region = trimPasted(text)
  if (regionPattern.test(region)) return region
  // Written in capitals or with underscores, or the name of an availability zone.
  const meant = region
    .toLowerCase()
    .replace(/[_ ]/g, "-")
    .replace(/(\d)[a-z]$/, "$1")
  const hint = regionPattern.test(meant) ? didYouMean([meant]) : "regions look like eu-north-1"
  throw new PumError("usage", `'${text}' is not a region`, { hint })
}

/** `true 1 yes on` or `false 0 no off`, in upper or lower case. */
export function parseYesOrNo(text: string): boolean {
  const word = text.trim().toLowerCase()
  if (["true", "1", "yes", "on"].includes(word)) return true
  if (["false", "0", "no", "off"].includes(word)) return false
  throw new PumError("usage", `'${text}' is neither yes nor no`, { hint: "write true or false" })
}

/**
 * The minutes of --if-needed, 1 to 720. `yes` means 15.
 * @returns seconds; `undefined` for `no` and `0`, which switch the option off
 */
export function parseMinutes(text: string): number | undefined {
  const word = text.trim().toLowerCase()
  if (/^\d+$/.test(word)) {
    const minutes = Number(word)
    if (minutes > 720) throw new PumError("usage", `no session lasts ${text} minutes`)
    return minutes === 0 ? undefined : minutes * 60
  }
  if (["true", "yes", "on"].includes(word)) return 15 * 60
  if (["false", "no", "off"].includes(word)) return undefined
  throw new PumError("usage", `'${text}' is not a number of minutes`, {
    hint: `write ${/^(\d+)\s*m(in(ute)?s?)?$/.exec(word)?.[1] ?? "15, for example"}`,
  })
}

export const rememberable = ["off", "sign-in", "password", "all"] as const
/** What outlives a run: the sign-in at ADFS, the password, or both. */
export type Remember = (typeof rememberable)[number]

function parseRemember(text: string): Remember {
  return parseChoice(text.toLowerCase(), rememberable, `'${text}' cannot be remembered`)
}

/** @param problem what is wrong if the text is none of the choices */
function parseChoice<Choice extends string>(
  text: string,
  choices: readonly Choice[],
  problem: string,
): Choice {
  const choice = choices.find(one => one === text)
  if (choice !== undefined) return choice
  throw new PumError("usage", problem, { hint: choiceHint(text, choices) })
}

/** What an option takes, and what a wrong value was probably meant as. */
function choiceHint(text: string, choices: readonly string[]): string {
  const word = otherNames.get(text.toLowerCase()) ?? text
  return [didYouMean(nearestOf(word, choices)), takes(choices)].filter(Boolean).join(" ")
}

const takes = (choices: readonly string[]) => `it takes ${choices.join(", ")}`

/** Other names of what options take. */
const otherNames = new Map([
  ["pwsh", "powershell"],
  ["ksh", "sh"],
  ["dash", "sh"],
  ["cmd.exe", "cmd"],
  ["env", "dotenv"],
  ["sign-in,password", "all"],
  ["password,sign-in", "all"],
])

/** Its entry of the table of options. */
export const rememberOption = {
  long: "--remember",
  value: "<what>",
  key: "remember",
  parse: parseRemember,
  help: "what to keep for the next runs, guarded by the keychain of the system: sign-in (12 hours at most), password, all; off removes what is kept",
} as const

export const shells = ["bash", "zsh", "sh", "fish", "powershell", "cmd", "dotenv"] as const
/** The syntax that `--export` writes. */
export type Shell = (typeof shells)[number]

export function parseShell(text: string): Shell {
  return parseChoice(text, shells, `'${text}' is not a shell that pum-aws knows`)
}

export const completionShells = ["bash", "zsh", "fish", "powershell"] as const
export type CompletionShell = (typeof completionShells)[number]

export function parseCompletionShell(text: string): CompletionShell {
  return parseChoice(text, completionShells, `there is no completion for '${text}'`)
}

/** By the option whose value is missing. */
export const missingValueHints: Readonly<Record<string, string>> = {
  "--export": takes(shells),
  "--completion": takes(completionShells),
  "--remember": takes(rememberable),
}

/** A service of the AWS console, as its addresses name it: `s3`, `cloudwatch/home`. */
export function parseService(text: string): string {
  if (/^[a-z\d-]+(\/[a-z\d-]+)*$/i.test(text)) return text
  throw new PumError("usage", `'${text}' is not a service of the AWS console`, {
    hint: "services are s3, ec2 or cloudwatch, for example",
  })
}

export function parseIdpUrl(text: string): URL {
  const address = trimPasted(text)
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined)
    throw new PumError("usage", `'${text}' is not an address`, {
      hint: "it looks like https://adfs.example.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices",
    })
  return requireHttps(url, "the password")
}

/** Origins with commas or white space between them. An address with a path is refused: the path would limit nothing. */
export function parseOrigins(text: string): readonly string[] {
  return text
    .split(/[\s,]+/)
    .filter(part => part !== "")
    .map(part => {
      const url = URL.canParse(part) ? new URL(part) : undefined
      if (url === undefined || url.host === "" || `${url.origin}/` !== url.href)
        throw new PumError("usage", `'${part}' is not an origin`, {
          hint: "an origin looks like https://login.example.com",
        })
      return requireHttps(url, "the password").origin
    })
}

export function parseStsEndpoint(text: string): string {
  if (!URL.canParse(text)) throw new PumError("usage", `'${text}' is not an address`)
  return requireHttps(new URL(text), "the assertion").href
}

/** Refuses plain http, except to this machine. */
function requireHttps(url: URL, secret: string): URL {
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) return url
  throw new PumError("usage", `${url.origin} is not https: others on the network could read ${secret}`)
}
