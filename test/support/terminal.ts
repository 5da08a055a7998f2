import type { Terminal } from "../../src/terminal/terminal.ts"

/** A terminal without a screen, that notes what it is told to keep secret and what is waited for. */
export function notingTerminal(interactive = false) {
  const seen = { secrets: [] as string[], waits: [] as string[] }
  const terminal = {
    interactive,
    lendStreams: () => ({ stdin: "ignore", stderr: "inherit" }),
    keepSecret: (secret: string) => seen.secrets.push(secret),
    trace: () => {},
    progress: (label: string) => {
      seen.waits.push(label)
      return () => seen.waits.push("done")
    },
  } as unknown as Terminal
  return { terminal, seen }
}
