import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { consoleName } from "../platform/consoles.ts"
import { type Environment, isWindows, ownPlatform } from "../platform/platform.ts"

/** The controlling terminal of this process, which it has even if all its streams are redirected. */
export interface Tty {
  /** The same for all processes of one terminal. */
  readonly name: string
  /** Whether this process is in the foreground process group, which Ctrl-C interrupts. */
  readonly inForeground: boolean
}

/** @returns undefined if there is no controlling terminal, as under cron */
export function findTty(env: Environment, platform: NodeJS.Platform = ownPlatform): Tty | undefined {
  // Windows sends Ctrl-C to all processes of a console.
  if (isWindows(platform)) return { name: consoleName(env), inForeground: true }
  try {
    return platform === "linux" ? ttyInStat(readFileSync("/proc/self/stat", "utf8")) : ttyInPs(runPs())
  } catch {
    return undefined
  }
}

function runPs(): string {
  return execFileSync("ps", ["-o", "tty=,pgid=,tpgid=", "-p", String(process.pid)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
}

/** Reads `pid (name) state ppid pgrp session tty_nr tpgid …` (proc_pid_stat(5)); the name may contain `) `. */
export function ttyInStat(stat: string): Tty | undefined {
  const [, , group, , name, foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  if (name === undefined || name === "0") return undefined
  return { name, inForeground: group === foreground }
}

/** Reads `ttys003 501 501`, or `??` without a terminal. */
export function ttyInPs(line: string): Tty | undefined {
  const [name = "", group, foreground] = line.trim().split(/\s+/)
  if (!/^\w/.test(name)) return undefined
  return { name, inForeground: group === foreground }
}
