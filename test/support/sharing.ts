import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"
import type { Session } from "../../src/domain/session.ts"
import { readOptions } from "../../src/options/options.ts"
import type { Sharing } from "../../src/sessions/shared-session.ts"
import type { Terminal } from "../../src/terminal/terminal.ts"

export function tempHome(): string {
  const home = mkdtempSync(join(tmpdir(), "pum-aws-sessions-"))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  return home
}

/** A clock that moves only while its caller waits. */
export class Clock {
  time = Date.parse("2030-01-02T03:04:05Z")
  readonly now = () => this.time
  pauses = 0
  readonly pause = async (milliseconds: number) => {
    this.pauses++
    this.time += milliseconds
    // Other callers of this process go on.
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** A terminal that keeps what it shows, in order. */
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

export interface Caller extends Partial<Sharing> {
  readonly home: string
  readonly clock: Clock
  /** Options of the command line. */
  readonly given?: Readonly<Record<string, string | boolean>>
}

/** One process that needs a session, with what `main` passes. */
export function caller({ clock, given = {}, ...more }: Caller): Sharing {
  return {
    options: readOptions({ wants: "run", given, command: undefined }, {}, more.home),
    user: { id: "adm\\dev_aly", ownsItem: false },
    terminal: screen().terminal,
    place: "34816",
    began: clock.time,
    now: clock.now,
    steady: clock.now,
    giveUp: error => {
      throw error
    },
    pause: clock.pause,
    ...more,
  }
}

export function session(clock: Clock, accessKeyId = "ASIA1", minutes = 60): Session {
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
