import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { findProgramPaths, hasVersion } from "../../../src/on-demand/find-program.ts"

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "pum-aws-program-")))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Makes an empty file, and gives its path. */
function file(name: string): string {
  const path = join(root, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, "")
  return path
}

function link(name: string, target: string): string {
  const path = join(root, name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
  return path
}

/** @param folders of the PATH, below the root */
function find(node: string, script: string, folders: readonly string[], env: Record<string, string> = {}) {
  const path = folders.map(folder => join(root, folder)).join(delimiter)
  return findProgramPaths({ node, script }, { PATH: path, TMPDIR: join(root, "tmp"), ...env }, "linux")
}

describe("the paths in a profile's line", () => {
  it("of a global install are the links on the PATH", () => {
    const node = file("usr/bin/node")
    const script = file("usr/lib/node_modules/pum-aws/bin/pum-aws")
    const onPath = link("usr/bin/pum-aws", script)
    expect(find(node, script, ["usr/sbin", "usr/bin"])).toEqual({
      paths: { node, script: onPath },
      warnings: [],
    })
  })

  it("on Windows are those of node.exe and of the script", () => {
    const real = file("nvm/v20.20.2/node.exe")
    const script = file("npm/node_modules/pum-aws/bin/pum-aws")
    const node = link("nodejs/node.exe", real)
    link("nodejs/node", real)
    const env = { PATH: join(root, "nodejs"), TMPDIR: join(root, "tmp") }
    const found = findProgramPaths({ node: real, script }, env, "win32")
    expect(found).toEqual({ paths: { node, script }, warnings: [] })
  })

  it("of a version manager are a link without a version; it still leads to them after an upgrade", () => {
    const old = file("nvm/versions/node/v20.20.2/bin/node")
    const script = file("nvm/versions/node/v20.20.2/lib/node_modules/pum-aws/bin/pum-aws")
    link("nvm/versions/node/v20.20.2/bin/pum-aws", script)
    link("nvm/current", join(root, "nvm/versions/node/v20.20.2"))
    const folders = ["nvm/versions/node/v20.20.2/bin", "nvm/current/bin"]
    const { paths, warnings } = find(old, script, folders)
    expect(paths).toEqual({
      node: join(root, "nvm/current/bin/node"),
      script: join(root, "nvm/current/bin/pum-aws"),
    })
    expect(warnings).toEqual([])
    renameSync(join(root, "nvm/versions/node/v20.20.2"), join(root, "nvm/versions/node/v22.0.0"))
    rmSync(join(root, "nvm/current"))
    link("nvm/current", join(root, "nvm/versions/node/v22.0.0"))
    expect(realpathSync(paths.node)).toBe(join(root, "nvm/versions/node/v22.0.0/bin/node"))
  })

  it("are the real ones with a warning if each entry of the PATH has a version", () => {
    const node = file("nvm/v20.20.2/bin/node")
    const script = file("nvm/v20.20.2/lib/node_modules/pum-aws/bin/pum-aws")
    link("nvm/v20.20.2/bin/pum-aws", script)
    expect(find(node, script, ["nvm/v20.20.2/bin"])).toEqual({
      paths: { node, script },
      warnings: [
        `Node.js is at ${node}: when a new version takes the place of that folder, run this command again`,
        `pum-aws is at ${script}: when a new version takes the place of that folder, run this command again`,
      ],
    })
  })

  it("are not the links that fnm makes for one shell, nor those of a temporary folder", () => {
    const node = file("fnm/node/bin/node")
    const script = file("src/pum-aws/bin/pum-aws")
    link("run/fnm_multishells/12_34/bin/node", node)
    link("tmp/bin/node", node)
    expect(find(node, script, ["run/fnm_multishells/12_34/bin", "tmp/bin"]).paths).toEqual({ node, script })
  })

  it("are warned of on Windows if they have letters that Python reads in another encoding", () => {
    const node = file("nodejs/node.exe")
    const script = file("åsa/npm/pum-aws")
    const warnings = (platform: NodeJS.Platform) =>
      findProgramPaths({ node, script }, { TMPDIR: join(root, "tmp") }, platform).warnings
    expect(warnings("win32")).toEqual([
      expect.stringContaining(`the AWS CLI and boto3 misread the letters in ${script}: install it into`),
    ])
    expect(warnings("linux")).toEqual([])
  })

  it("are not another program's of the same name, nor of a relative folder", () => {
    const node = file("a/node")
    const script = file("a/pum-aws")
    file("b/node")
    expect(find(node, script, ["b"], { PATH: `${join(root, "b")}${delimiter}.` }).paths).toEqual({
      node,
      script,
    })
  })

  it("of a running link are those of its target", () => {
    const node = file("a/node")
    const script = file("lib/bin/pum-aws")
    expect(find(node, link("x/pum-aws", script), []).paths).toEqual({ node, script })
  })

  it.each([
    "home/.npm/_npx/0a1b2c/node_modules/pum-aws/bin/pum-aws",
    "home/.cache/pnpm/dlx/x/node_modules/pum-aws/bin/pum-aws",
    "home/dlx-123/node_modules/pum-aws/bin/pum-aws",
    "home/bunx-0-pum-aws/node_modules/pum-aws/bin/pum-aws",
    "tmp/work/bin/pum-aws",
  ])("are refused where they may vanish: %s", name => {
    const script = file(name)
    expect(() => find(file("a/node"), script, [])).toThrow(
      `pum-aws runs from a folder that may vanish: ${script}`,
    )
  })

  it.each([
    ["/home/u/.nvm/versions/node/v20.20.2/bin/node", true],
    ["/opt/homebrew/Cellar/node/22.1.0/bin/node", true],
    ["/opt/homebrew/opt/node@22/bin/node", true],
    ["/usr/lib/node-22.1/bin/node", true],
    ["/opt/node/20/bin/node", true],
    ["C:\\nvm\\v22.22.2\\node.exe", true],
    ["/usr/bin/node", false],
    ["/usr/lib64/node/bin/node", false],
    ["/home/user2/bin/node", false],
    ["C:\\Program Files\\nodejs\\node.exe", false],
  ])("%s has a version in it: %s", (path, expected) => {
    expect(hasVersion(path)).toBe(expected)
  })
})
