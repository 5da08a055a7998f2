import { readFileSync } from "node:fs"
import { join } from "node:path"

/**
 * The packages that files come from, each by its folder below `root`, with its name, version and licence.
 * @param inputs files that were bundled
 */
export function bundledPackages(root, inputs) {
  const folders = new Set(
    inputs.flatMap(input => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  )
  return [...folders].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
    return { folder, name, version, license }
  })
}
