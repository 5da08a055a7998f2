import { win32 } from "node:path"

/*
 * What differs between operating systems. Each difference is a named function in this room or beside its use; it takes
 * the platform as a parameter, so that the rules of Windows are tested everywhere.
 */

/** The operating system of this process: the only place that asks for it. */
export const ownPlatform: NodeJS.Platform = process.platform

export const isWindows = (platform: NodeJS.Platform = ownPlatform) => platform === "win32"

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The name of a variable as the system compares names: Windows ignores their case. */
export function canonicalName(name: string, platform: NodeJS.Platform = ownPlatform): string {
  return isWindows(platform) ? name.toUpperCase() : name
}

/** The home folder, as far as the environment names it. */
export function homeVariable(env: Environment, platform: NodeJS.Platform = ownPlatform): string | undefined {
  return isWindows(platform) ? env.USERPROFILE : env.HOME
}

/**
 * Whether Windows takes the path for a device, in whatever folder: `NUL`, `C:\\x\\con`, `aux.txt`. To read one may wait for
 * a key.
 */
export function isDeviceName(path: string, platform: NodeJS.Platform = ownPlatform): boolean {
  const device = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:[.:].*)?$/i
  return isWindows(platform) && device.test(win32.basename(path))
}

/** Replaces a leading `~`: no shell has done so in a file, after `=` or in quotes. */
export function expandHome(path: string, home: string): string {
  return path.replace(/^~(?=$|[/\\])/, () => home)
}

/**
 * On Windows, HOME if it names another folder than USERPROFILE, as Git Bash and some network logons set it: AWS tools
 * in Python and Go read `~/.aws` of USERPROFILE, those in Rust, Java and JavaScript that of HOME.
 */
export function otherHome(env: Environment, platform: NodeJS.Platform = ownPlatform): string | undefined {
  const { HOME, USERPROFILE } = env
  if (!isWindows(platform) || !HOME || !USERPROFILE) return undefined
  return win32.relative(USERPROFILE, HOME) === "" ? undefined : HOME
}
