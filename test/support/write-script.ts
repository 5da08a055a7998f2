import { execFileSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { dirname } from "node:path"

/**
 * Writes a script that a test runs, executable by its owner. A child process writes it: if this process did, a program
 * that another thread starts at that time would have the script open as well, and the system would not run it (ETXTBSY).
 */
export function writeScript(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  execFileSync("/bin/sh", ["-c", 'cat > "$1" && chmod 700 "$1"', "sh", path], { input: text })
}
