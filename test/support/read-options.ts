import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach } from "vitest"
import { readCommandLine } from "../../src/options/command-line.ts"
import { type Options, readOptions } from "../../src/options/options.ts"

/** A new home folder for each test of a file, and `readOptions` in it. */
export function optionsInHome() {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "pum-aws-options-"))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))
  return {
    homePath: () => home,
    read: (sources: TestSources) => readIn(home, sources),
  }
}

export interface TestSources {
  readonly argv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Lines of the file that --env-file names. */
  readonly envFile?: string | Buffer
  /** `~/.pum-aws` */
  readonly config?: string | Buffer
}

function readIn(home: string, { argv = [], env = {}, envFile, config }: TestSources): Options {
  if (config !== undefined) writeFileSync(join(home, ".pum-aws"), config)
  if (envFile !== undefined) writeFileSync(join(home, "work.env"), envFile)
  const fileOption = envFile === undefined ? [] : ["--env-file", join(home, "work.env")]
  const commandLine = readCommandLine([...argv, ...fileOption])
  if (commandLine.wants !== "run") throw new Error(commandLine.wants)
  return readOptions(commandLine, env, home)
}
