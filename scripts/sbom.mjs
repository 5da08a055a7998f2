// Writes sbom.cdx.json: name, version and licence of every package that is bundled (CycloneDX 1.5). The same inputs give
// the same bytes: it has no time stamp and no random number.
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** @param packages `bundledPackages` */
export function writeSbom(root, packages) {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const components = packages.map(each => component("library", each))
  const byRef = new Map(components.map(each => [each["bom-ref"], each]))
  const sorted = [...byRef.values()].sort((one, other) => (one["bom-ref"] < other["bom-ref"] ? -1 : 1))
  const sbom = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: component("application", own) },
    components: sorted,
  }
  writeFileSync(join(root, "sbom.cdx.json"), `${JSON.stringify(sbom)}\n`)
}

function component(type, { name, version, license }) {
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`
  const licenses = license === undefined ? [] : [{ license: { id: license } }]
  // An expression is no id of the list of licences.
  if (/[ (]/.test(license ?? "")) licenses[0] = { expression: license }
  return { type, "bom-ref": purl, name, version, purl, licenses }
}
