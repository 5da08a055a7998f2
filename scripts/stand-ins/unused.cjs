// Stands in for a package that a bundled library loads and this program never calls: whoever calls it gets an error.
module.exports = class Unused {
  constructor() {
    throw new Error("left out of the bundle")
  }
}
