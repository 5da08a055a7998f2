/** One thing that is measured, beside its goal. Each round measures every program in turn, so that drift hits all. */
export interface Row {
  readonly what: string
  readonly unit: string
  /** The value must not be above it; `undefined` if there is no goal. */
  readonly goal: number | undefined
  readonly rounds: number
  /** One measurement of one program: the path of its `bin/pum-aws`. */
  readonly measure: (program: string) => Promise<Measured> | Measured
}

export interface Measured {
  readonly value: number
  /** CPU time of the program's process, user and system, in milliseconds. */
  readonly cpu?: number | undefined
  /** What else is worth a word. */
  readonly note?: string
}

export type Verdict = "met" | "missed" | "not judged"

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/**
 * Measures a row and prints it: the median and the lowest value, which shows how noisy the machine is.
 * @param programs the one to be judged first, then the one to compare it with, if any
 * @param deadline by the clock of `performance`; no round begins after it but the first
 */
export async function runRow(row: Row, programs: readonly string[], deadline: number): Promise<Verdict> {
  const all = programs.map((): Measured[] => [])
  for (let round = 0; round < row.rounds && (round === 0 || performance.now() < deadline); round++) {
    for (const [index, program] of programs.entries()) {
      const measured = await tryToMeasure(row, program)
      if (measured !== undefined) all[index]?.push(measured)
    }
    if (all.every(measured => measured.length === 0)) break
  }
  const [now = [], before] = all
  const value = median(now.map(one => one.value))
  const verdict =
    row.goal === undefined || now.length === 0 ? "not judged" : value <= row.goal ? "met" : "missed"
  const mark = { met: "met ", missed: "MISS", "not judged": "    " }[verdict]
  const goal = row.goal === undefined ? "no goal" : `goal ≤ ${row.goal}`
  const compared = before === undefined ? [] : [`before ${summary(before)}`]
  const few = now.length < row.rounds ? [`${now.length} of ${row.rounds} rounds`] : []
  console.log(
    `${mark}  ${row.what} [${row.unit}]: ${[goal, `now ${summary(now)}`, ...compared, ...few].join(" | ")}`,
  )
  return verdict
}

/** A program of another version may not know an option. */
async function tryToMeasure(row: Row, program: string): Promise<Measured | undefined> {
  try {
    return await row.measure(program)
  } catch (error) {
    if (process.env.BENCH_VERBOSE) console.error(error)
    return undefined
  }
}

function summary(measured: readonly Measured[]): string {
  if (measured.length === 0) return "nothing (it failed)"
  const values = measured.map(one => one.value)
  const cpu = measured.flatMap(one => one.cpu ?? [])
  const more = [
    ...(values.length > 1 ? [`lowest ${Math.min(...values).toFixed(2)}`] : []),
    ...(cpu.length > 0 ? [`CPU ${median(cpu).toFixed(0)} ms`] : []),
    ...[measured.at(-1)?.note ?? []].flat(),
  ]
  return `${median(values).toFixed(2)}${more.length > 0 ? ` (${more.join(", ")})` : ""}`
}
