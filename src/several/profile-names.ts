import type { Aliases, Role } from "../domain/roles.ts"

/**
 * A profile name for each role: `<alias or account>-<role>`, in characters that every AWS tool reads alike. Names are
 * unique without regard to case, and do not depend on the order of the roles, which ADFS may change between runs.
 */
export function profileNames(roles: readonly Role[], aliases: Aliases): ReadonlyMap<Role, string> {
  const aliasOf = (role: Role) => toNamePart(aliases.get(role.account) ?? "")
  const shortName = (role: Role) => joinParts(aliasOf(role) || role.account, role.name)
  const longName = (role: Role) => joinParts(aliasOf(role), role.account, role.name)
  const uses = new Map<string, number>()
  for (const role of roles) {
    const name = shortName(role).toLowerCase()
    uses.set(name, (uses.get(name) ?? 0) + 1)
  }
  const names = new Map<Role, string>()
  const taken = new Set<string>()
  for (const role of [...roles].sort((a, b) => (a.arn < b.arn ? -1 : 1))) {
    const first = uses.get(shortName(role).toLowerCase()) === 1 ? shortName(role) : longName(role)
    let name = first
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${first}-${number}`
    taken.add(name.toLowerCase())
    names.set(role, name)
  }
  return names
}

function joinParts(...parts: readonly string[]): string {
  return parts
    .map(toNamePart)
    .filter(part => part !== "")
    .join("-")
}

/** Other characters become hyphens; none at the start, where the name would be taken for an option. */
function toNamePart(text: string): string {
  return text.replace(/[^\w.@+-]+/g, "-").replace(/^-+|-+$/g, "")
}
