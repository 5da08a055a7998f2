import type { Session } from "../../src/domain/session.ts"
import { readOptions } from "../../src/options/options.ts"
import type { Clock } from "../../src/sessions/clock.ts"
import type { Obtained, SharingSettings } from "../../src/sessions/shared-session.ts"
import type { Terminal } from "../../src/terminal/terminal.ts"

/** Clocks that stand still but for what is waited. */
export class TestClock implements Clock {
  /** Moves with both clocks. */
  time = Date.parse("2030-01-02T03:04:05Z")
  /** How far the wall clock is set forward, in milliseconds. */
  offset = 0
  boot: string | undefined = "this boot"

  readonly now = () => this.time + this.offset
  readonly monotonicNow = () => this.time
  pauses = 0
  readonly pause = async (milliseconds: number) => {
    this.pauses++
    this.time += milliseconds
    // Other callers of this process go on.
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** @param boot `undefined`: the system does not tell */
export const clockOf = (boot: string | undefined) => Object.assign(new TestClock(), { boot })

/** What is shown on a terminal, in order. */
export function screen(): { readonly terminal: Terminal; readonly shown: string[] } {
  const shown: string[] = []
  const progress = (label: string) => {
    shown.push(`progress: ${label}`)
    return () => void shown.push("progress ends")
  }
  const terminal = {
    interactive: true,
    warn: (line: string) => shown.push(line),
    trace: () => {},
    progress,
    redacted: (text: string) => text.replaceAll("hunter2", "[redacted]"),
  }
  return { terminal: terminal as unknown as Terminal, shown }
}

export interface Caller extends Partial<SharingSettings> {
  readonly home: string
  readonly clock: TestClock
  /** On the command line. */
  readonly given?: Readonly<Record<string, string | boolean>>
}

/** One process that wants a session, as `main` lets it ask. */
export function caller({ clock, given = {}, ...more }: Caller): SharingSettings {
  return {
    options: readOptions({ wants: "run", given, command: undefined }, {}, more.home),
    user: { id: "adm\\dev_aly", ownsItem: false },
    terminal: screen().terminal,
    tty: "34816",
    canSignIn: true,
    caller: undefined,
    clock,
    began: clock.time,
    ending: new AbortController().signal,
    giveUp: error => {
      throw error
    },
    pause: clock.pause,
    ...more,
  }
}

export function session(clock: TestClock, accessKeyId = "ASIA1", minutes = 60): Session {
  return {
    accessKeyId,
    secretAccessKey: "secret",
    sessionToken: "token",
    expiration: new Date(clock.time + minutes * 60_000),
    principalArn: "arn:aws:sts::585848786654:assumed-role/Admin/dev_aly",
    region: "eu-central-1",
    duration: minutes * 60,
    role: {
      arn: "arn:aws:iam::585848786654:role/Admin",
      providerArn: "arn:aws:iam::585848786654:saml-provider/ADFS",
      partition: "aws",
      account: "585848786654",
      path: "/",
      name: "Admin",
    },
  }
}

/** A sign-in that is under way until it is told how to end. */
export function pending() {
  let ends = (_: Obtained): void => {}
  let failsWith = (_: Error): void => {}
  const ending = new Promise<Obtained>((resolve, reject) => {
    ends = resolve
    failsWith = reject
  })
  let signIn = () => ending
  const started = new Promise<void>(resolve => {
    signIn = () => {
      resolve()
      return ending
    }
  })
  return { signIn, started, ends, failsWith }
}
