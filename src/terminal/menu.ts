import { createPrompt, isDownKey, isEnterKey, isUpKey, useKeypress, useMemo, useState } from "@inquirer/core"
import { matchingRows, type Row, tableOf } from "./rows.ts"

export interface MenuSettings {
  readonly message: string
  readonly rows: readonly Row[]
  /** Size of the screen, in characters. */
  readonly columns: number
  readonly lines: number
  readonly highlight: (text: string) => string
  readonly faint: (text: string) => string
}

/** Lines of the screen for the question, the filter, the count, and one to spare. */
const otherLines = 4
const maxPageSize = 12

/**
 * A list that is filtered by typing and walked with the arrow keys.
 * Filters synchronously, before the next key is read: after a pasted filter, Enter takes what the filter left. (The
 * search prompt of inquirer loads its choices asynchronously and loses that Enter.)
 * @returns the index of the chosen row
 */
export const menu = createPrompt<number, MenuSettings>((settings, done) => {
  const [filter, setFilter] = useState("")
  const [active, setActive] = useState(0)
  const [chosen, setChosen] = useState<number>()
  const names = useMemo(() => tableOf(settings.rows, settings.columns - 4), [settings.rows])
  const shown = useMemo(() => matchingRows(settings.rows, filter), [filter])
  const pageSize = Math.max(1, Math.min(maxPageSize, settings.lines - otherLines))

  useKeypress((key, readline) => {
    if (isEnterKey(key)) {
      const index = shown[active]
      // readline has emptied its line at Enter: if nothing can be chosen, the filter is put back.
      if (index === undefined) return readline.write(filter)
      setChosen(index)
      return done(index)
    }
    if (isUpKey(key)) return setActive(Math.max(0, active - 1))
    if (isDownKey(key)) return setActive(Math.max(0, Math.min(shown.length - 1, active + 1)))
    if (key.name === "pageup") return setActive(Math.max(0, active - pageSize))
    if (key.name === "pagedown") return setActive(Math.max(0, Math.min(shown.length - 1, active + pageSize)))
    if (readline.line !== filter) {
      setFilter(readline.line)
      setActive(0)
    }
  })

  if (chosen !== undefined) return `${settings.message}\n  ${settings.highlight(`❯ ${names[chosen]}`)}`
  const first = Math.max(0, Math.min(active - Math.floor(pageSize / 2), shown.length - pageSize))
  const page = shown.slice(first, first + pageSize).map((index, position) => {
    const isActive = first + position === active
    return isActive ? settings.highlight(`  ❯ ${names[index]}`) : `    ${names[index]}`
  })
  const count =
    shown.length === settings.rows.length ? `${shown.length}` : `${shown.length} of ${settings.rows.length}`
  const hints = [`${count} · type to filter, ↑↓ to move, Enter to choose`, `${count} · type to filter`, count]
  const foot =
    shown.length === 0 ? "nothing matches" : hints.find(hint => hint.length + 5 <= settings.columns)
  return [`${settings.message}\n  > ${filter}`, [...page, settings.faint(`    ${foot ?? ""}`)].join("\n")]
})
