// Loaded with --require: sends this process SIGNAL_NAME right before its SIGNAL_AT-th change to the file system,
// and halfway through it where it is a write. With SIGNAL_AT=0 it counts the changes and prints their number.
const fs = require("node:fs")

// A lock's time stamps (utimesSync) do not count: how many there are depends on how long the process takes.
const at = Number(process.env.SIGNAL_AT)
const changes = [
  "mkdirSync",
  "openSync",
  "fchownSync",
  "writeFileSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
  "unlinkSync",
  "rmdirSync",
]
let count = 0
for (const name of changes) {
  const real = fs[name]
  fs[name] = (...args) => {
    if (++count === at) {
      if (name === "writeFileSync") real(args[0], args[1].slice(0, args[1].length / 2), args[2])
      process.kill(process.pid, process.env.SIGNAL_NAME)
      if (name === "writeFileSync") return real(args[0], args[1].slice(args[1].length / 2), args[2])
    }
    return real(...args)
  }
}

if (at === 0) process.on("exit", () => process.stderr.write(String(count)))
