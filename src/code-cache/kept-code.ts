import { lstatSync, type Stats } from "node:fs"

/*
 * The files of the cache: the code, the code again, and what it was made of: a program's text, and which Node.js
 * compiled it. A damaged byte makes the two differ, unless everything is damaged, which V8 sees. A hash would say the
 * same, but to load node:crypto takes longer than the cache saves for a short answer.
 */

/** What a file of the cache is to hold. */
export const keptContent = (code: Buffer, origin: Buffer) => Buffer.concat([code, code, origin])

/** @returns `undefined` if the content is damaged, or is of another origin */
export function undamagedCode(content: Buffer, origin: Buffer): Buffer | undefined {
  const size = (content.length - origin.length) / 2
  if (size <= 0 || !content.subarray(2 * size).equals(origin)) return undefined
  const code = content.subarray(0, size)
  return code.equals(content.subarray(size, 2 * size)) ? code : undefined
}

/** Bytes. The largest file, of Node.js 20 to 26, has 1.5 MB. */
export const keptLimit = 5_000_000

/**
 * Whether only this user can have written it. Stricter than for files that are not run: root does not take what a user
 * kept. Windows has no owners and modes.
 */
export function isOnlyOurs({ uid, mode }: Stats): boolean {
  const self = process.geteuid?.()
  return self === undefined || (uid === self && (mode & 0o022) === 0)
}

/** @throws the system's error, for a folder that is not there as well */
export function isOwnFolder(path: string): boolean {
  const stats = lstatSync(path)
  return stats.isDirectory() && isOnlyOurs(stats)
}
