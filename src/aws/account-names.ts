import { type Aliases, maxAccountNameLength, type Role } from "../domain/roles.ts"
import { PumError, plain } from "../errors.ts"
import { formatVersion, isOfLaterVersion, parseOwn } from "../files/own-content.ts"
import type { Snapshot } from "../files/read-file.ts"
import { checkOwnFolder, ownFile, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import { updateFiles } from "../files/update-files.ts"
import type { Options } from "../options/options.ts"
import type { Terminal } from "../terminal/terminal.ts"

export interface NameSources {
  readonly options: Pick<Options, "aliases" | "accountNames">
  /** All roles of the assertion. Names of other accounts are ignored. */
  readonly roles: readonly Role[]
  /** Asks AWS' role page in one of these partitions. @returns names by account id; empty if AWS knows none */
  readonly ask: (partitions: ReadonlySet<string>) => Promise<ReadonlyMap<string, string>>
  readonly home: string
  readonly terminal: Terminal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const day = 86_400_000
const nameLifetime = 30 * day
/** The user waits for the menu. Another process that holds the lock is writing the same names. */
const lockPatience = 0

/** What AWS said about an account. */
interface KeptName {
  /** Empty if AWS knows none. */
  readonly name: string
  /** When AWS was asked, ISO 8601. */
  readonly asked: string
}

/**
 * Names for the accounts of a menu: the user's aliases, then what AWS said within the last 30 days; AWS' role page is
 * asked only if an account has neither. Names are only shown, and decide nothing: without one, the number is shown.
 */
export function accountNames(sources: NameSources): (accounts: ReadonlySet<string>) => Promise<Aliases> {
  const { options } = sources
  return async accounts => (options.accountNames ? findNames(accounts, sources) : options.aliases)
}

/** The names that are known without asking AWS. */
export function knownNames(
  accounts: ReadonlySet<string>,
  { options, home, now }: Pick<NameSources, "options" | "home" | "now">,
): Aliases {
  const { aliases, accountNames } = options
  return accountNames ? addNames(aliases, accounts, readKeptNames(home, now())) : aliases
}

async function findNames(accounts: ReadonlySet<string>, sources: NameSources): Promise<Aliases> {
  const { options, roles, ask, now, home, terminal } = sources
  const { aliases } = options
  const offered = new Set(roles.map(role => role.account))
  let kept = readKeptNames(home, now())
  const isKnown = (account: string) => aliases.has(account) || kept.has(account)
  if (![...accounts].every(isKnown)) {
    const done = terminal.progress("Asking AWS for the names of your accounts")
    const learned = await ask(new Set(roles.map(role => role.partition))).finally(done)
    if ([...learned.keys()].some(account => offered.has(account))) {
      const asked = new Date(now()).toISOString()
      // An account that is not on the page has no name there, either.
      const fresh = [...offered].map(
        account => [account, { name: learned.get(account) ?? "", asked }] as const,
      )
      kept = new Map([...kept, ...fresh])
      await keepNames(fresh, sources)
    }
  }
  return addNames(aliases, accounts, kept)
}

const nameFile = (home: string) => ownFile(home, "accounts.json")

/** The aliases and AWS' names. A name that two accounts share is given to neither: it would be taken for the other. */
function addNames(
  aliases: Aliases,
  accounts: ReadonlySet<string>,
  kept: ReadonlyMap<string, KeptName>,
): Aliases {
  const names = new Map(aliases)
  const uses = new Map<string, number>()
  const count = (name: string) => uses.set(name.toLowerCase(), (uses.get(name.toLowerCase()) ?? 0) + 1)
  const withoutAlias = [...accounts].filter(account => !aliases.has(account))
  for (const alias of aliases.values()) count(alias)
  for (const account of withoutAlias) count(kept.get(account)?.name ?? "")
  for (const account of withoutAlias) {
    const name = kept.get(account)?.name ?? ""
    if (name !== "" && uses.get(name.toLowerCase()) === 1) names.set(account, name)
  }
  return names
}

/** What the file holds that is not too old. A file that cannot be read counts as empty: AWS is asked again. */
function readKeptNames(home: string, now: number): Map<string, KeptName> {
  try {
    return parseKeptNames(readOwnFile(nameFile(home)) ?? "", now)
  } catch {
    return new Map()
  }
}

function parseKeptNames(text: string, now: number): Map<string, KeptName> {
  const kept = new Map<string, KeptName>()
  for (const [account, entry] of Object.entries(parseOwn(text) ?? {})) {
    if (!/^\d{12}$/.test(account) || !(entry instanceof Object)) continue
    const { name, asked } = entry as Readonly<Record<string, unknown>>
    if (typeof name !== "string" || typeof asked !== "string") continue
    const age = now - Date.parse(asked)
    // A date far in the future would keep the name for ever.
    if (age > -day && age < nameLifetime)
      kept.set(account, { name: plain(name, maxAccountNameLength), asked })
  }
  return kept
}

async function keepNames(
  fresh: readonly (readonly [string, KeptName])[],
  { home, now, terminal }: NameSources,
): Promise<void> {
  const merged = ([file]: readonly Snapshot[]) => {
    if (isOfLaterVersion(file?.text ?? "")) return [undefined]
    const entries = Object.fromEntries([...parseKeptNames(file?.text ?? "", now()), ...fresh])
    return [`${JSON.stringify({ version: formatVersion, ...entries }, null, 1)}\n`]
  }
  try {
    checkOwnFolder(ownFolder(home))
    await updateFiles([nameFile(home)], merged, { patience: lockPatience })
  } catch (error) {
    terminal.trace(`account names were not kept: ${error instanceof PumError ? error.message : "a defect"}`)
  }
}
