import type { Environment, Options } from "../options/options.ts"
import type { Terminal } from "../terminal/terminal.ts"
import type { Elsewhere } from "./answers.ts"
import { findVault } from "./find-vault.ts"
import type { OnePasswordItem, OnePasswordSettings } from "./one-password.ts"
import type { VaultItem } from "./vault.ts"

export interface Surroundings {
  readonly terminal: Terminal
  readonly env: Environment
  /** Aborted when this process ends: no program that was started may outlive it. */
  readonly ending: AbortSignal
  /** Milliseconds; default: a minute. */
  readonly timeout?: number
}

/**
 * The programs that were asked for, or are there to be asked: the commands, and 1Password where nothing else
 * gives the password. None is started yet.
 */
export function elsewhere(options: Options, surroundings: Surroundings): Elsewhere {
  const { terminal, env, ending, timeout = 60_000 } = surroundings
  const { otpCommand, passwordCommand, passwordStdin } = options
  const command = (what: string, option: string, text: string | undefined) =>
    text === undefined
      ? undefined
      : async (signal?: AbortSignal) => {
          const { firstLineOf } = await import("./command.ts")
          const signals = signal === undefined ? [ending] : [ending, signal]
          return firstLineOf({ what, option, command: text, shell: env.SHELL, terminal, timeout, signals })
        }
  const vault = findVault(options, env)
  return {
    passwordCommand: passwordStdin ? undefined : command("password", "--password-command", passwordCommand),
    otpCommand: command("2FA code", "--otp-command", otpCommand),
    vault:
      vault === undefined
        ? undefined
        : {
            name: `the 1Password item '${vault.item}'`,
            read: itemOf({ ...vault, terminal, timeout, ending }),
          },
  }
}

/** Kept for the whole run, as its session with 1Password is. */
function itemOf(settings: OnePasswordSettings): (signal: AbortSignal) => Promise<VaultItem> {
  let item: OnePasswordItem | undefined
  return async signal => {
    item ??= new (await import("./one-password.ts")).OnePasswordItem(settings)
    return item.read(signal)
  }
}
