import { regionPattern } from "../domain/regions.ts"
import { usernameProblem } from "../domain/username.ts"
import { PumError } from "../errors.ts"
import { isLoopback } from "../http/proxy.ts"

/** What the text of a setting may be. Each throws PumError `usage` that says what is wrong with it. */

export function nonEmpty(text: string): string {
  if (text.trim() === "") throw new PumError("usage", "it is empty")
  return text
}

/** Names separated by commas or blanks, each once. */
export function profileList(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).filter(name => name !== "")
  if (names.length === 0) throw new PumError("usage", "it names no profile", { hint: "write them as a,b,c" })
  return [...new Set(names)]
}

export function username(text: string): string {
  const complaint = usernameProblem(nonEmpty(text))
  if (complaint === undefined) return text
  throw new PumError("usage", `'${text}' is no user name for ADFS`, { hint: complaint })
}

export function region(text: string): string {
  if (!regionPattern.test(text))
    throw new PumError("usage", `'${text}' is no region`, { hint: "regions look like eu-north-1" })
  return text
}

/** `true 1 yes on` / `false 0 no off`, in any case. */
export function yesOrNo(text: string): boolean {
  const word = text.trim().toLowerCase()
  if (["true", "1", "yes", "on"].includes(word)) return true
  if (["false", "0", "no", "off"].includes(word)) return false
  throw new PumError("usage", `'${text}' is neither yes nor no`, { hint: "write true or false" })
}

/**
 * Minutes, as seconds: `30`; `yes` is 15, `no` and `0` are none at all.
 */
export function timeLeft(text: string): number | undefined {
  const word = text.trim().toLowerCase()
  if (/^\d+$/.test(word)) {
    const minutes = Number(word)
    if (minutes > 720) throw new PumError("usage", `${text} minutes are more than any session lasts`)
    return minutes === 0 ? undefined : minutes * 60
  }
  if (["true", "yes", "on"].includes(word)) return 15 * 60
  if (["false", "no", "off"].includes(word)) return undefined
  throw new PumError("usage", `'${text}' is no number of minutes`, { hint: "write 15, for example" })
}

export function idpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined)
    throw new PumError("usage", `'${text}' is no address`, {
      hint: "it looks like https://adfs.example.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices",
    })
  return requireHttps(url, passwordReadable)
}

/** Origins, separated by commas, blanks or lines. An address with a path would promise a limit that there is not. */
export function origins(text: string): readonly string[] {
  return text
    .split(/[\s,]+/)
    .filter(part => part !== "")
    .map(part => {
      const url = URL.canParse(part) ? new URL(part) : undefined
      if (url === undefined || url.host === "" || `${url.origin}/` !== url.href)
        throw new PumError("usage", `'${part}' is no origin`, {
          hint: "an origin looks like https://login.example.com",
        })
      return requireHttps(url, passwordReadable).origin
    })
}

const passwordReadable = "the password would be readable on its way"

/** Plain http is for this machine only. */
export function requireHttps(url: URL, why: string): URL {
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) return url
  throw new PumError("usage", `${url.origin} is not https: ${why}`)
}
