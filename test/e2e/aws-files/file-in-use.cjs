// Loaded with --require: as on Windows while another program has the credentials file open.
const fs = require("node:fs")

const { renameSync } = fs
Object.defineProperty(process, "platform", { value: "win32" })
fs.renameSync = (from, to) => {
  if (!to.endsWith("credentials")) return renameSync(from, to)
  process.stdout.write("waits")
  throw Object.assign(new Error("in use"), { code: "EBUSY" })
}
