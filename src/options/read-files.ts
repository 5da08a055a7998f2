import { readFileSync, statSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { didYouMean, mistypedOf, nearestOf } from "../domain/nearest.ts"
import { PumError } from "../errors.ts"
import { fileTrouble, type UserFile, unusable, whenFree } from "../files/file-error.ts"
import { namedFileLimit, readNamedFile } from "../files/read-named-file.ts"
import { type Environment, expandHome, isDeviceName } from "../platform/platform.ts"
import { isUtf16, replacementCharacter, saveHint } from "../platform/strict-text.ts"
import { type ConfigFile, parseConfig } from "./config-file.ts"
import { parseEnvFile } from "./env-file.ts"
import { definitions } from "./given.ts"
import { parseWritten, type WrittenValue } from "./option-definition.ts"

/**
 * Reads the file of --env-file.
 * @throws PumError `usage` if it cannot be read or sets an unknown `PUM_*` variable: a misspelt one would have no effect
 */
export function readEnvFile(path: string, home: string): ReadonlyMap<string, WrittenValue> {
  const variables = parseEnvFile(readNamedText({ path: expandHome(path, home), shown: path }), path)
  for (const [name, { source, text }] of variables) {
    if (text.includes(replacementCharacter))
      throw new PumError("usage", `${source} is not UTF-8`, { hint: saveHint })
    // readRemember says why.
    if (isVariable(name) || name === "PUM_REMEMBER") continue
    throw new PumError("usage", `${source} is not a variable of pum-aws`, {
      hint: didYouMean(nearestOf(name, ownVariables())) ?? `the variables are ${ownVariables().join(", ")}`,
    })
  }
  return variables
}

const isVariable = (name: string) => definitions.some(([, { env }]) => env?.includes(name) === true)
const isOwn = (name: string) => name.startsWith("PUM_")
const ownVariables = () => definitions.flatMap(([, { env = [] }]) => env).filter(isOwn)

const withoutPrefix = (name: string) => name.replace(/^PUM_/, "")

/** A warning for each variable of the environment that looks like a misspelt one: it has no effect. */
export function misspeltVariables(env: Environment): readonly string[] {
  // Set by pum-aws for shell prompts, or refused with a reason elsewhere.
  const others = ["PUM_AWS_SESSION", "PUM_REMEMBER"]
  const unknown = Object.keys(env).filter(name => isOwn(name) && !isVariable(name) && !others.includes(name))
  if (unknown.length === 0) return []
  const own = ownVariables().map(withoutPrefix)
  return unknown.flatMap(name => {
    const meant = didYouMean(mistypedOf(withoutPrefix(name), own).map(one => `PUM_${one}`))
    return meant === undefined ? [] : [`${name} is not a variable of pum-aws: ${meant}`]
  })
}

/**
 * @param source the option that names the file, in messages
 * @throws PumError `usage`
 */
export function readNamedText(file: UserFile, source?: string): string {
  try {
    return decodeSettings(readNamedFile(file), file)
  } catch (error) {
    if (source === undefined || !(error instanceof PumError)) throw error
    throw new PumError(error.code, `${source}: ${error.message}`, { hint: error.hint, cause: error })
  }
}

/**
 * Reads `~/.pum-aws`; an absent file is an empty one. Every value in it is checked, also those that this run does not
 * use: a mistake shows when it is made.
 * @throws PumError `usage` with the line of a mistake, `file` if it cannot be read
 */
export function readConfigFile(file: UserFile): ConfigFile {
  const text = readIfThere(file)
  if (lastConfig?.text !== text || lastConfig.shown !== file.shown)
    lastConfig = { text, shown: file.shown, config: parseChecked(text, file) }
  return lastConfig.config
}

/** Of this process: the file is read for each profile on demand, and parsed when it has changed. */
let lastConfig: { readonly text: string; readonly shown: string; readonly config: ConfigFile } | undefined

function parseChecked(text: string, file: UserFile): ConfigFile {
  const byKey = new Map(
    definitions.flatMap(([, definition]) =>
      definition.key === undefined ? [] : [[definition.key, definition] as const],
    ),
  )
  const config = parseConfig(text, file.shown, new Set(byKey.keys()))
  for (const section of [config.defaults, ...config.profiles.values()]) {
    for (const [key, written] of section) {
      const definition = byKey.get(key)
      // The user name of [default] is only offered: the Python script kept there whatever was typed.
      const isOffered = section === config.defaults && key === "username"
      if (definition !== undefined && written.text !== "" && !isOffered) parseWritten(definition, written)
    }
  }
  return config
}

/** @throws PumError `file` for `CON` and its like, which Windows has in every folder */
function refuseDevice(file: UserFile): void {
  if (isDeviceName(file.path)) throw unusable(file, "is no regular file")
}

/**
 * The text of a file that the user wrote. Single characters that are not UTF-8 are left to where they stand: in a comment
 * they do no harm.
 * @throws PumError `usage` for UTF-16, in which nothing could be found
 */
function decodeSettings(bytes: Buffer, { shown }: UserFile): string {
  if (isUtf16(bytes)) throw new PumError("usage", `${shown} is not UTF-8 but UTF-16`, { hint: saveHint })
  return bytes.toString("utf8")
}

/** The text of a regular file: a FIFO or a device would be waited for. */
function readIfThere(file: UserFile): string {
  try {
    refuseDevice(file)
    const stats = whenFree(() => statSync(file.path, { throwIfNoEntry: false }))
    if (stats === undefined) return ""
    if (!stats.isFile() && !stats.isDirectory()) throw unusable(file, "is no regular file")
    if (stats.size > namedFileLimit) throw unusable(file, "the file is too large")
    return decodeSettings(
      whenFree(() => readFileSync(file.path)),
      file,
    )
  } catch (error) {
    throw fileTrouble("cannot read", file, error)
  }
}

/** A path in `~/.pum-aws` is relative to that file's folder, not to the current one. */
export function resolveBeside(file: UserFile, path: string, home: string): string {
  return resolve(dirname(file.path), expandHome(path, home))
}
