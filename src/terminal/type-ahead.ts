import { isatty } from "node:tty"
import { findTty } from "./tty.ts"

/**
 * Turns echo off before anything slow is loaded: what is typed ahead of the first question may be a password. A process
 * in the background would be stopped for touching the terminal.
 */
export function hideTypeAhead(launched: NodeJS.Process): void {
  // To create `process.stdin` takes time.
  if (isatty(0) && findTty(launched.env)?.inForeground === true) launched.stdin.setRawMode(true)
}
