import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs"
import { dirname, isAbsolute, join } from "node:path"
import { Script } from "node:vm"
import { version } from "../../package.json"
import { shortHash } from "../domain/hash.ts"
import { flagsToRead, ownFolderPath } from "../files/own-folder.ts"
import { homeVariable } from "../platform/platform.ts"
import { isOnlyOurs, isOwnFolder, keptLimit, undamagedCode } from "./kept-code.ts"

/*
 * A program of this size needs as long to be parsed and compiled as to run, at each start. So what V8 compiled is kept
 * (its "code cache"), and the next start takes it from there.
 *
 *   read    source from dist/, code from the folder of the cache; used only if it was made of this source by this
 *           binary, has no damage (V8 would crash on it, and on another build's code), and V8 takes it (same flags)
 *   written at the end of a run that succeeded and missed some, by keep.ts: each file in one step, so that a reader
 *           finds it whole or not at all
 *
 * Kept code is run, so a file or folder that another user owns or can change is not used. A cache that cannot be read
 * or written costs time and nothing else.
 */

/** A file of dist/ that this process runs. */
export interface CompiledFile {
  /** Of the file that keeps its code. */
  readonly name: string
  /** The source, and the identity of the Node.js that compiled it. */
  readonly origin: Buffer
  readonly script: Script
}

/** Loads a file of dist/. `use`: what it is loaded for, if that decides which of its functions run. */
export type Loader = (file: string, use?: string) => unknown

/**
 * @param require the launcher's; gives the modules of Node.js
 * @param dist path of the folder
 */
export function loaderOf(launched: NodeJS.Process, require: NodeJS.Require, dist: string): Loader {
  const compile = compilerOf(launched, require, dist)
  const modules = new Map<string, { exports: unknown }>()
  const load: Loader = (file, use = "") => {
    const known = modules.get(file)
    if (known !== undefined) return known.exports
    const script = compile(join(dist, file), `${use}-${file}`)
    const module = { exports: {} as unknown }
    modules.set(file, module)
    script.runInThisContext()(module.exports, requireOf, module)
    return module.exports
  }
  const requireOf = (name: string) => (name.startsWith("./") ? load(name.slice(2)) : require(name))
  return load
}

/** A file of dist/ is the body of a function. */
const begin = "(function(exports,require,module){"

/** @returns compiles the file of this path; `name` tells what is kept of it from the rest */
function compilerOf(
  launched: NodeJS.Process,
  require: NodeJS.Require,
  dist: string,
): (path: string, name: string) => Script {
  const files: CompiledFile[] = []
  const folder = codeFolder(launched)
  const binary = folder === undefined ? undefined : identityOf(launched)
  let isKept = true
  if (folder !== undefined && binary !== undefined)
    launched.on("exit", exitCode => {
      if (exitCode !== 0 || isKept) return
      try {
        require(join(dist, "keep.js")).keepCode(folder, files)
      } catch {
        // The work of this run is done. An update can have removed keep.js.
      }
    })
  return (path, name) => {
    const source = readFileSync(path)
    const text = `${begin}${source}\n})`
    const options = { filename: path, columnOffset: -begin.length }
    if (folder === undefined || binary === undefined) return new Script(text, options)
    const origin = Buffer.concat([source, Buffer.from(binary)])
    const nameInCache = `${version}-${binary}-${name}`
    const code = readCode(folder, nameInCache, origin)
    const script = new Script(text, { ...options, ...(code && { cachedData: code }) })
    isKept &&= script.cachedDataRejected === false
    files.push({ name: nameInCache, origin, script })
    return script
  }
}

/**
 * Tells this Node.js from others, as a part of a file's name: those of one version, as from nodejs.org and from Debian,
 * need not understand each other's code, and no Node.js that runs with other flags of V8 takes it. Each keeps its own,
 * so that two that alternate do not keep all code anew at each start.
 * @returns `undefined` if it cannot be told: an update can have removed the binary that runs
 */
function identityOf({ version: node, arch, execPath, execArgv, env }: NodeJS.Process): string | undefined {
  try {
    const { size, mtimeMs } = statSync(execPath)
    const start = [execPath, ...execArgv, env.NODE_OPTIONS ?? ""].join("\0")
    return [node, arch, size, mtimeMs, shortHash(start)].join("-")
  } catch {
    return undefined
  }
}

/**
 * By the variables that Node.js has for its own code cache; default: in the folder of this program, which the first
 * sign-in makes.
 * @returns `undefined` if no code is to be kept
 */
function codeFolder({ env, platform }: NodeJS.Process): string | undefined {
  const { NODE_DISABLE_COMPILE_CACHE, NODE_COMPILE_CACHE, NODE_V8_COVERAGE } = env
  // Coverage counts the functions that this process compiles.
  if (NODE_DISABLE_COMPILE_CACHE || NODE_V8_COVERAGE) return undefined
  const home = homeVariable(env, platform)
  const folder = NODE_COMPILE_CACHE
    ? join(NODE_COMPILE_CACHE, "pum-aws")
    : home && join(ownFolderPath(home), "code")
  return folder && isAbsolute(folder) ? folder : undefined
}

function readCode(folder: string, name: string, origin: Buffer): Buffer | undefined {
  let handle: number | undefined
  try {
    if (!isOwnFolder(dirname(folder)) || !isOwnFolder(folder)) return undefined
    handle = openSync(join(folder, name), flagsToRead)
    const stats = fstatSync(handle)
    const mayRead = stats.isFile() && isOnlyOurs(stats) && stats.size <= keptLimit
    return mayRead ? undamagedCode(readFileSync(handle), origin) : undefined
  } catch {
    return undefined
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}
