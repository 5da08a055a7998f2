/** One thing that is measured, beside its goal. Each round measures every program in turn, so that drift hits all. */
export interface Row {
  readonly what: string
  readonly unit: string
  /** The value must not be above it. */
  readonly goal: number
  readonly rounds: number
  /** One value for one program: the path of its `bin/pum-aws`. */
  readonly measure: (program: string) => Promise<Measured> | Measured
}

/** A value, or a value with what else is worth a line. */
export type Measured = number | { readonly value: number; readonly note: string }

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/**
 * Measures a row and prints it.
 * @param programs the one to be judged first, then the one to compare it with, if any
 * @returns whether the goal is met
 */
export async function runRow(row: Row, programs: readonly string[]): Promise<boolean> {
  const values = programs.map((): number[] => [])
  let note = ""
  for (let round = 0; round < row.rounds; round++) {
    for (const [index, program] of programs.entries()) {
      const measured = await row.measure(program)
      values[index]?.push(typeof measured === "number" ? measured : measured.value)
      if (index === 0 && typeof measured !== "number") note = ` (${measured.note})`
    }
  }
  const [value = Number.NaN, other] = values.map(median)
  const isMet = value <= row.goal
  const compared = other === undefined ? "" : `; the other program ${other.toFixed(2)}`
  const goal = `goal ≤ ${row.goal}${compared}`
  console.log(`${isMet ? "met " : "MISS"}  ${row.what}: ${value.toFixed(2)} ${row.unit} (${goal})${note}`)
  return isMet
}
