// Runs inside wine, by node.exe: job.json -> result.json. Starts processes with pipes of Windows (Linux' pipes give
// EBADF there) or on the console that it runs on itself, and writes how each ended.
"use strict"
const { spawn } = require("node:child_process")
const { readFileSync, renameSync, writeFileSync } = require("node:fs")
const [, , jobFile, resultFile] = process.argv
// Node 22 ends with a failed assertion on a console without a title (nodejs/node#58695).
process.title = "pum-aws tests"
for (const signal of ["SIGINT", "SIGBREAK", "SIGHUP"]) process.on(signal, () => {})

const { jobs, atOnce } = JSON.parse(readFileSync(jobFile, "utf8"))
const base = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|PUM_|WINE|https?_proxy$|no_proxy$|NODE_)/i.test(name),
  ),
)

/** Windows ignores the case of names. */
function merged(one, other) {
  const names = new Set(Object.keys(other).map(name => name.toUpperCase()))
  const kept = Object.entries(one).filter(([name]) => !names.has(name.toUpperCase()))
  return { ...Object.fromEntries(kept), ...other }
}

function run({ file, args, env, cwd, stdin, keepStdinOpen, stdio, onConsole, killAfter, timeout }) {
  return new Promise(done => {
    const result = { stdout: "", stderr: "" }
    const chunks = []
    const child = spawn(file ?? process.execPath, args, {
      env: merged(base, env),
      cwd,
      stdio: stdio ?? ["pipe", "pipe", "pipe"],
      // Without a window: Windows gives the process a console of its own, which nobody sees.
      windowsHide: onConsole !== true,
    })
    child.stdout?.on("data", chunk => chunks.push(chunk))
    child.stderr?.setEncoding("utf8").on("data", text => {
      result.stderr += text
    })
    const kill = () => child.kill("SIGKILL")
    if (killAfter !== undefined) setTimeout(kill, killAfter)
    const began = Date.now()
    const timer = setTimeout(() => {
      result.timedOut = true
      kill()
    }, timeout ?? 20_000)
    child.on("error", error => {
      result.error = error.code
    })
    child.stdin?.on("error", () => {})
    if (child.stdin !== null) {
      if (stdin !== undefined) child.stdin.write(Buffer.from(stdin, "base64"))
      if (keepStdinOpen !== true) child.stdin.end()
    }
    child.on(child.stdout === null ? "exit" : "close", (code, signal) => {
      clearTimeout(timer)
      done({
        ...result,
        stdout: Buffer.concat(chunks).toString("utf8"),
        code,
        signal,
        milliseconds: Date.now() - began,
      })
    })
  })
}

async function runAll() {
  const results = []
  if (atOnce) results.push(...(await Promise.all(jobs.map(run))))
  else for (const job of jobs) results.push(await run(job))
  writeFileSync(`${resultFile}.tmp`, JSON.stringify(results))
  renameSync(`${resultFile}.tmp`, resultFile)
  // On a console there is one job, and whoever started it reads its exit code.
  process.exit(jobs[0].stdio === "inherit" ? (results[0].code ?? 1) : 0)
}
void runAll()
