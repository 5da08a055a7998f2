import xterm from "@xterm/headless"

export type Theme = "light" | "dark"

interface Colours {
  readonly page: string
  readonly text: string
  readonly dim: string
  /** Of the terminal's colours 1 to 6. */
  readonly palette: readonly string[]
}

const themes: Readonly<Record<Theme, Colours>> = {
  light: {
    page: "#ffffff",
    text: "#1f2328",
    dim: "#6e7781",
    palette: ["#cf222e", "#116329", "#7d4e00", "#0969da", "#8250df", "#1b7c83"],
  },
  dark: {
    page: "#0d1117",
    text: "#e6edf3",
    dim: "#8b949e",
    palette: ["#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf"],
  },
}

const characterWidth = 8.4
const lineHeight = 20
const margin = 16

interface Run {
  readonly text: string
  readonly column: number
  readonly colour: number | "dim" | undefined
  readonly bold: boolean
}

/** What a terminal shows, line by line, in runs of one look. */
export type Shot = readonly (readonly Run[])[]

/**
 * Shows output in a terminal of its own.
 * @param output with escape codes
 */
export async function shoot(output: string, columns: number): Promise<Shot> {
  const screen = new xterm.Terminal({ cols: columns, rows: 60, scrollback: 0, allowProposedApi: true })
  await new Promise<void>(resolve => screen.write(output, resolve))
  const { active } = screen.buffer
  const lines = Array.from({ length: screen.rows }, (_, row) => runsOf(active.getLine(row), columns))
  while (lines.at(-1)?.length === 0) lines.pop()
  return lines
}

function runsOf(line: xterm.IBufferLine | undefined, columns: number): Run[] {
  const runs: Run[] = []
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column)
    const text = cell?.getChars() || " "
    const colour = cell?.isDim() ? "dim" : cell?.isFgPalette() ? cell.getFgColor() % 8 : undefined
    const bold = Boolean(cell?.isBold())
    const last = runs.at(-1)
    if (last !== undefined && last.colour === colour && last.bold === bold)
      runs[runs.length - 1] = { ...last, text: last.text + text }
    else runs.push({ text, column, colour, bold })
  }
  const last = runs.at(-1)
  if (last !== undefined) runs[runs.length - 1] = { ...last, text: last.text.trimEnd() }
  return runs.filter(({ text }) => text.trim() !== "")
}

/** Only the text: what a picture shows to a reader without colours. */
export const textOf = (shot: Shot) =>
  shot
    .map(runs => runs.reduce((line, { column, text }) => line.padEnd(column) + text, "").trimEnd())
    .join("\n")

/** An SVG of what the terminal shows. */
export function draw(shot: Shot, columns: number, theme: Theme): string {
  const { page, text, dim, palette } = themes[theme]
  const width = Math.ceil(columns * characterWidth + 2 * margin)
  const height = shot.length * lineHeight + 2 * margin
  const spans = shot.flatMap((runs, row) =>
    runs.map(run => {
      const fill =
        run.colour === "dim" ? dim : run.colour === undefined ? text : (palette[run.colour - 1] ?? text)
      const x = (margin + run.column * characterWidth).toFixed(1)
      const length = (run.text.length * characterWidth).toFixed(1)
      const weight = run.bold ? ' font-weight="bold"' : ""
      const y = margin + (row + 0.75) * lineHeight
      return `<text x="${x}" y="${y}" textLength="${length}" fill="${fill}"${weight} xml:space="preserve">${escaped(run.text)}</text>`
    }),
  )
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    `<title>${escaped(shot[0]?.map(run => run.text).join(" ") ?? "")}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${page}" stroke="${dim}" stroke-opacity="0.4"/>`,
    ...spans,
    "</svg>",
  ].join("\n")}\n`
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
