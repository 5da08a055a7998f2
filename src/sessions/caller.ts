import { readFileSync } from "node:fs"

const shellNames = new Set(["ash", "bash", "busybox", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"])

interface ProcessInfo {
  /** Name of its program. */
  readonly name: string
  readonly args: readonly string[]
  readonly parent: number
  /** Clock ticks since boot: with it, a reused process id is told from the one before. */
  readonly started: string
}

/**
 * The program that runs this process, the same for all processes that it runs.
 * @param pid of the parent process
 * @returns `undefined` for a person who types commands into a shell: each command is a request of its own
 */
export function findCaller(pid = process.ppid, readInfo = readProcessInfo): string | undefined {
  const parent = readInfo(pid)
  // No /proc: not Linux.
  if (parent === undefined) return String(pid)
  if (isInteractiveShell(parent)) return undefined
  const own = `${pid} ${parent.started}`
  if (!isCommandShell(parent)) return own
  // AWS SDKs run credential_process by `sh -c`, and some shells stay: the caller is the shell's parent.
  const grandparent = readInfo(parent.parent)
  if (grandparent === undefined || isInteractiveShell(grandparent)) return own
  return `${parent.parent} ${grandparent.started}`
}

/** `sh -c <one simple command>` */
function isCommandShell({ name, args: [, option = "", command = ""] }: ProcessInfo): boolean {
  const unquoted = command.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, "")
  return shellNames.has(name) && /^-\w*c$/.test(option) && !/[;&|()\n]/.test(unquoted)
}

/** `bash`, `-zsh`, `fish -i`: it is given neither a command nor a script. */
const isInteractiveShell = ({ name, args }: ProcessInfo) =>
  shellNames.has(name) && args.slice(1).every(arg => arg.startsWith("-") && !/^-\w*c/.test(arg))

function readProcessInfo(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8")
    return parseProcessInfo(stat, commandLine)
  } catch {
    return undefined
  }
}

/**
 * @param stat `pid (name) state ppid …`, the 22nd field is the start time; the name may contain `) ` (proc_pid_stat(5))
 * @param commandLine arguments, each followed by a zero byte (proc_pid_cmdline(5))
 */
export function parseProcessInfo(stat: string, commandLine: string): ProcessInfo {
  const end = stat.lastIndexOf(")")
  const fields = stat.slice(end + 2).split(" ")
  return {
    name: stat.slice(stat.indexOf("(") + 1, end),
    args: commandLine.split("\0").slice(0, -1),
    parent: Number(fields[1]),
    started: fields[19] ?? "",
  }
}
