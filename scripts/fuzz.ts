// Runs every property test with random seeds, again and again: `npm run fuzz [minutes] [--systems]`. A property test is
// a test that uses test/support/property.ts; nothing lists them.
import { spawn } from "node:child_process"
import { randomInt } from "node:crypto"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Tried } from "../test/support/property.ts"

const withSystems = process.argv.includes("--systems")
const [minutes = 1] = process.argv
  .slice(2)
  .filter(argument => argument !== "--systems")
  .map(Number)
if (!(minutes > 0)) throw new Error("how to call it: npm run fuzz [minutes] [--systems]")

/** Time for each target in one round, in seconds: a long run has fewer rounds, which cost seconds to start. */
const perTarget = Math.min(10, Math.max(2, minutes * 2))

const files = readdirSync("test", { recursive: true, encoding: "utf8" })
  .filter(file => file.endsWith(".test.ts"))
  .map(file => join("test", file))
  .filter(file => withSystems || !file.startsWith(join("test", "systems")))
  .filter(file => readFileSync(file, "utf8").includes("support/property.ts"))
const folder = mkdtempSync(join(tmpdir(), "pum-aws-fuzz-"))
const log = join(folder, "tried.jsonl")

/** One run of all targets. The first seed is random; a target goes on with the next ones. */
function round(seed: number): Promise<{ readonly passed: boolean; readonly output: string }> {
  const child = spawn("npx", ["vitest", "run", "--reporter=dot", ...files], {
    env: {
      ...process.env,
      PROPERTY_SEED: String(seed),
      PROPERTY_SECONDS: String(perTarget),
      PROPERTY_LOG: log,
    },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", chunk => {
      output += chunk
    })
  return new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", code => resolve({ passed: code === 0, output }))
  })
}

function readLog(): Tried[] {
  if (!existsSync(log)) return []
  return readFileSync(log, "utf8")
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line) as Tried)
}

const end = performance.now() + minutes * 60_000
let rounds = 0
let failed = false
while (!failed && performance.now() < end) {
  const seed = randomInt(2 ** 31 - 1)
  const { passed, output } = await round(seed)
  rounds++
  if (passed) continue
  failed = true
  console.log(`${output}\nThe round of seed ${seed} failed.`)
  for (const { file, target, failedSeed } of readLog())
    if (failedSeed !== undefined)
      console.log(
        `FAILED with seed ${failedSeed}: ${target}\n  PROPERTY_SEED=${failedSeed} npx vitest run ${file}`,
      )
}

const inputs = new Map<string, number>()
for (const { file, target, inputs: more } of readLog()) {
  const name = `${file} > ${target}`
  inputs.set(name, (inputs.get(name) ?? 0) + more)
}
for (const [name, count] of [...inputs].sort()) console.log(`${String(count).padStart(10)}  ${name}`)
console.log(`inputs tried per target; rounds: ${rounds}`)
rmSync(folder, { recursive: true, force: true })
process.exit(failed ? 1 : 0)
