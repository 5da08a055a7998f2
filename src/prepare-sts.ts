import type { Sts } from "./aws/sts.ts"
import { readRoles } from "./domain/roles.ts"
import type { Network } from "./http/network.ts"
import { turn } from "./platform/event-loop.ts"
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
  /** User name and password, while they are being typed. */
  readonly login: Promise<unknown>
}

/** Loads what the calls to STS need, goes through it once, and opens their connections after the login is answered. */
export async function prepareSts(run: Run, { network, regions, login }: StsPreparation): Promise<Sts> {
  const { options, terminal } = run
  await turn()
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
  // The password is posted before the connection to STS is opened.
  if (callsSts(options)) login.then(() => setImmediate(() => sts.connect())).catch(() => {})
  await rehearse(sts)
  return sts
}

export const callsSts = ({ mode: { kind } }: Run["options"]) => kind !== "list" && kind !== "onDemand"

/**
 * Runs the later stages once on data of our own, while the user types: code that V8 has compiled makes a fifth of the
 * wait after the last key disappear.
 */
async function rehearse(sts: Sts): Promise<void> {
  await turn()
  const { rehearseSaml } = await awsStage.assertion()
  await turn()
  readRoles(rehearseSaml().roleValues)
  await turn()
  await sts.rehearse()
}
