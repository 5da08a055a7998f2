import { defaultRegion, partitionOfRegion, regionalStsEndpoint } from "../domain/partitions.ts"
import { PumError, plain } from "../errors.ts"
import { readMounts } from "../files/check-replaceable.ts"
import type { RunLine } from "../options/command-line.ts"
import { parseConfig } from "../options/config-file.ts"
import type { ParsedName } from "../options/given.ts"
import { lookUp, type Sources } from "../options/look-up.ts"
import { refuseWithDoctor } from "../options/modes.ts"
import type { Options } from "../options/options.ts"
import type { Environment } from "../platform/platform.ts"
import type { AwsFilePaths } from "../profiles/paths.ts"
import type { Marks } from "../terminal/marks.ts"
import { inLines } from "../terminal/rows.ts"
import { wrapLine } from "../terminal/width.ts"
import { type Check, failedBy, named } from "./check.ts"
import { checkFiles } from "./files.ts"
import { checkMachine, type MachineSettings } from "./machine.ts"
import { examineNetwork } from "./network.ts"
import { safeToPaste } from "./safe-to-paste.ts"
import { checkSettings, findUsedSettings, type UsedSetting } from "./settings.ts"

/** Parts that other modes load as well. */
const doctorStage = {
  options: () => import("../options/options.ts"),
  keptSessions: () => import("../sessions/kept-sessions.ts"),
}

type OptionsModule = Awaited<ReturnType<typeof doctorStage.options>>

export interface DoctorSettings extends Omit<MachineSettings, "usesOnePassword" | "remembers"> {
  readonly line: RunLine
  readonly env: Environment
  readonly home: string
  readonly paths: AwsFilePaths
  readonly marks: Marks
  /** Width of stdout in characters; infinite if it is no terminal. */
  readonly columns: number
  readonly now: () => number
  /** Milliseconds for each server; default: `serverLimit`. */
  readonly serverLimit?: number
  /** Default: those of this machine. */
  readonly mounts?: string
}

/**
 * `--doctor`: checks everything that a sign-in needs. It does not sign in, and changes nothing.
 * @returns what to print, and the exit code: 1 if a check has failed
 * @throws PumError `usage` if the command line asks for another mode as well
 */
export async function examine(settings: DoctorSettings): Promise<{ text: string; exitCode: number }> {
  refuseWithDoctor(settings.line)
  const { line, columns, marks } = settings
  const { checks, values } = await runChecks(settings)
  const hideIn = safeToPaste(settings, values)
  // Names of profiles and of certificates can hold what a terminal would obey.
  const hide = (text: string) => plain(hideIn(text))
  const safe = checks.map(check => ({
    ...check,
    what: hide(check.what),
    hint: check.hint && hide(check.hint),
  }))
  const text =
    line.given.json === true
      ? `${JSON.stringify({ checks: safe }, null, 2)}\n`
      : inLines(safe.flatMap(check => checkLines(check, marks, columns)))
  return { text, exitCode: checks.some(({ state }) => state === "failed") ? 1 : 0 }
}

interface Examination {
  readonly checks: readonly Check[]
  readonly values: readonly UsedSetting[]
}

async function runChecks(settings: DoctorSettings): Promise<Examination> {
  const { env, home, paths, now } = settings
  const optionsModule = await doctorStage.options()
  const { listKeptSessions } = await doctorStage.keptSessions()
  const opened = openWithTrouble(settings, optionsModule)
  const { sources } = opened
  const options = tryOptions(settings, optionsModule)
  // A value that cannot be used has a line of its own; the other checks go on without it.
  const valueFor = <Name extends ParsedName>(name: Name, profile: string) => {
    try {
      return lookUp(name, sources, [sources.config.profiles.get(profile), sources.config.defaults])
    } catch (error) {
      if (!(error instanceof PumError)) throw error
      return undefined
    }
  }
  const profileNamed = valueFor("profile", "")
  const profile = profileNamed ?? "default"
  const values = findUsedSettings(sources, profile)
  const settingsChecks = [...opened.checks, ...checkSettings(values)]
  const region = valueFor("region", profile) ?? defaultRegion
  const idpUrl = valueFor("idpUrl", profile) ?? lookUp("idpUrl", { given: {}, variable: () => undefined }, [])
  const stsEndpoint = valueFor("stsEndpoint", profile)
  const network = examineNetwork({
    env,
    idpUrl,
    stsUrl: new URL(stsEndpoint ?? regionalStsEndpoint(partitionOfRegion(region), region)),
    region: stsEndpoint === undefined ? region : undefined,
    caBundle: usableCaBundle(options, sources, home, optionsModule),
    now,
    serverLimit: settings.serverLimit,
  })
  const usesOnePassword = valueFor("noOp", profile) !== true
  const remembers = (valueFor("remember", profile) ?? "off") !== "off"
  const machine = checkMachine({ ...settings, usesOnePassword, remembers })
  const mounts = settings.mounts ?? readMounts()
  const files = checkFiles({
    paths,
    home,
    env,
    profile,
    profileNamed: profileNamed !== undefined,
    mounts,
    listKeptSessions,
  })
  const checks = [...machine, ...settingsChecks, ...files, ...(await network)]
  return { checks: [...checks, ...checkTogether(options, settingsChecks)], values }
}

/** The sources of settings; those that can be read if one cannot. */
function openWithTrouble(
  { line, env, home }: DoctorSettings,
  { openSources, variableReader }: OptionsModule,
): {
  readonly sources: Sources
  readonly checks: readonly Check[]
} {
  try {
    return { sources: openSources(line.given, env, home), checks: [] }
  } catch (error) {
    const config = parseConfig("", "", new Set())
    const configFile = { path: "", shown: "~/.pum-aws" }
    return {
      sources: { given: line.given, variable: variableReader(env), config, configFile },
      checks: named("settings", [failedBy(error)]),
    }
  }
}

/** The options; or the error that a run would end with. */
function tryOptions({ line, env, home }: DoctorSettings, { readOptions }: OptionsModule): Options | PumError {
  try {
    return readOptions(line, env, home)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    return error
  }
}

/** What is wrong only with several settings together. */
function checkTogether(options: Options | PumError, single: readonly Check[]): readonly Check[] {
  const isToldAlready = single.some(({ state }) => state === "failed")
  return options instanceof PumError && !isToldAlready ? named("settings", [failedBy(options)]) : []
}

/** A mistake in another setting is no reason to call the servers' certificates wrong. */
function usableCaBundle(
  options: Options | PumError,
  sources: Sources,
  home: string,
  { caBundleOf }: OptionsModule,
): string | undefined {
  if (!(options instanceof PumError)) return options.caBundle
  try {
    return caBundleOf(sources, undefined, home)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    return undefined
  }
}

function checkLines({ name, state, what, hint }: Check, marks: Marks, columns: number): string[] {
  const mark = { ok: marks.success, warning: "!", failed: marks.failure }[state]
  return [
    ...wrapLine(`${mark} ${name}: ${what}`, columns),
    ...(hint === undefined ? [] : wrapLine(`    ${hint}`, columns)),
  ]
}
