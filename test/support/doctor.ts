import { examine } from "../../src/doctor/doctor.ts"
import { readCommandLine } from "../../src/options/command-line.ts"
import { awsFilePaths } from "../../src/profiles/paths.ts"
import { marksFor } from "../../src/terminal/marks.ts"
import type { World } from "../emulators/world.ts"
import { cleanEnv, type Home, program } from "./program.ts"

export interface Machine {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly clockAheadMs?: number
  readonly mounts?: string
  readonly serverLimit?: number
  readonly hasTerminal?: boolean
}

/** `--doctor` on a machine whose servers are emulated. */
export async function runDoctor(
  world: World,
  home: Home,
  { args = [], env = {}, clockAheadMs = 0, mounts = "", ...more }: Machine = {},
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const line = readCommandLine([...args, "--doctor"])
  if (line.wants !== "run") throw new TypeError("not a run")
  const surroundings = cleanEnv(home, {
    ...world.env,
    AWS_CA_BUNDLE: world.caFile,
    TERM: "xterm",
    ...env,
  })
  return examine({
    line,
    env: surroundings,
    home: home.path,
    paths: awsFilePaths(surroundings, home.path),
    version: "1.2.3",
    script: program,
    hasTerminal: true,
    marks: marksFor(surroundings, "linux"),
    columns: Number.POSITIVE_INFINITY,
    now: () => Date.now() + clockAheadMs,
    mounts,
    ...more,
  })
}
