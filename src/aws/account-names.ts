import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Aliases, Role } from "../domain/roles.ts"
import { PumError, plain } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import { updateFiles } from "../files/update-files.ts"
import type { Options } from "../options/options.ts"
import type { Terminal } from "../terminal/terminal.ts"

export interface NameSources {
  readonly options: Pick<Options, "aliases" | "accountNames">
  /** All that the assertion offers: of no other account is anything believed. */
  readonly roles: readonly Role[]
  /** Asks AWS' page in one of these partitions; gives names by account id, empty where AWS knows none. */
  readonly ask: (partitions: ReadonlySet<string>) => Promise<ReadonlyMap<string, string>>
  readonly home: string
  readonly terminal: Terminal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const keptForDays = 30
const day = 86_400_000
/** A menu is waited for: whoever holds the lock writes the same. */
const patience = 0

interface Known {
  /** Empty where AWS knows none. */
  readonly name: string
  /** When AWS was asked, ISO 8601. */
  readonly asked: string
}

/**
 * Names for the accounts of a menu: the user's aliases, what AWS said within the last 30 days, and only where that
 * leaves an account out, AWS' own page. Names are for reading, and decide nothing; trouble leaves the number.
 */
export function accountNames(sources: NameSources): (accounts: ReadonlySet<string>) => Promise<Aliases> {
  const { options } = sources
  return async accounts => (options.accountNames ? namesOf(accounts, sources) : options.aliases)
}

/** Those of them that need no question to AWS. */
export function knownNames(
  accounts: ReadonlySet<string>,
  sources: Pick<NameSources, "options" | "home" | "now">,
): Aliases {
  const { aliases, accountNames } = sources.options
  return accountNames ? named(accounts, aliases, read(whereKept(sources).path, sources.now())) : aliases
}

async function namesOf(accounts: ReadonlySet<string>, sources: NameSources): Promise<Aliases> {
  const { options, roles, ask, now, terminal } = sources
  const { aliases } = options
  const offered = new Set(roles.map(role => role.account))
  let known = read(whereKept(sources).path, now())
  const isKnown = (account: string) => aliases.has(account) || known.has(account)
  if (![...accounts].every(isKnown)) {
    const done = terminal.progress("Asking AWS for the names of your accounts")
    const learned = await ask(new Set(roles.map(role => role.partition))).finally(done)
    if ([...learned.keys()].some(account => offered.has(account))) {
      const asked = new Date(now()).toISOString()
      // An account that is not on the page has no name there either.
      const fresh = [...offered].map(
        account => [account, { name: learned.get(account) ?? "", asked }] as const,
      )
      known = new Map([...known, ...fresh])
      await keep(fresh, sources)
    }
  }
  return named(accounts, aliases, known)
}

function whereKept({ home }: Pick<NameSources, "home">): UserFile {
  return { path: join(home, ".aws", "pum-aws", "accounts.json"), shown: "~/.aws/pum-aws/accounts.json" }
}

/** A name that two accounts would share is a trap: neither gets it. */
function named(accounts: ReadonlySet<string>, aliases: Aliases, known: ReadonlyMap<string, Known>): Aliases {
  const names = new Map(aliases)
  const taken = new Map<string, number>()
  const count = (name: string) => taken.set(name.toLowerCase(), (taken.get(name.toLowerCase()) ?? 0) + 1)
  const own = [...accounts].filter(account => !aliases.has(account))
  for (const alias of aliases.values()) count(alias)
  for (const account of own) count(known.get(account)?.name ?? "")
  for (const account of own) {
    const name = known.get(account)?.name ?? ""
    if (name !== "" && taken.get(name.toLowerCase()) === 1) names.set(account, name)
  }
  return names
}

/** What is in the file and fresh. A file that cannot be read is no file: it only saves a question. */
function read(path: string, now: number): Map<string, Known> {
  try {
    return parse(readFileSync(path, "utf8"), now)
  } catch {
    return new Map()
  }
}

function parse(text: string, now: number): Map<string, Known> {
  const known = new Map<string, Known>()
  const all: unknown = JSON.parse(text)
  for (const [account, entry] of Object.entries(all instanceof Object ? all : {})) {
    if (!/^\d{12}$/.test(account) || !(entry instanceof Object)) continue
    const { name, asked } = entry as Readonly<Record<string, unknown>>
    if (typeof name !== "string" || typeof asked !== "string") continue
    const age = now - Date.parse(asked)
    // One from the future would be kept for ever.
    if (age > -day && age < keptForDays * day) known.set(account, { name: plain(name, 64), asked })
  }
  return known
}

async function keep(fresh: readonly (readonly [string, Known])[], sources: NameSources): Promise<void> {
  const { now, terminal } = sources
  const merged = ([text]: readonly (string | undefined)[]) => {
    const before = parseOrNothing(text, now())
    return [`${JSON.stringify(Object.fromEntries([...before, ...fresh]), null, 1)}\n`]
  }
  try {
    await updateFiles([whereKept(sources)], merged, { patience })
  } catch (error) {
    terminal.trace(`account names were not kept: ${error instanceof PumError ? error.message : "a defect"}`)
  }
}

function parseOrNothing(text: string | undefined, now: number): Map<string, Known> {
  try {
    return parse(text ?? "", now)
  } catch {
    return new Map()
  }
}
