import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll } from "vitest"
import type { UserFile } from "../../src/files/file-error.ts"
import { readUserFile, type Snapshot } from "../../src/files/read-file.ts"
import { type AwsFilePaths, awsFilePaths } from "../../src/profiles/paths.ts"

export { sectionOf, writeOf } from "./write-of.ts"

/** A temporary home folder. Paths are relative to it. */
export interface Home {
  readonly folder: string
  readonly paths: AwsFilePaths
  path(name: string): string
  write(name: string, text: string | Buffer, mode?: number): void
  read(name: string): string
  mode(name: string): string
  /** Names of all files in `.aws` except credentials and config. */
  leftovers(): string[]
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function newHome(files: Readonly<Record<string, string>> = {}): Home {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "pum-aws-home-")))
  folders.push(folder)
  const path = (name: string) => join(folder, name)
  const home: Home = {
    folder,
    paths: awsFilePaths({}, folder),
    path,
    write(name, text, mode = 0o600) {
      mkdirSync(dirname(path(name)), { recursive: true, mode: 0o700 })
      writeFileSync(path(name), text, { mode })
      chmodSync(path(name), mode)
    },
    read: name => readFileSync(path(name), "utf8"),
    mode: name => (lstatSync(path(name)).mode & 0o777).toString(8),
    leftovers: () => readdirSync(path(".aws")).filter(name => name !== "credentials" && name !== "config"),
  }
  for (const [name, text] of Object.entries(files)) home.write(name, text)
  return home
}

export function fileIn(home: Home, name: string): UserFile {
  return { path: home.path(name), shown: `~/${name}` }
}

export function readIn(home: Home, name: string): Snapshot {
  return readUserFile(fileIn(home, name))
}
