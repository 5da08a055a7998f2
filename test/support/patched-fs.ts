import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { onTestFinished } from "vitest"

type SyncCall = (...args: unknown[]) => unknown

/** Functions of node:fs that file replacement and locks call. */
export type FsName =
  | "accessSync"
  | "chmodSync"
  | "closeSync"
  | "fsyncSync"
  | "lstatSync"
  | "mkdirSync"
  | "openSync"
  | "readdirSync"
  | "renameSync"
  | "rmdirSync"
  | "rmSync"
  | "statfsSync"
  | "statSync"
  | "unlinkSync"
  | "utimesSync"
  | "writeFileSync"

/**
 * Puts a function in the place of one of node:fs, until the test is over.
 * @param replace makes it from the real one
 */
export function patchFs(name: FsName, replace: (real: SyncCall) => SyncCall): void {
  const functions = fs as unknown as Record<FsName, SyncCall>
  const real = functions[name]
  const set = (call: SyncCall) => {
    functions[name] = call
    syncBuiltinESMExports()
  }
  set(replace(real))
  onTestFinished(() => set(real))
}

/** A system error as Node.js throws it. */
export function systemError(code: string, syscall = "test"): Error {
  return Object.assign(new Error(`${code}: injected`), { code, syscall })
}

/** Lets the first calls on paths of this end fail with the code. */
export function failFirst(name: FsName, times: number, { end, code }: { end: string; code: string }): void {
  let failures = 0
  patchFs(name, real => (...args) => {
    if (String(args[0]).endsWith(end) && failures < times) {
      failures++
      throw systemError(code, name.replace("Sync", ""))
    }
    return real(...args)
  })
}
