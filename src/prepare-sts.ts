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
  /** Settles when the connection to ADFS is open. */
  readonly connected: Promise<void>
  /** User name and password, while they are being typed. */
  readonly login: Promise<unknown>
  /** What ADFS answers in the end. */
  readonly tokenPage: Promise<unknown>
}

/** Loads what the calls to STS need, goes through it once, and opens their connections after the login is answered. */
export async function prepareSts(run: Run, preparation: StsPreparation) {
  const { network, regions, connected, login, tokenPage } = preparation
  const { options, terminal } = run
  const stsConnections = new StsConnections({ network, regions, endpointUrl: options.stsEndpoint })
  // The first page is asked for, and the password posted, before the connection to STS is opened.
  if (callsSts(options)) {
    const before = Promise.all([connected, login]).then(turn)
    before.then(() => stsConnections.open()).catch(() => {})
  }
  await connected
  await turn()
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
 * Milliseconds between two steps, each of which blocks the event loop for as long: enough to read an answer of ADFS and
 * to send the next request, whose answer the next step does not keep waiting.
 */
const restTime = 10

/**
 * Runs the later stages once on data of our own, as long as there is time: while the user types, or ADFS answers. Code
 * that V8 has compiled makes a fifth of the wait after the last key disappear.
 */
async function rehearse(sts: Sts, tokenPage: Promise<unknown>): Promise<void> {
  let isTime = true
  const end = () => {
    isTime = false
  }
  const ended = tokenPage.then(end, end)
  const steps = [
    awsStage.assertion,
    async () => readRoles((await awsStage.assertion()).rehearseSaml().roleValues),
    () => sts.rehearse(),
  ]
  for (const step of steps) {
    await turn()
    await Promise.race([ended, pause(restTime)])
    if (!isTime) return
    await step()
  }
}
