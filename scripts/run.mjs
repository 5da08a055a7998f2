// Runs a TypeScript script: `node scripts/run.mjs scripts/demo.ts [arguments…]`.
import { mkdtempSync, rmSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { build } from "esbuild"

const root = resolve(import.meta.dirname, "..")
const [script = "", ...args] = process.argv.slice(2)
// Beside node_modules, so that the bundle finds the packages it imports.
const folder = mkdtempSync(join(root, "node_modules/.run-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
const outfile = join(folder, `${basename(script, ".ts")}.mjs`)
await build({
  entryPoints: [resolve(root, script)],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  logLevel: "warning",
})
process.argv.splice(1, process.argv.length - 1, outfile, ...args)
await import(pathToFileURL(outfile).href)
