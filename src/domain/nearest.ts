/** Mistakes in a name up to which another one is taken for what was meant: one in three letters, and three at most. */
const mostMistakes = 3
const mostNames = 3

/** Names longer than those that AWS gives are not compared: the time grows with both lengths. */
const longestCompared = 200

/**
 * The names that a mistyped text was probably meant as, in any case of letters: those with the fewest mistakes, else
 * those that contain it.
 * @returns none if no name is near, and three at most
 */
export function nearestOf(text: string, names: Iterable<string>): readonly string[] {
  const sought = text.toLowerCase()
  const nearest = mistypedOf(text, names)
  if (nearest.length > 0 || sought.length < 3) return nearest
  const containing = [...new Set(names)].filter(name => name.toLowerCase().includes(sought))
  return containing.sort().slice(0, mostNames)
}

/** As `nearestOf`, without those that contain it. */
export function mistypedOf(text: string, names: Iterable<string>): readonly string[] {
  const sought = text.toLowerCase()
  if (sought.length < 2 || sought.length > longestCompared) return []
  let fewest = Math.min(mostMistakes, Math.max(1, Math.floor(sought.length / 3)))
  let nearest: string[] = []
  for (const name of new Set(names)) {
    if (Math.abs(name.length - sought.length) > fewest) continue
    const mistakes = mistakesBetween(sought, name.toLowerCase())
    if (mistakes > fewest) continue
    if (mistakes < fewest) nearest = []
    fewest = mistakes
    nearest.push(name)
  }
  return nearest.sort().slice(0, mostNames)
}

/** `did you mean A or B?`; `undefined` without names. */
export function didYouMean(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `did you mean ${names.join(" or ")}?`
}

/** Letters that are missing, too many, others, or exchanged with their neighbour (optimal string alignment). */
function mistakesBetween(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isExchanged =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      const at = (line: readonly number[], index: number) => line[index] ?? Number.POSITIVE_INFINITY
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isExchanged ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = current
  }
  return last[other.length] ?? 0
}
