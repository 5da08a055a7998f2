import { readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { PumError } from "../errors.ts"
import { codeOf, fileTrouble, type UserFile } from "../files/file-error.ts"
import { type ConfigFile, readConfig } from "./config-file.ts"
import { type Found, readEnvFile } from "./env-file.ts"
import { firstOf } from "./first-of.ts"
import { settings } from "./settings.ts"

const variables = new Set([...Object.values(settings).flatMap(({ env }) => env), "PUM_CONFIG"])

/** @throws PumError `usage` also for a variable that there is not: a misspelt one would be ignored without a word */
export function readVariables(path: string, home: string): ReadonlyMap<string, Found> {
  const found = readEnvFile(readText({ path: expandHome(path, home) ?? path, shown: path }), path)
  for (const [variable, { place }] of found) {
    if (variables.has(variable)) continue
    throw new PumError("usage", `${place} is no variable of pum-aws`, {
      hint: "pum-aws --help lists the options; each is a variable of that name",
    })
  }
  return found
}

export function whereConfigIs(moved: string | undefined, home: string): UserFile {
  if (moved === undefined || moved === "") return { path: join(home, ".pum-aws"), shown: "~/.pum-aws" }
  return { path: resolve(expandHome(moved, home) ?? moved), shown: moved }
}

export function readConfigFile(file: UserFile): ConfigFile {
  let text = ""
  try {
    text = readFileSync(file.path, "utf8")
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw fileTrouble("cannot read", file, error)
  }
  const known = Object.values(settings).filter(({ key }) => key !== undefined)
  const config = readConfig(text, file.shown, new Set(known.map(({ key }) => key ?? "")))
  // All of it, not only what this run uses: a mistake shows itself when it is made.
  for (const [name, section] of [...config.profiles, ["", config.defaults] as const]) {
    for (const setting of known) {
      const value = section.get(setting.key ?? "")
      if (name !== "" || setting !== settings.username) firstOf<unknown>(setting, [value])
    }
  }
  return config
}

/** @throws PumError `usage`: the user named that file */
function readText(file: UserFile): string {
  try {
    return readFileSync(file.path, "utf8")
  } catch (error) {
    const { message } = fileTrouble("cannot read", file, error)
    const what = codeOf(error) === "ENOENT" ? `cannot read ${file.shown}: there is no such file` : message
    throw new PumError("usage", what, { cause: error })
  }
}

/** No shell has expanded `~` in a file, after `=` or in quotes. */
export function expandHome(path: string | undefined, home: string): string | undefined {
  return path?.replace(/^~(?=$|[/\\])/, () => home)
}

/** A path in the file is meant from there, wherever the program is started. */
export function besideConfig(
  path: string | undefined,
  { path: config }: UserFile,
  home: string,
): string | undefined {
  return path === undefined ? undefined : resolve(dirname(config), expandHome(path, home) ?? path)
}
