import { tmpdir } from "node:os"
import { isAbsolute, join, relative } from "node:path"
import { PumError } from "../errors.ts"
import { realPathOf } from "../files/read-file.ts"
import { type Environment, isWindows, ownPlatform } from "../platform/platform.ts"
import { foldersOnPath } from "../platform/windows-programs.ts"
import type { ProgramPaths } from "../profiles/on-demand-line.ts"

export interface FoundProgram {
  readonly paths: ProgramPaths
  /** One sentence for each path that an upgrade may remove. */
  readonly warnings: readonly string[]
}

/**
 * Paths of Node.js and of this program that outlive an upgrade: for each the first entry of the PATH that leads to it
 * and has no version in it, else its real path.
 * @param running the files of this process
 * @throws PumError `usage` if this program lies where it may vanish: in npx' cache or a temporary folder
 */
export function findProgramPaths(
  running: ProgramPaths,
  env: Environment,
  platform: NodeJS.Platform = ownPlatform,
): FoundProgram {
  const temporary = realPathIfThere(env.TMPDIR || env.TEMP || env.TMP || tmpdir())
  const script = realPathOf(running.script)
  refuseVanishing(script, temporary)
  const names = { node: isWindows(platform) ? "node.exe" : "node", script: "pum-aws" }
  const node = realPathOf(running.node)
  const isLasting = (file: string) =>
    // fnm makes a folder of links for each shell.
    !hasVersion(file) && !/[\\/]fnm_multishells[\\/]/.test(file) && !isInside(file, temporary)
  const onPath = (name: string, real: string) =>
    candidates(name, env, platform).find(file => isLasting(file) && realPathIfThere(file) === real)
  const found = { node: onPath(names.node, node), script: onPath(names.script, script) }
  const warn = (what: string, real: string, stable: string | undefined) =>
    stable === undefined && hasVersion(real)
      ? [`${what} is at ${real}: when a new version takes the place of that folder, run this command again`]
      : []
  const paths = { node: found.node ?? node, script: found.script ?? script }
  return {
    paths,
    warnings: [
      ...warn("Node.js", node, found.node),
      ...warn("pum-aws", script, found.script),
      ...misreadPaths(paths, platform),
    ],
  }
}

/** botocore reads `~/.aws/config` as Python opens a text: on Windows in its code page, not in UTF-8 (`raw_config_parse`). */
function misreadPaths({ node, script }: ProgramPaths, platform: NodeJS.Platform): string[] {
  const misread = isWindows(platform) ? [node, script].filter(path => /[^\x00-\x7f]/.test(path)) : []
  return misread.map(
    path =>
      `the AWS CLI and boto3 misread the letters in ${path}: install it into a folder of plain letters, as by npm config set prefix C:\\npm, and run this command again`,
  )
}

/** Caches of `npx`, `pnpm dlx`, `yarn dlx` and `bunx`: emptied at any time. */
const cacheFolder = /[\\/](?:_npx|dlx|dlx-[^\\/]*|bunx-[^\\/]*)[\\/]/

function refuseVanishing(script: string, temporary: string): void {
  if (!cacheFolder.test(script) && !isInside(script, temporary)) return
  throw new PumError("usage", `pum-aws runs from a folder that may vanish: ${script}`, {
    hint: "npm install -g pum-aws first, then run pum-aws --on-demand",
  })
}

function isInside(path: string, folder: string): boolean {
  const rest = relative(folder, path)
  return rest !== "" && !rest.startsWith("..") && !isAbsolute(rest)
}

/** Where the entries of the PATH would have the file. */
function candidates(name: string, env: Environment, platform: NodeJS.Platform): string[] {
  return foldersOnPath(env, platform)
    .filter(folder => isAbsolute(folder))
    .map(folder => join(folder, name))
}

/** `v20.20.2`, `node-22.1.0`, `node@22`, `20`. */
export function hasVersion(path: string): boolean {
  return path.split(/[\\/]/).some(part => /(?:^|[^\d.])\d+\.\d+(?:\.\d+)?|^v?\d+$|@\d+$/.test(part))
}

/** The path itself if it leads to nothing. */
function realPathIfThere(path: string): string {
  try {
    return realPathOf(path)
  } catch {
    return path
  }
}
