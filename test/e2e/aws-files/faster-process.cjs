// Loaded with --require: right after this process has found the config file's lock to be stale, another process
// takes it over, and gives it back a moment later. Prints what has become of that lock by then.
const fs = require("node:fs")

const { statSync, mkdirSync, rmdirSync } = fs
let taken
fs.statSync = (path, ...options) => {
  const found = statSync(path, ...options)
  if (taken === undefined && String(path).endsWith("config.lock")) {
    rmdirSync(path)
    mkdirSync(path)
    taken = statSync(path).ctimeMs
    setTimeout(() => {
      const now = statSync(path, { throwIfNoEntry: false })
      process.stderr.write(now?.ctimeMs === taken ? "kept" : "lost")
      rmdirSync(path)
    }, 100)
  }
  return found
}
