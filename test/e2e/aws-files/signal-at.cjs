// Loaded with --require: sends this process SIGNAL_NAME right before its SIGNAL_AT-th change to the file system,
// and halfway through it where it is a write. With SIGNAL_AT=0 it counts the changes and prints their number.
const fs = require("node:fs")

// Not counted, as their number depends on how long the process takes: a lock's time stamps, and files read once more.
const at = Number(process.env.SIGNAL_AT)
const changes = [
  "mkdirSync",
  "openSync",
  "fchownSync",
  "writeFileSync",
  "fsyncSync",
  "renameSync",
  "unlinkSync",
  "rmdirSync",
]
let count = 0
for (const name of changes) {
  const real = fs[name]
  fs[name] = (...args) => {
    if (name === "openSync" && args[1] === "r") return real(...args)
    if (++count === at) {
      if (name === "writeFileSync") real(args[0], args[1].slice(0, args[1].length / 2), args[2])
      process.kill(process.pid, process.env.SIGNAL_NAME)
      if (name === "writeFileSync") return real(args[0], args[1].slice(args[1].length / 2), args[2])
    }
    return real(...args)
  }
}

if (at === 0) process.on("exit", () => process.stderr.write(String(count)))
