import type { UserFile } from "../files/file-error.ts"
import { type Lock, tryToLock } from "../files/lock.ts"
import { makeFolder } from "../files/replace-files.ts"
import { Sightings } from "../files/sightings.ts"
import type { Terminal } from "../terminal/terminal.ts"

export interface TurnSettings {
  readonly terminal: Pick<Terminal, "progress">
  readonly pause: (milliseconds: number) => Promise<void>
  /** How long to wait for other processes, in milliseconds. */
  readonly patience: number
}

/**
 * Locks the file of something remembered. A person may be asked meanwhile, so the wall clock does not tell which lock is
 * stale.
 * @returns `undefined` if another process holds the lock for longer than that
 * @throws PumError `file`
 */
export async function takeTurn(
  file: UserFile,
  { terminal, pause, patience }: TurnSettings,
): Promise<Lock | undefined> {
  const resolved = { file, target: file.path }
  makeFolder(resolved)
  const sightings = new Sightings(() => performance.now())
  const deadline = performance.now() + patience
  let lock = await tryToLock(resolved, sightings)
  if (lock !== undefined || patience === 0) return lock
  const done = terminal.progress("Waiting for another pum-aws to sign in")
  try {
    while (lock === undefined && performance.now() < deadline) {
      await pause(50 + Math.random() * 100)
      lock = await tryToLock(resolved, sightings)
    }
    return lock
  } finally {
    done()
  }
}
