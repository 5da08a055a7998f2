import type { Sts } from "./aws/sts.ts"
import { StsConnections } from "./aws/sts-connections.ts"
import { readRoles } from "./domain/roles.ts"
import type { Network } from "./http/network.ts"
import { lookUpTime, pause, turn } from "./platform/event-loop.ts"
import type { Run } from "./run.ts"
import { now } from "./sessions/clock.ts"

/** Loaded while the user types. */
const awsStage = {
  assertion: () => import("./sign-in/pages/assertion.ts"),
  sts: () => import("./aws/sts.ts"),
}

interface StsPreparation {
  readonly network: Network
  readonly regions: readonly [string, ...string[]]
  /** Settles when the connection to ADFS is open, or cannot be opened. */
  readonly connected: Promise<void>
  /** Settles when user name and password are given; `undefined` if they are not asked for. */
  readonly login: Promise<unknown> | undefined
  /** ADFS' last page. Once it is there, no time is left to prepare anything. */
  readonly tokenPage: Promise<unknown>
}

/** Opens the connections to STS, loads what makes the calls, and rehearses a call. */
export async function prepareSts(
  { options, terminal }: Pick<Run, "options" | "terminal">,
  { network, regions, connected, login, tokenPage }: StsPreparation,
) {
  const stsConnections = new StsConnections({ network, regions, endpointUrl: options.stsEndpoint })
  // After the login: while the user types, the connection could get too old. What is sent to ADFS then goes first.
  if (callsSts(options)) {
    const before = Promise.all([connected, login]).then(turn)
    before.then(() => stsConnections.open()).catch(() => {})
  }
  // Loading blocks the event loop: first the request to ADFS leaves, and the connection to STS begins.
  await connected
  await pause(lookUpTime)
  const { openSts } = await awsStage.sts()
  const sts = openSts({
    network,
    regions,
    regionAsked: options.region !== undefined,
    policy: options.policy,
    aliases: options.aliases,
    endpointUrl: options.stsEndpoint,
    now,
    trace: terminal.trace,
  })
  await rehearse(sts, tokenPage)
  return { sts, stsConnections }
}

export const callsSts = ({ mode: { kind } }: Run["options"]) => kind !== "list" && kind !== "onDemand"

/**
 * Milliseconds without work before each step of the rehearsal, which blocks the event loop for about as long. An answer of
 * ADFS that came during a step is read in that time, and the next request sent.
 */
const restTime = 10

/**
 * Runs the later stages once on data of our own, until the token page is there: while the user types, or ADFS answers.
 * V8 has compiled their code then, which saves a fifth of the wait after the last key.
 */
async function rehearse(sts: Sts, tokenPage: Promise<unknown>): Promise<void> {
  let isTimeLeft = true
  const stop = () => {
    isTimeLeft = false
  }
  const stopped = tokenPage.then(stop, stop)
  const steps = [
    awsStage.assertion,
    async () => readRoles((await awsStage.assertion()).rehearseSaml().roleValues),
    () => sts.rehearse(),
  ]
  for (const step of steps) {
    await Promise.race([stopped, pause(restTime)])
    if (!isTimeLeft) return
    await step()
  }
}
