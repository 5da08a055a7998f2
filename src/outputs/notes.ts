import { wrapLine } from "../terminal/width.ts"

/** A sentence about a profile in a table. */
export interface Note {
  readonly profile: string
  readonly text: string
  /** Equal for notes that say the same of different profiles. */
  readonly subject: string
  /** The sentence about several profiles at once. */
  readonly textFor: (profiles: readonly string[]) => string
}

/**
 * The lines of a table with the notes on each profile below its line. What is to be said of several profiles is said
 * once, below the table.
 * @param profiles one for each line
 */
export function withNotes(
  lines: readonly string[],
  profiles: readonly string[],
  notes: readonly Note[],
  columns: number,
): string[] {
  const bySubject = new Map<string, Note[]>()
  for (const note of notes) bySubject.set(note.subject, [...(bySubject.get(note.subject) ?? []), note])
  const groups = [...bySubject.values()]
  const single = new Set(groups.flatMap(group => (group.length === 1 ? group : [])))
  const below = (text: string) => wrapLine(`  ! ${text}`, columns)
  const ownLines = lines.flatMap((line, at) => [
    line,
    ...notes
      .filter(note => single.has(note) && note.profile === profiles[at])
      .flatMap(({ text }) => below(text)),
  ])
  const shared = groups.flatMap(group => {
    const [first, ...more] = group
    if (first === undefined || more.length === 0) return []
    return wrapLine(`! ${first.textFor(group.map(({ profile }) => profile))}`, columns)
  })
  return [...ownLines, ...shared]
}
