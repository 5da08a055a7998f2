import { spawnSync } from "node:child_process"

/**
 * Turns on again what a question turned off: echo, lines, and the signals of the keyboard. The system stops a process
 * that does so in the background, or refuses it, but not a shell that ignores SIGTTOU (termios(3)); Node.js cannot
 * ignore signals. Leaves the terminal alone if another program has set its own modes by now: shells read their command
 * line without echo, but with signals of the keyboard.
 * @param tty file descriptor of the terminal
 */
export function restoreFromBackground(tty: number): void {
  const script = `trap '' TTOU; case $(stty -a) in *-isig*) stty isig icanon iexten echo icrnl ixon ;; esac`
  spawnSync("/bin/sh", ["-c", script], { stdio: [tty, "ignore", "ignore"], timeout: 2_000 })
}
