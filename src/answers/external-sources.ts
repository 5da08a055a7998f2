import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import type { Terminal } from "../terminal/terminal.ts"
import { findOnePassword } from "./find-one-password.ts"
import type { OnePasswordItem, OnePasswordSettings } from "./one-password.ts"
import type { ManagerItem, ManagerSettings } from "./password-manager.ts"
import type { Login } from "./questions.ts"

/** A password that was typed in an earlier run. */
export interface KeptPassword {
  /** @returns `undefined` if there is none for this user, or no user is known */
  login(username: string | undefined): Promise<Login | undefined>
  /** Called when the one that it gave was refused. */
  removeGiven(): Promise<void>
  /** Called when ADFS has taken it, as it asks for the next answer. */
  release(): Promise<void>
}

/** Programs that give answers, and the keychain. */
export interface ExternalSources {
  readonly rememberedPassword?: KeptPassword | undefined
  readonly passwordCommand?: ((signal: AbortSignal) => Promise<string>) | undefined
  readonly otpCommand?: (() => Promise<string>) | undefined
  readonly manager?: Pick<ManagerSettings, "name" | "read"> | undefined
}

export interface ExternalSettings {
  readonly terminal: Terminal
  readonly env: Environment
  /** Aborted when this process ends: no program that it started may outlive it. */
  readonly ending: AbortSignal
  /** Milliseconds; default: a minute. */
  readonly timeout?: number
}

/** The programs that the options name, and 1Password. None is started before its answer is needed. */
export function externalSources(options: Options, settings: ExternalSettings): ExternalSources {
  const { terminal, env, ending, timeout = 60_000 } = settings
  const { otpCommand, passwordCommand, passwordStdin } = options
  const run = (what: string, option: string, command: string | undefined) =>
    command === undefined
      ? undefined
      : async (signal?: AbortSignal) => {
          const { readFirstLine } = await import("./command.ts")
          const signals = signal === undefined ? [ending] : [ending, signal]
          return readFirstLine({ what, option, command, shell: env.SHELL, terminal, timeout, signals })
        }
  const onePassword = findOnePassword(options, env)
  if (onePassword === undefined && options.onePasswordNamed)
    terminal.warn(
      "1Password is not used: its program op is not on the PATH, or something else gives the password",
    )
  return {
    passwordCommand: passwordStdin ? undefined : run("password", "--password-command", passwordCommand),
    otpCommand: run("2FA code", "--otp-command", otpCommand),
    manager: onePassword && {
      name: `the 1Password item '${onePassword.item}'`,
      read: itemReader({ ...onePassword, terminal, timeout, ending }),
    },
  }
}

/** One OnePasswordItem for the whole run, because it keeps its session with 1Password. */
function itemReader(settings: OnePasswordSettings): (signal: AbortSignal) => Promise<ManagerItem> {
  let item: OnePasswordItem | undefined
  return async signal => {
    item ??= new (await import("./one-password.ts")).OnePasswordItem(settings)
    return item.read(signal)
  }
}
