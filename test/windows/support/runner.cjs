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

function run({ file, args, env, cwd, stdin, keepStdinOpen, stdio, killAfter, timeout, verbatim }) {
  return new Promise(done => {
    const result = { stdout: "", stderr: "", stdoutBase64: "" }
    const chunks = []
    const child = spawn(file ?? process.execPath, args, {
      env: { ...base, ...env },
      cwd,
      stdio: stdio ?? ["pipe", "pipe", "pipe"],
      windowsHide: stdio === undefined,
      windowsVerbatimArguments: verbatim === true,
    })
    child.stdout?.on("data", chunk => chunks.push(chunk))
    child.stderr?.setEncoding("utf8").on("data", text => {
      result.stderr += text
    })
    const kill = () => child.kill("SIGKILL")
    if (killAfter !== undefined) setTimeout(kill, killAfter)
    const timer = setTimeout(() => {
      result.timedOut = true
      kill()
    }, timeout ?? 60_000)
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
      const stdout = Buffer.concat(chunks)
      done({
        ...result,
        stdout: stdout.toString("utf8"),
        stdoutBase64: stdout.toString("base64"),
        code,
        signal,
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
