// One way to state a property. `npm test` tries the same inputs every time; `npm run fuzz` sets the variables below and
// tries others for as long as it is told to.
import { appendFileSync } from "node:fs"
import { relative } from "node:path"
import fc from "fast-check"
import { expect } from "vitest"

/** One line of the log that `npm run fuzz` reads: what one test tried. */
export interface Tried {
  /** Path of the test file, from the root of the project. */
  readonly file: string
  /** Title of the test, after those of its groups. */
  readonly target: string
  readonly inputs: number
  /** The seed that failed; it is missing where every input passed. */
  readonly failedSeed?: number
}

const root = `${import.meta.dirname}/../..`
const firstSeed = Number(process.env.PROPERTY_SEED ?? 1)
/** How long a test goes on with further seeds. */
const milliseconds = Number(process.env.PROPERTY_SECONDS ?? 0) * 1000
const log = process.env.PROPERTY_LOG

/**
 * Checks a property on `runs` inputs, and under `npm run fuzz` on as many again with the next seed, until the time of
 * the target is over. The name of the target is the title of the running test.
 *
 * @throws Error with the smallest input that fails, and the seed
 */
export async function checkProperty<Values>(
  property: fc.IRawProperty<Values>,
  { runs = 100 }: { readonly runs?: number } = {},
): Promise<void> {
  const end = performance.now() + milliseconds
  let inputs = 0
  let seed = firstSeed
  do {
    const details = await fc.check(property, { seed, numRuns: runs })
    inputs += details.numRuns
    if (details.failed) {
      note({ inputs, failedSeed: seed })
      throw new Error(await fc.asyncDefaultReportMessage(details), { cause: details.errorInstance })
    }
    seed++
  } while (performance.now() < end)
  note({ inputs })
}

/** Inputs for a property that is checked on all of them at once, because each check starts a program. */
export function sample<Value>(arbitrary: fc.Arbitrary<Value>, runs: number): Value[] {
  note({ inputs: runs })
  return fc.sample(arbitrary, { seed: firstSeed, numRuns: runs })
}

function note(tried: Pick<Tried, "inputs" | "failedSeed">): void {
  if (log === undefined) return
  const { testPath = "", currentTestName = "" } = expect.getState()
  const entry: Tried = { file: relative(root, testPath), target: currentTestName, ...tried }
  appendFileSync(log, `${JSON.stringify(entry)}\n`)
}
