/* For modules that a test has Node.js load first, by --require. */

/** @param act a function in JavaScript: called with the path of each file of dist/ before it is compiled */
export const beforeEachFile = (act: string) => `
  const vm = require("node:vm")
  const { Script } = vm
  vm.Script = class extends Script {
    constructor(text, settings) {
      ;(${act})(settings.filename)
      super(text, settings)
    }
  }`

/** Begins to note the files that are loaded. */
export const notingFiles = `const ownFiles = []${beforeEachFile("path => ownFiles.push(path)")}`

/** An expression behind `notingFiles`: the names of all files that were loaded so far, those of Node's loader first. */
export const loadedNames = `[...Object.keys(require.cache), ...ownFiles].map(path => require("node:path").basename(path)).join(" ")`
