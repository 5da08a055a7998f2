import { unlinkSync } from "node:fs"
import { parseObject } from "../domain/json.ts"
import type { PumError } from "../errors.ts"
import { codeOf, fileTrouble } from "../files/file-error.ts"
import { checkOwnFolder, ownFile, ownFolder, readOwnFile } from "../files/read-own-file.ts"
import { sessionFileNames } from "./kept-sessions.ts"
import { parseKeptRequest } from "./session-file.ts"
import { profileOfKey, sessionFileName } from "./session-key.ts"

/** Everything of pum-aws in the folder of sessions, of any version; also what a killed process left half-written. */
const ours =
  /^(?:.*-[\da-f]{14}\.(?:json|request|outcome|refusal)|accounts\.json|roles\.json|\..*\.pum-aws.*\.tmp)$/

/**
 * Removes kept sessions, and what is kept with them.
 * @param profile only what belongs to this profile alone; default: everything
 * @returns how many sessions were removed
 * @throws PumError `file`, when all that can be removed is
 */
export function forgetSessions(home: string, profile: string | undefined): number {
  checkOwnFolder(ownFolder(home))
  const find = () => {
    const names = sessionFileNames(home).filter(name => ours.test(name))
    return profile === undefined ? names : filesOfProfile(profile, names, home)
  }
  // First: a sign-in that is under way keeps nothing once its file is gone.
  for (const name of find().filter(each => each.endsWith(".outcome"))) forgetFile(name, home)
  const gone = find()
  const [trouble] = gone.flatMap(name => forgetFile(name, home))
  if (trouble !== undefined) throw trouble
  return gone.filter(name => name.endsWith(".json") && !/^(accounts|roles)\.json$/.test(name)).length
}

/** @returns what went wrong, if something did */
function forgetFile(name: string, home: string): PumError[] {
  const file = ownFile(home, name)
  try {
    unlinkSync(file.path)
    return []
  } catch (error) {
    return codeOf(error) === "ENOENT" ? [] : [fileTrouble("cannot remove", file, error)]
  }
}

/** Its requests, their sessions unless another profile's request leads to them, and how its sign-ins ended. */
function filesOfProfile(profile: string, names: readonly string[], home: string): readonly string[] {
  const textOf = (name: string) => readOwnFile(ownFile(home, name)) ?? ""
  const requests = names.flatMap(name => {
    const request = name.endsWith(".request") ? parseKeptRequest(textOf(name)) : undefined
    return request === undefined
      ? []
      : [{ name, request, session: sessionFileName(request.sessionKey, request.role) }]
  })
  const isOwn = ({ request }: (typeof requests)[number]) => request.profile === profile
  const others = new Set(requests.filter(one => !isOwn(one)).map(({ session }) => session))
  const own = requests
    .filter(isOwn)
    .flatMap(({ name, session }) => [name, ...(others.has(session) ? [] : [session])])
  const ends = names.filter(
    name =>
      /\.(outcome|refusal)$/.test(name) && profileOfKey(String(parseObject(textOf(name))?.key)) === profile,
  )
  return [...new Set([...own, ...ends])].filter(name => names.includes(name))
}
