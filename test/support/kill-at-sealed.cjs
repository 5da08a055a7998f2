// Loaded with --require: kills this process right before the KILL_AT-th change that concerns a sealed sign-in, or halfway
// through it where it is a write. Such a change is one of its file, its temporary file or its lock, or a call of the
// keychain. With KILL_AT=0 it counts them, and prints them at the end as one line on stderr.
const fs = require("node:fs")
const childProcess = require("node:child_process")

const at = Number(process.env.KILL_AT)
const seen = []
const handles = new Set()

function step(name, halfway = () => {}) {
  seen.push(name)
  if (seen.length !== at) return
  halfway()
  process.kill(process.pid, "SIGKILL")
}

const isSealed = file => handles.has(file) || /sign-in-[\da-f]{32}/.test(String(file))

for (const name of [
  "mkdirSync",
  "writeFileSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
  "unlinkSync",
  "rmdirSync",
  "rmSync",
]) {
  const real = fs[name]
  fs[name] = (...args) => {
    const [file, text] = args
    if (isSealed(file))
      step(name, () => name === "writeFileSync" && real(file, text.slice(0, text.length / 2)))
    if (name === "closeSync") handles.delete(file)
    return real(...args)
  }
}

const { openSync } = fs
fs.openSync = (file, flags, ...more) => {
  if (!isSealed(file) || flags !== "wx") return openSync(file, flags, ...more)
  step("openSync")
  const handle = openSync(file, flags, ...more)
  handles.add(handle)
  return handle
}

const { spawn } = childProcess
childProcess.spawn = (...args) => {
  step("spawn")
  return spawn(...args)
}

if (at === 0) process.on("exit", () => process.stderr.write(`\nchanges: ${seen.join(" ")}\n`))
