import { type CheerioAPI, load } from "cheerio/slim"
import { partitions } from "../domain/partitions.ts"
import { maxAccountNameLength } from "../domain/roles.ts"
import { plain } from "../errors.ts"

/** Names by account id; empty if AWS knows none. */
export type AccountNames = ReadonlyMap<string, string>

/** `Account: alias (012345678901)`, or the number alone; the newer page has no word and colon in front. */
const accountEntry = /^(?:[^:()]*:)?\s*(?:(.*\S)\s*\((\d{12})\)|(\d{12}))$/

/**
 * The accounts on AWS' page for choosing a role. The page changes without notice: other shapes than the two known ones
 * give no account. Nothing on it is trusted: a name can hold control characters.
 */
export function readRolePage(html: string): AccountNames {
  const $ = load(html)
  const names = new Map<string, string>()
  for (const text of [...legacyEntries($), ...newerEntries($)]) {
    const [, name = "", named, alone] = accountEntry.exec(plain(text, 1000)) ?? []
    const account = named ?? alone
    // A name of digits would be taken for another account's number.
    if (account !== undefined) names.set(account, /^\d+$/.test(name) ? "" : plain(name, maxAccountNameLength))
  }
  return names
}

function legacyEntries($: CheerioAPI): string[] {
  return $("div.saml-account div.saml-account-name")
    .toArray()
    .map(node => $(node).text())
}

/** Keys of `roles_accounts` in base64 of JSON. */
function newerEntries($: CheerioAPI): string[] {
  const content = $("meta[name='data']").attr("content") ?? ""
  try {
    const data: unknown = JSON.parse(Buffer.from(content, "base64").toString("utf8"))
    const accounts: unknown = data instanceof Object && "roles_accounts" in data ? data.roles_accounts : {}
    return accounts instanceof Object ? Object.keys(accounts) : []
  } catch {
    return []
  }
}

/**
 * The address that the assertion may be taken to: AWS' own sign-in page, of one of the roles' partitions.
 * @param action of the token form
 * @param ofRoles names of partitions
 */
export function awsSignInAddress(action: string, ofRoles: ReadonlySet<string>): URL | undefined {
  const url = URL.canParse(action) ? new URL(action) : undefined
  if (url === undefined || url.protocol !== "https:" || url.port !== "") return undefined
  if (`${url.username}${url.password}` !== "" || !/^\/saml(\/|$)/.test(url.pathname)) return undefined
  const host = url.hostname.replace(/^[a-z]{2,4}(-[a-z]+)+-\d{1,2}\./, "")
  return [...ofRoles].some(name => partitions.get(name)?.signInHost === host) ? url : undefined
}
