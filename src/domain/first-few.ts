/** How many findings of one kind are shown. */
const shownFew = 5

/**
 * The first findings of one kind. If there are more, a last one says how many. In a file of its own: roles, settings and
 * --doctor share nothing else.
 * @param toFinding makes that last one
 */
export function firstFew<T>(findings: readonly T[], toFinding: (text: string) => T): readonly T[] {
  if (findings.length <= shownFew + 1) return findings
  return [
    ...findings.slice(0, shownFew),
    toFinding(`${findings.length - shownFew} more like these are not shown`),
  ]
}
