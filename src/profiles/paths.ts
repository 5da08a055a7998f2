import { dirname, join, posix, win32 } from "node:path"
import { PumError, plain } from "../errors.ts"
import type { UserFile } from "../files/file-error.ts"
import { type Environment, expandHome, isWindows, ownPlatform } from "../platform/platform.ts"
import { windowsVariable } from "../platform/windows-programs.ts"

/** Paths of the files that AWS tools read profiles from. */
export interface AwsFilePaths {
  readonly credentials: string
  readonly config: string
  /** Home folder, which messages show as `~`. */
  readonly home?: string
}

/**
 * `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`, else `~/.aws/credentials` and `~/.aws/config`. Variables
 * and `~` in them are expanded, as botocore does (`raw_config_parse`).
 */
export function awsFilePaths(
  env: Environment,
  home: string,
  platform: NodeJS.Platform = ownPlatform,
): AwsFilePaths {
  const expandVariables = isWindows(platform) ? expandOnWindows : expandOnPosix
  const expand = (path: string) => expandHome(expandVariables(path, env), home)
  const folder = join(home, ".aws")
  return {
    credentials: expand(env.AWS_SHARED_CREDENTIALS_FILE || join(folder, "credentials")),
    config: expand(env.AWS_CONFIG_FILE || join(folder, "config")),
    home: dirname(folder),
  }
}

/** Python's `posixpath.expandvars`. */
function expandOnPosix(path: string, env: Environment): string {
  return path.replace(/\$(\w+|\{[^}]*\})/g, (all, name: string) => env[name.replace(/[{}]/g, "")] ?? all)
}

/** Python's `ntpath.expandvars`: also `%NAME%`; `%%` and `$$` stand for one, and nothing is expanded in single quotes. */
function expandOnWindows(path: string, env: Environment): string {
  return path.replace(/'[^']*'?|%%|\$\$|%([^%]+)%|\$\{([^}]+)\}|\$([-\w]+)/g, (all, ...names) => {
    if (all === "%%" || all === "$$") return all.charAt(0)
    const name = names.slice(0, 3).find(one => one !== undefined)
    return (name === undefined ? undefined : windowsVariable(env, name.toUpperCase())) ?? all
  })
}

/** What keeps AWS tools from finding the files where pum-aws stores: one sentence for each variable. */
export function pathTroubles(env: Environment, platform: NodeJS.Platform = ownPlatform): string[] {
  const inHome = isWindows(platform) || env.AWS_SHARED_CREDENTIALS_FILE ? undefined : env.HOME
  const home =
    inHome === "" ? "HOME is empty" : inHome && !posix.isAbsolute(inHome) && "HOME is a relative path"
  const named = ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"].flatMap(name => {
    const path = env[name] ?? ""
    const user = /^~[^/\\]+/.exec(path)?.[0]
    if (user !== undefined)
      return `${name} begins with ${plain(user)}: the AWS CLI takes that for the home folder of a user, pum-aws for a folder of that name; set it to a whole path`
    if (path.includes("$") || (isWindows(platform) && path.includes("%")))
      return `${name} contains a variable: JavaScript looks for a file of exactly that name; set it to a whole path`
    if (/^(~.*)?$/.test(path) || posix.isAbsolute(path) || win32.isAbsolute(path)) return []
    return `${name} is a relative path: AWS tools started in another folder look for another file; set it to a whole path`
  })
  if (!home) return named
  return [
    `${home}: other AWS tools may look for their files in another folder; set it to a whole path`,
    ...named,
  ]
}

/** Both files, with `~` for the home folder in messages. */
export function userFiles(paths: AwsFilePaths): {
  readonly credentials: UserFile
  readonly config: UserFile
} {
  const named = (path: string): UserFile => {
    const { home } = paths
    const inside = home !== undefined && /^[/\\]/.test(path.slice(home.length)) && path.startsWith(home)
    return { path, shown: inside ? `~${path.slice(home.length)}` : path }
  }
  return { credentials: named(paths.credentials), config: named(paths.config) }
}

/**
 * Checks that all AWS tools read this name alike: they differ in how they treat quotes, dots and white space.
 * @throws PumError `usage`
 */
export function checkProfileName(name: string): void {
  const refuse = (reason: string) =>
    new PumError("usage", `'${name}' cannot be the name of a profile: ${reason}`, {
      hint: "a name consists of letters, digits and _ - . @ / +",
    })
  if (name === "") throw refuse("it is empty")
  if (name.startsWith("-")) throw refuse("AWS tools would take it for an option")
  if (name === "DEFAULT") throw refuse("AWS tools would read its keys into every other profile")
  if (name === "__proto__") throw refuse("AWS tools cannot read it")
  if (!/^[\w.@/+-]+$/.test(name)) throw refuse("AWS tools do not read all of its characters alike")
}
