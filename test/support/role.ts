import { type Role, readRoles } from "../../src/domain/roles.ts"

/** Makes a role from account and name: `095344953043 Admin`. */
export function role(text: string, provider = "ADFS", partition = "aws"): Role {
  const [account, name] = text.split(" ")
  const arn = `arn:${partition}:iam::${account}`
  const [found] = readRoles([`${arn}:role/${name},${arn}:saml-provider/${provider}`]).roles
  if (found === undefined) throw new Error(`no role ${text}`)
  return found
}
