import { statSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home } from "../support/program.ts"
import { ctrlC, enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [code] = defaultUser.codes
const menuFoot = "4 · type to filter, ↑↓ to move, Enter to choose"

function open(home: Home, args: readonly string[] = [], env: Record<string, string> = {}): Pty {
  return new Pty({ args: ["-u", defaultUser.name, ...args], env: cleanEnv(home, { ...world.env, ...env }) })
}

async function signIn(pty: Pty): Promise<void> {
  await pty.answer("Domain password:", defaultUser.password)
  await pty.answer("Visma Google Auth 2FA Token:", code)
}

/** The lines of the menu, without what marks the first. */
async function menuOf(home: Home): Promise<string[]> {
  world.adfs.reset()
  const pty = open(home)
  await signIn(pty)
  await pty.sees(menuFoot)
  const lines = pty.text.split("\n")
  pty.type(ctrlC)
  expect(await pty.ends()).toBe(130)
  return lines.filter(line => line.includes(" arn:aws:")).map(line => line.replace("❯", " ").trim())
}

const numbersOnly = [
  "039882259752   ViewOnlyAccess        arn:aws:iam::039882259752:role/ViewOnlyAccess",
  "095344953043   PowerUserAccess       arn:aws:iam::095344953043:role/PowerUserAccess",
  "095344953043   RDSAlice              arn:aws:iam::095344953043:role/RDSAlice",
  "585848786654   AdministratorAccess   arn:aws:iam::585848786654:role/AdministratorAccess",
]
const named = [
  "039882259752    ViewOnlyAccess        arn:aws:iam::039882259752:role/ViewOnlyAccess",
  "prod-vnipbc     PowerUserAccess       arn:aws:iam::095344953043:role/PowerUserAccess",
  "prod-vnipbc     RDSAlice              arn:aws:iam::095344953043:role/RDSAlice",
  "visma-sandbox   AdministratorAccess   arn:aws:iam::585848786654:role/AdministratorAccess",
]

describe("aliases of accounts", () => {
  it("stand in the menu, are typed at it, and in the final message; AWS is asked for no name then", async () => {
    const home = new Home()
    const ids = ["095344953043 = Zoo", "039882259752 = Test", "585848786654 = Prod-VNIPBC"]
    home.write(".pum-aws", `[account-mapping]\n${ids.join("\n")}\n`)
    const pty = open(home)
    await signIn(pty)
    await pty.sees(menuFoot)
    expect(pty.text).toMatch(/Prod-VNIPBC .*\n.*Test .*\n.*Zoo .*\n.*Zoo /)
    pty.type("prod adm")
    await pty.sees("1 of 4")
    pty.type(enter)
    expect(await pty.ends()).toBe(0)
    expect(pty.text.replace(/\d\d:\d\d/, "15:46")).toContain(
      [
        "  ❯ Prod-VNIPBC   AdministratorAccess   arn:aws:iam::585848786654:role/AdministratorAccess",
        "✔ Stored in profile [default] of ~/.aws/credentials",
        "  Prod-VNIPBC: arn:aws:iam::585848786654:role/AdministratorAccess, valid until 15:46 (1 h)",
      ].join("\n"),
    )
    expect(world.signIn.log).toEqual([])
    expect(home.read(".aws/pum-aws/accounts.json")).toBeUndefined()
  })
})

// Each shape of AWS' own page, and all that can be in its place: test/unit/aws/ask-role-page.test.ts.
describe("names of accounts without an alias", () => {
  it("are kept for the next menu, for the user alone", async () => {
    const home = new Home()
    expect(await menuOf(home)).toEqual(named)
    const mode = (name: string) => (statSync(join(home.path, name)).mode & 0o777).toString(8)
    expect([mode(".aws/pum-aws"), mode(".aws/pum-aws/accounts.json")]).toEqual(["700", "600"])
    expect(JSON.parse(home.read(".aws/pum-aws/accounts.json") ?? "")).toMatchObject({
      "095344953043": { name: "prod-vnipbc" },
      "039882259752": { name: "" },
      "585848786654": { name: "visma-sandbox" },
    })
    expect(await menuOf(home)).toEqual(named)
    expect(world.signIn.samlResponses).toHaveLength(1)
  })

  it.each<[string, (home: Home) => void]>([
    ["a script page", () => Object.assign(world.signIn.settings, { rolePage: "script" })],
    ["a page that never comes", () => world.signIn.faults.switchOn("role page", { kind: "hang" })],
    ["a connection that breaks", () => world.signIn.faults.switchOn("role page", { kind: "drop" })],
    [
      "another address in the token form",
      () => Object.assign(world.adfs.settings, { tokenAction: "https://stranger.example/saml" }),
    ],
  ])("are their numbers after %s", async (_, arrange) => {
    const home = new Home()
    const pty = open(home)
    await pty.answer("Domain password:", defaultUser.password)
    arrange(home)
    await pty.answer("Visma Google Auth 2FA Token:", code)
    await pty.sees(menuFoot)
    for (const line of numbersOnly) expect(pty.text).toContain(line)
    pty.type(enter)
    expect(await pty.ends()).toBe(0)
    expect(world.stranger.log).toEqual([])
    expect(home.read(".aws/pum-aws/accounts.json")).toBeUndefined()
  })

  it("are not asked for with account_names = off, nor taken from what was kept", async () => {
    const home = new Home()
    await menuOf(home)
    home.write(".pum-aws", "[default]\naccount_names = off\n")
    expect(await menuOf(home)).toEqual(numbersOnly)
    expect(world.signIn.samlResponses).toHaveLength(1)
  })

  it("are not asked for where there is no menu", async () => {
    const pty = open(new Home(), ["--account", "5858"])
    await signIn(pty)
    expect(await pty.ends()).toBe(0)
    expect(world.signIn.log).toEqual([])
  })
})

describe("--all", () => {
  const list = [
    "  039882259752-ViewOnlyAccess        039882259752   ViewOnlyAccess",
    "  095344953043-PowerUserAccess       095344953043   PowerUserAccess",
    "  095344953043-RDSAlice              095344953043   RDSAlice",
    "  585848786654-AdministratorAccess   585848786654   AdministratorAccess",
  ]

  it("shows the names, and stores nothing after a no", async () => {
    const home = new Home()
    const pty = open(home, ["--all"])
    await signIn(pty)
    await pty.isAsked("Store these 4 profiles? (y/N)")
    expect(pty.text).toContain(`${list.join("\n")}\nStore`)
    pty.type(enter)
    expect(await pty.ends()).toBe(130)
    expect(pty.text).toContain(
      "pum-aws: cancelled, nothing was changed\nhint: --account and --role leave fewer of them\n",
    )
    expect([world.sts.calls, home.awsFiles()]).toEqual([[], { credentials: undefined, config: undefined }])
  })

  it("stores them after a yes", async () => {
    const home = new Home()
    const pty = open(home, ["--all", "--account", "0953"])
    await signIn(pty)
    await pty.answer("Store these 2 profiles? (y/N)", "y")
    expect(await pty.ends()).toBe(0)
    expect(pty.text).toContain("✔ Stored 2 profiles in ~/.aws/credentials\n  ✔ 095344953043-PowerUserAccess")
    const sections = (home.read(".aws/credentials") ?? "").match(/^\[.*$/gm)
    expect(sections).toEqual(["[095344953043-PowerUserAccess]", "[095344953043-RDSAlice]"])
  })
})

describe("--all --on-demand", () => {
  it("shows the names, and sets up nothing after a no", async () => {
    const home = new Home()
    const pty = open(home, ["--all", "--on-demand"], { TMPDIR: join(home.path, "tmp") })
    await signIn(pty)
    await pty.answer("Set up these 4 profiles? (y/N)", "n")
    expect(await pty.ends()).toBe(130)
    expect(home.awsFiles()).toEqual({ credentials: undefined, config: undefined })
  })
})

describe("--profiles", () => {
  it("asks once for all long-term keys, before the password", async () => {
    const home = new Home()
    home.write(".aws/credentials", "[rds]\naws_access_key_id = AKIA1\n[power]\naws_access_key_id = AKIA2\n")
    const before = home.awsFiles()
    const pty = open(home, ["--profiles", "rds,view,power"])
    const question =
      "The profiles [rds], [power] hold long-term keys, which would be lost. Replace them? (y/N)"
    await pty.isAsked(question)
    pty.type(`n${enter}`)
    expect(await pty.ends()).toBe(130)
    expect([world.adfs.passwords, home.awsFiles()]).toEqual([[], before])
    const again = open(home, ["--profiles", "rds,view,power"])
    await again.answer(question, "y")
    await signIn(again)
    expect(await again.ends()).toBe(0)
    expect(home.read(".aws/credentials")).not.toContain("AKIA")
  })

  it("--retry asks for three passwords in all, for any number of profiles", async () => {
    const pty = open(new Home(), ["--profiles", "rds,view,power", "--retry"])
    for (const wrong of ["wrong-1", "wrong-2", "wrong-3"]) await pty.answer("Domain password:", wrong)
    expect(await pty.ends()).toBe(3)
    expect(world.adfs.passwords).toEqual(["wrong-1", "wrong-2", "wrong-3"])
    expect(world.sts.calls).toEqual([])
  })

  it("shows no menu, and no secret", async () => {
    const home = new Home()
    const pty = open(home, ["--profiles", "rds,view,power", "--verbose"])
    await signIn(pty)
    expect(await pty.ends()).toBe(0)
    expect(pty.text).not.toContain("Please choose")
    const secrets = world.sts.sessions.flatMap(({ secretAccessKey, sessionToken }) => [
      secretAccessKey,
      sessionToken,
    ])
    for (const secret of [defaultUser.password, ...secrets]) expect(pty.raw).not.toContain(secret)
    expect(secrets).toHaveLength(6)
  })
})
