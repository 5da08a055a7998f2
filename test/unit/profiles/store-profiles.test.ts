import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmdirSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs"
import { describe, expect, it } from "vitest"
import { readProfile } from "../../../src/profiles/profile-state.ts"
import { storeProfiles } from "../../../src/profiles/store-profiles.ts"
import { type Home, newHome, sectionOf, writeOf } from "../../support/aws-home.ts"

const overwrite = false
const configOf = (profile: string, region = "eu-central-1") =>
  `[profile ${profile}]\nregion = ${region}\noutput = json\n`

describe("storing credentials", () => {
  it("makes folder and files for the owner only", async () => {
    const home = newHome()
    await storeProfiles(home.paths, [writeOf("vadfs")], { overwrite })
    expect(home.read(".aws/credentials")).toBe(sectionOf("vadfs"))
    expect(home.read(".aws/config")).toBe(configOf("vadfs"))
    expect([".aws", ".aws/credentials", ".aws/config"].map(home.mode)).toEqual(["700", "600", "600"])
    expect(home.leftovers()).toEqual([])
  })

  it("warns that another name of a file keeps the old text", async () => {
    const home = newHome({ "dotfiles/credentials": "[b]\nx = 1\n", ".aws/config": "" })
    linkSync(home.path("dotfiles/credentials"), home.path(".aws/credentials"))
    const warnings: string[] = []
    await storeProfiles(home.paths, [writeOf("a")], { overwrite, warn: line => warnings.push(line) })
    expect(warnings).toEqual([
      "~/.aws/credentials had another name (a hard link), which keeps the old text: use a symbolic link instead",
    ])
    expect(home.read("dotfiles/credentials")).toBe("[b]\nx = 1\n")
  })

  it("calls the default profile [default] in both files", async () => {
    const home = newHome()
    await storeProfiles(home.paths, [writeOf("default")], { overwrite })
    expect(home.read(".aws/credentials")).toBe(sectionOf("default"))
    expect(home.read(".aws/config")).toBe("[default]\nregion = eu-central-1\noutput = json\n")
  })

  it("is read back", async () => {
    const home = newHome()
    await storeProfiles(home.paths, [writeOf("vadfs", { region: "eu-north-1" })], { overwrite })
    expect(readProfile(home.paths, "vadfs")).toEqual({
      region: "eu-north-1",
      longTermKey: false,
      principalArn: "arn:aws:sts::095344953043:assumed-role/AdministratorAccess/vadfs@visma.com",
      expires: new Date("2026-01-02T03:04:05Z"),
      onDemand: false,
    })
  })

  it("stores several profiles, each file written once", async () => {
    const home = newHome({ ".aws/credentials": "[b]\nx = 1\n" })
    await storeProfiles(
      home.paths,
      ["a", "b", "c"].map(name => writeOf(name)),
      { overwrite },
    )
    const b = sectionOf("b").replace("[b]\n", "[b]\nx = 1\n")
    expect(home.read(".aws/credentials")).toBe([b, sectionOf("a"), sectionOf("c")].join("\n"))
    expect(home.read(".aws/config")).toBe(["a", "b", "c"].map(name => configOf(name)).join("\n"))
  })

  it("keeps what is already there: comments, order, blocks, Windows line ends, dots and case", async () => {
    const before =
      "; mine\r\n[my.dotted.Name]\r\naws_access_key_id = AKIA1\r\n\r\n[vadfs]\r\n# old\r\nAWS_ACCESS_KEY_ID : old\r\naws_security_token=old\r\ncustom = x # y\r\n\r\n[z]\r\ns3 =\r\n  a = 1"
    const home = newHome({ ".aws/credentials": before })
    await storeProfiles(home.paths, [writeOf("vadfs")], { overwrite: true })
    const [, id = "", ...others] = sectionOf("vadfs").trimEnd().split("\n")
    expect(home.read(".aws/credentials")).toBe(
      before
        .replace("AWS_ACCESS_KEY_ID : old", id)
        .replace("aws_security_token=old\r\n", "")
        .replace("custom = x # y", ["custom = x # y", ...others].join("\r\n")),
    )
  })

  it("does not grow when it is done again and again", async () => {
    const home = newHome()
    for (const _ of [1, 2, 3]) await storeProfiles(home.paths, [writeOf("a"), writeOf("b")], { overwrite })
    expect(home.read(".aws/credentials")).toBe(`${sectionOf("a")}\n${sectionOf("b")}`)
  })

  it("[DEFAULT] stays as it is, and is not taken for the profile", async () => {
    const home = newHome({ ".aws/credentials": "[DEFAULT]\naws_access_key_id = AKIA\nregion = x\n" })
    await storeProfiles(home.paths, [writeOf("default", { regionAsked: true })], { overwrite })
    expect(home.read(".aws/credentials")).toBe(
      `[DEFAULT]\naws_access_key_id = AKIA\nregion = x\n\n${sectionOf("default")}`,
    )
  })

  it("works where both names lead to one file", async () => {
    const home = newHome()
    const paths = { ...home.paths, config: home.paths.credentials }
    await storeProfiles(paths, [writeOf("a"), writeOf("default")], { overwrite })
    const inDefault = "region = eu-central-1\noutput = json\n"
    expect(home.read(".aws/credentials")).toBe(
      `${sectionOf("a")}\n${sectionOf("default")}${inDefault}\n${configOf("a")}`,
    )
    await storeProfiles(paths, [writeOf("a")], { overwrite })
    expect(home.read(".aws/credentials")).toContain(configOf("a"))
  })
})

describe("region and output", () => {
  const stored = async (config: string, credentials: string, write: Parameters<typeof writeOf>[1]) => {
    const home = newHome({ ".aws/config": config, ".aws/credentials": credentials })
    await storeProfiles(home.paths, [writeOf("p", write)], { overwrite })
    return {
      config: home.read(".aws/config"),
      credentials: home.read(".aws/credentials").replace(sectionOf("p").slice(4), ""),
    }
  }
  const asked = { region: "eu-north-1", regionAsked: true }
  const own = { region: "eu-north-1", regionAsked: false }

  it.each([
    ["are added where there is nothing", "", own, "[profile p]\nregion = eu-north-1\noutput = json\n"],
    [
      "are added to the section in quotes",
      '[profile "p"]\n',
      own,
      '[profile "p"]\nregion = eu-north-1\noutput = json\n',
    ],
    ["only what is missing", "[profile p]\nregion = a\n", own, "[profile p]\nregion = a\noutput = json\n"],
    [
      "nothing where both are there",
      "[profile p]\noutput = table\nregion = a\n",
      own,
      "[profile p]\noutput = table\nregion = a\n",
    ],
    [
      "a region that was asked for is set",
      "[profile p]\noutput = table\nregion = a\n",
      asked,
      "[profile p]\noutput = table\nregion = eu-north-1\n",
    ],
    [
      "the same region is not written anew",
      "[profile p]\noutput: table\nREGION: eu-north-1\n",
      asked,
      "[profile p]\noutput: table\nREGION: eu-north-1\n",
    ],
    [
      "an empty one is filled",
      "[profile p]\noutput = table\nregion =\n",
      own,
      "[profile p]\noutput = table\nregion = eu-north-1\n",
    ],
    [
      "what [DEFAULT] gives is not missing",
      "[DEFAULT]\nregion = a\noutput = b\n[profile p]\n",
      own,
      "[DEFAULT]\nregion = a\noutput = b\n[profile p]\n",
    ],
    [
      "a block with a region is no region",
      "[profile p]\noutput = a\ns3 =\n  region = b\n",
      own,
      "[profile p]\noutput = a\ns3 =\n  region = b\nregion = eu-north-1\n",
    ],
    [
      "the last section of several is the one that counts",
      "[profile p]\nregion = a\n[profile 'p']\n",
      own,
      "[profile p]\nregion = a\n[profile 'p']\nregion = eu-north-1\noutput = json\n",
    ],
    [
      "a section [p] is none of config",
      "[p]\nregion = a\n",
      own,
      "[p]\nregion = a\n\n[profile p]\nregion = eu-north-1\noutput = json\n",
    ],
  ])("%s", async (_, before, write, after) => {
    expect((await stored(before, "", write)).config).toBe(after)
  })

  it.each([
    ["is not added", "[p]\n", asked, "[p]\n"],
    ["stays where none was asked for", "[p]\nregion = a\n", own, "[p]\nregion = a\n"],
    ["becomes the one asked for", "[p]\nRegion: a\n", asked, "[p]\nregion = eu-north-1\n"],
    ["stays another profile's", "[q]\nregion = a\n[p]\n", asked, "[q]\nregion = a\n[p]\n"],
  ])("in the credentials file, region %s", async (_, before, write, after) => {
    expect((await stored("", before, write)).credentials).toBe(after)
  })

  it("a config file that needs no change is not touched: same file, time and mode", async () => {
    const home = newHome()
    home.write(".aws/config", "[profile p]\nregion=a\noutput=b", 0o644)
    utimesSync(home.path(".aws/config"), 1000, 1000)
    const { ino, mode, mtimeMs, ctimeMs } = statSync(home.path(".aws/config"))
    await storeProfiles(home.paths, [writeOf("p")], { overwrite })
    expect(statSync(home.path(".aws/config"))).toMatchObject({ ino, mode, mtimeMs, ctimeMs })
    expect(home.read(".aws/credentials")).toBe(sectionOf("p"))
  })
})

describe("a long-term key", () => {
  const before = "[p]\naws_access_key_id = AKIA\naws_secret_access_key = s\n"

  it("that has appeared meanwhile is not replaced, and nothing else is stored either", async () => {
    const home = newHome({ ".aws/credentials": before })
    const storing = storeProfiles(home.paths, [writeOf("q"), writeOf("p")], { overwrite: false })
    await expect(storing).rejects.toMatchObject({
      code: "file",
      message: "cannot write ~/.aws/credentials: [p] holds a long-term key",
    })
    expect(home.read(".aws/credentials")).toBe(before)
    expect(home.leftovers()).toEqual([])
  })

  it("is replaced after a yes", async () => {
    const home = newHome({ ".aws/credentials": before })
    await storeProfiles(home.paths, [writeOf("p")], { overwrite: true })
    expect(home.read(".aws/credentials")).toBe(sectionOf("p"))
  })
})

describe("values that would break the file", () => {
  it.each([
    ["a line end in the token", { sessionToken: "a\nb" }],
    ["a control character in the role", { principalArn: "arn:\u001b[31m" }],
    ["nothing for a key", { accessKeyId: "" }],
  ])("are refused: %s", async (_, wrong) => {
    const home = newHome({ ".aws/credentials": "[x]\n" })
    const write = writeOf("p")
    const storing = storeProfiles(home.paths, [{ ...write, session: { ...write.session, ...wrong } }], {
      overwrite,
    })
    await expect(storing).rejects.toMatchObject({
      code: "file",
      message: expect.stringMatching(
        /^cannot write ~\/\.aws\/credentials: the value for [a-z_]+ does not fit into one line$/,
      ),
    })
    expect(home.read(".aws/credentials")).toBe("[x]\n")
  })
})

describe("symbolic links", () => {
  it("stay links, and what they lead to is replaced", async () => {
    const home = newHome({ "dotfiles/aws/credentials": "# mine\n", ".aws/config": configOf("p") })
    symlinkSync("../dotfiles/aws/credentials", home.path(".aws/credentials"))
    await storeProfiles(home.paths, [writeOf("p")], { overwrite })
    expect(readlinkSync(home.path(".aws/credentials"))).toBe("../dotfiles/aws/credentials")
    expect(home.read("dotfiles/aws/credentials")).toBe(`# mine\n\n${sectionOf("p")}`)
    expect([home.mode("dotfiles/aws/credentials"), home.leftovers()]).toEqual(["600", []])
  })

  it("may lead over other links, through linked folders, to a file that is not there yet", async () => {
    const home = newHome({ "real/deep/x": "" })
    symlinkSync(home.path("real/deep"), home.path(".aws"))
    symlinkSync("second", home.path("real/deep/credentials"))
    symlinkSync("../made/for/it/credentials", home.path("real/deep/second"))
    await storeProfiles(home.paths, [writeOf("p")], { overwrite })
    expect(home.read("real/made/for/it/credentials")).toBe(sectionOf("p"))
    expect([lstatSync(home.path("real/deep/second")).isSymbolicLink(), home.mode("real/made")]).toEqual([
      true,
      "700",
    ])
    expect(home.read("real/deep/config")).toBe(configOf("p"))
  })
})

describe("all files or none", () => {
  const files = { ".aws/credentials": "[x]\n", "else/config": "[y]\n" }
  const intact = (home: Home) => {
    expect(home.read(".aws/credentials")).toBe("[x]\n")
    expect(home.leftovers()).toEqual([])
  }

  it("a temporary file that cannot be made", async () => {
    const home = newHome(files)
    mkdirSync(home.path("else/.config.pum-aws.tmp/x"), { recursive: true })
    const paths = { ...home.paths, config: home.path("else/config") }
    await expect(storeProfiles(paths, [writeOf("p")], { overwrite })).rejects.toMatchObject({
      code: "file",
      message: expect.stringMatching(/^cannot write ~\/else\/config: /),
    })
    expect(home.read("else/config")).toBe("[y]\n")
    intact(home)
  })

  it("what a killed process left is removed, also beside a file that needs no change", async () => {
    const home = newHome({
      ".aws/config": configOf("p"),
      ".aws/.config.pum-aws.tmp": "half",
      ".aws/.credentials.pum-aws.tmp": "half",
    })
    await storeProfiles(home.paths, [writeOf("p")], { overwrite })
    expect([home.read(".aws/credentials"), home.leftovers()]).toEqual([sectionOf("p"), []])
  })

  it("a link somebody put in the temporary file's place is not followed", async () => {
    const home = newHome({ ...files, victim: "keep" })
    symlinkSync(home.path("victim"), home.path(".aws/.credentials.pum-aws.tmp"))
    await storeProfiles(home.paths, [writeOf("p")], { overwrite })
    expect([home.read("victim"), home.leftovers()]).toEqual(["keep", []])
  })
})

describe("the lock", () => {
  it("of another process is waited for, and named when that takes too long", async () => {
    const home = newHome({ ".aws/credentials": "[x]\n" })
    mkdirSync(home.path(".aws/credentials.lock"))
    await expect(
      storeProfiles(home.paths, [writeOf("p")], { overwrite, patience: 150 }),
    ).rejects.toMatchObject({
      code: "file",
      message: "cannot write ~/.aws/credentials: another process holds its lock",
      hint: `wait for the other pum-aws to end; if none is running, remove the folder ${home.path(".aws/credentials.lock")}`,
    })
    expect(home.read(".aws/credentials")).toBe("[x]\n")
    expect(existsSync(home.path(".aws/config"))).toBe(false)
    const storing = storeProfiles(home.paths, [writeOf("p")], { overwrite })
    setTimeout(() => rmdirSync(home.path(".aws/credentials.lock")), 50)
    await storing
    expect(home.leftovers()).toEqual([])
  })

  it("of a killed process is taken over", async () => {
    const home = newHome()
    for (const name of ["credentials", "config"]) {
      mkdirSync(home.path(`.aws/${name}.lock`), { recursive: true })
      utimesSync(home.path(`.aws/${name}.lock`), new Date(), new Date(Date.now() - 10_000))
    }
    await storeProfiles(home.paths, [writeOf("p")], { overwrite, patience: 150 })
    expect([home.read(".aws/credentials"), home.leftovers()]).toEqual([sectionOf("p"), []])
  })

  it("is shared by calls in one process", async () => {
    const home = newHome()
    const names = ["a", "b", "c", "d", "e"]
    await Promise.all(names.map(name => storeProfiles(home.paths, [writeOf(name)], { overwrite })))
    for (const name of names) expect(home.read(".aws/credentials")).toContain(sectionOf(name))
    expect(home.leftovers()).toEqual([])
  })
})
