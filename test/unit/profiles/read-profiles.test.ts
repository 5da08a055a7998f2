import { symlinkSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { PumError } from "../../../src/errors.ts"
import { readProfilesToStore } from "../../../src/profiles/read-profiles.ts"
import { newHome } from "../../support/aws-home.ts"

const p = { profile: "p" }

describe("what would keep the credentials from being stored is said before the password is asked", () => {
  const message = (files: Record<string, string | Buffer>, asked?: string): unknown => {
    const home = newHome()
    for (const [name, content] of Object.entries(files)) home.write(`.aws/${name}`, content)
    try {
      readProfilesToStore(home.paths, [{ profile: "p", region: asked }])
    } catch (error) {
      return error instanceof PumError && error.code === "file" ? error.message : error
    }
    return undefined
  }

  it.each([
    [
      "a malformed credentials file",
      { credentials: "[a]\n[a]\n" },
      "cannot use ~/.aws/credentials: line 2 opens [a] again, which line 1 did",
    ],
    [
      "a malformed config file",
      { config: "[default]\nx\n" },
      "cannot use ~/.aws/config: line 2 is neither 'key = value' nor a [section]",
    ],
    [
      "a byte order mark",
      { config: "\ufeff[default]\n" },
      "cannot use ~/.aws/config: line 1 begins with a byte order mark",
    ],
    [
      "bytes that are not UTF-8",
      { credentials: Buffer.from("[a]\r\n# ok\r\nx = \xe6\r\n", "latin1") },
      "cannot use ~/.aws/credentials: line 3 is not valid UTF-8",
    ],
    [
      "a token cut in the middle of a character",
      { credentials: Buffer.from("[a]\nx = \xc3", "latin1") },
      "cannot use ~/.aws/credentials: line 2 is not valid UTF-8",
    ],
    [
      "an indented line below a key of ours",
      { credentials: "[p]\naws_access_key_id = A\n  aws_secret_access_key = s\n" },
      "cannot use ~/.aws/credentials: line 3 is indented, so AWS tools read it as part of aws_access_key_id",
    ],
    [
      "one below the old token",
      { credentials: "[p]\naws_security_token = t\n x = 1\n" },
      "cannot use ~/.aws/credentials: line 3 is indented, so AWS tools read it as part of aws_security_token",
    ],
    [
      "one below the region",
      { config: "[profile p]\nregion = eu-north-1\n output = json\n" },
      "cannot use ~/.aws/config: line 3 is indented, so AWS tools read it as part of region",
    ],
    [
      "one below the region in credentials",
      { credentials: "[p]\nregion = eu-north-1\n\tx = 1\n" },
      "cannot use ~/.aws/credentials: line 3 is indented, so AWS tools read it as part of region",
    ],
    ["nothing wrong in another profile", { credentials: "[q]\naws_access_key_id = A\n  x = s\n" }, undefined],
    [
      "nothing wrong with a block that stays",
      { config: "[profile p]\ns3 =\n  a = 1\noutput =json\nregion= a\n" },
      undefined,
    ],
  ])("%s", (_, files, expected) => {
    expect(message(files)).toBe(expected)
  })

  it.each([
    [
      "is a folder",
      (home: ReturnType<typeof newHome>) => home.write(".aws/credentials/x", ""),
      "cannot use ~/.aws/credentials: is a folder",
    ],
    [
      "lies under a file",
      (home: ReturnType<typeof newHome>) => home.write(".aws", ""),
      "cannot read ~/.aws/credentials: a part of its path is a file, not a folder",
    ],
    [
      "is a circle of links",
      (home: ReturnType<typeof newHome>) => {
        home.write(".aws/x", "")
        symlinkSync("credentials", home.path(".aws/credentials"))
      },
      "cannot read ~/.aws/credentials: its symbolic links go round in circles",
    ],
    [
      "is a device",
      (home: ReturnType<typeof newHome>) => {
        home.write(".aws/x", "")
        symlinkSync("/dev/null", home.path(".aws/credentials"))
      },
      "cannot use ~/.aws/credentials: is no regular file",
    ],
    [
      "has a file in the place of its lock",
      (home: ReturnType<typeof newHome>) => home.write(".aws/credentials.lock", ""),
      "cannot lock ~/.aws/credentials: ~/.aws/credentials.lock is a file",
    ],
  ])("a credentials file that %s", (_, prepare, expected) => {
    const home = newHome()
    prepare(home)
    expect(() => readProfilesToStore(home.paths, [p])).toThrow(
      expect.objectContaining({ code: "file", message: expected }),
    )
  })

  it("something in the place of the config file's lock, if that file is to be changed", () => {
    const home = newHome({
      ".aws/config": "[profile p]\nregion = a\noutput = json\n",
      ".aws/config.lock/x": "",
    })
    expect(() => readProfilesToStore(home.paths, [p])).not.toThrow()
    expect(() => readProfilesToStore(home.paths, [{ profile: "q" }])).toThrow(
      expect.objectContaining({
        code: "file",
        message: "cannot lock ~/.aws/config: ~/.aws/config.lock is a folder that is not empty",
      }),
    )
  })

  it("a path outside the home folder is shown in full, a neighbour's too", () => {
    const home = newHome({ "x/c": "[a]\n[a]\n" })
    const paths = { ...home.paths, home: home.folder.slice(0, -1) }
    expect(() => readProfilesToStore({ ...paths, credentials: home.path("x/c") }, [p])).toThrow(
      `cannot use ${home.path("x/c")}: line 2`,
    )
    const bare = { credentials: home.path("x/c"), config: home.path("x/f") }
    expect(() => readProfilesToStore(bare, [p])).toThrow(`cannot use ${home.path("x/c")}: line 2`)
  })
})
