import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"

/** The terminal that this process belongs to, whether or not any of its streams leads there. */
export interface ControllingTerminal {
  /** The same for all processes of one terminal. */
  readonly name: string
  /** Whether what is pressed there (Ctrl-C) reaches this process. */
  readonly inForeground: boolean
}

/** @returns nothing where there is none, as under cron */
export function controllingTerminal(): ControllingTerminal | undefined {
  // All processes of a console get its Ctrl-C.
  if (process.platform === "win32") return { name: "console", inForeground: true }
  try {
    return process.platform === "linux"
      ? terminalInStat(readFileSync("/proc/self/stat", "utf8"))
      : terminalInPs(ps())
  } catch {
    return undefined
  }
}

function ps(): string {
  return execFileSync("ps", ["-o", "tty=,pgid=,tpgid=", "-p", String(process.pid)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
}

/** `pid (name) state ppid pgrp session tty_nr tpgid …` (proc_pid_stat(5)); a name may hold anything, even `) `. */
export function terminalInStat(stat: string): ControllingTerminal | undefined {
  const [, , group, , tty, foreground] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  if (tty === undefined || tty === "0") return undefined
  return { name: tty, inForeground: group === foreground }
}

/** `ttys003 501 501`; `??` where there is none. */
export function terminalInPs(line: string): ControllingTerminal | undefined {
  const [tty = "", group, foreground] = line.trim().split(/\s+/)
  if (!/^\w/.test(tty)) return undefined
  return { name: tty, inForeground: group === foreground }
}
