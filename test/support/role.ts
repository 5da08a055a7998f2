import { type Role, readRoles } from "../../src/domain/roles.ts"

/** Makes a role from account and name: `095344953043 Admin`. */
export function role(text: string, provider = "ADFS"): Role {
  const [account, name] = text.split(" ")
  const [found] = readRoles([
    `arn:aws:iam::${account}:role/${name},arn:aws:iam::${account}:saml-provider/${provider}`,
  ]).roles
  if (found === undefined) throw new Error(`no role ${text}`)
  return found
}
