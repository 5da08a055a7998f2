import type { Aliases, Role } from "../domain/roles.ts"

/**
 * A profile name for each role: `<alias or account>-<role>`, of characters that every AWS tool reads alike. The
 * names are different, and the same in every run with the same roles, in whatever order ADFS sends them.
 */
export function profileNames(roles: readonly Role[], aliases: Aliases): ReadonlyMap<Role, string> {
  const short = (role: Role) => joined(usable(aliases.get(role.account) ?? "") || role.account, role.name)
  const long = (role: Role) => joined(usable(aliases.get(role.account) ?? ""), role.account, role.name)
  const times = new Map<string, number>()
  for (const role of roles) {
    const name = short(role).toLowerCase()
    times.set(name, (times.get(name) ?? 0) + 1)
  }
  const names = new Map<Role, string>()
  const taken = new Set<string>()
  for (const role of [...roles].sort((a, b) => (a.arn < b.arn ? -1 : 1))) {
    const first = times.get(short(role).toLowerCase()) === 1 ? short(role) : long(role)
    let name = first
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${first}-${number}`
    taken.add(name.toLowerCase())
    names.set(role, name)
  }
  return names
}

function joined(...parts: readonly string[]): string {
  return parts
    .map(usable)
    .filter(part => part !== "")
    .join("-")
}

/** A name that begins with a hyphen would be taken for an option. */
function usable(text: string): string {
  return text.replace(/[^\w.@+-]+/g, "-").replace(/^-+|-+$/g, "")
}
