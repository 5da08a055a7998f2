// Writes THIRD-PARTY-NOTICES.txt: name, version and licence text of every package that is bundled.
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** @param packages `bundledPackages` */
export function writeNotices(root, packages) {
  const byText = new Map()
  for (const { folder, name, version, license } of packages) {
    const file = readdirSync(join(root, folder)).find(entry => /^(licen[cs]e|copying)/i.test(entry))
    const text =
      file === undefined ? `Licence: ${license}` : readFileSync(join(root, folder, file), "utf8").trim()
    // The same terms, wrapped in another way, are printed once, after the copyright of each package.
    const begin = Math.max(0, text.search(/Permission is hereby granted|Permission to use, copy/))
    const terms = text.slice(begin)
    const words = terms.replace(/\s+/g, " ")
    const known = byText.get(words) ?? { terms, packages: [] }
    const heading = [`${name} ${version} (${license})`, text.slice(0, begin).trim()]
      .filter(Boolean)
      .join("\n")
    byText.set(words, { terms, packages: [...known.packages, heading] })
  }
  const notices = [...byText.values()].map(
    ({ terms, packages }) => `${[...new Set(packages)].join("\n\n")}\n\n${terms}\n`,
  )
  const head = "pum-aws contains the following software, each under its own licence.\n"
  writeFileSync(join(root, "THIRD-PARTY-NOTICES.txt"), [head, ...notices].join(`\n${"-".repeat(78)}\n\n`))
}
