// Sets the wall clock of a process forward by as many milliseconds as stand in a file, whenever that changes, and notes
// that the process has begun.
const { readFileSync, writeFileSync } = require("node:fs")
const { CLOCK_FILE, STARTED_FOLDER } = process.env
const RealDate = Date
const now = () => RealDate.now() + Number(readFileSync(CLOCK_FILE, "utf8"))
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now()] : args))
  }
  static now() {
    return now()
  }
}
if (STARTED_FOLDER) writeFileSync(`${STARTED_FOLDER}/${process.pid}`, "")
