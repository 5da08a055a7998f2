import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { draw, type Shot, shoot, textOf } from "../support/picture.ts"
import { cleanEnv, Home } from "../support/program.ts"
import { enter, Pty } from "../support/pty.ts"

/*
 * Records the pictures of README.md and docs/. `npm run pictures` writes them anew; in `npm test` they must be what the
 * program shows.
 */

const folder = join(import.meta.dirname, "../../docs/pictures")
const columns = 100

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [code] = defaultUser.codes
const settings = `[default]
username = adm\\dev_aly
[account-mapping]
095344953043 = Stage-VNIPBC
039882259752 = Visma-Sandbox
585848786654 = Prod-VNIPBC
[profile prod]
account = Prod-VNIPBC
role = AdministratorAccess
duration = 2h
[profile stage]
account = Stage-VNIPBC
role = PowerUserAccess
[profile sandbox]
account = Visma-Sandbox
role = ViewOnlyAccess
`

function open(home: Home, args: readonly string[]): Pty {
  return new Pty({ args, columns, env: cleanEnv(home, world.env) })
}

async function signIn(pty: Pty, password: string = defaultUser.password): Promise<void> {
  const question = "Privileged user (e.g. adm\\dev_aly) [adm\\dev_aly]:"
  await pty.answer(question, "")
  await pty.answer("Domain password:", password)
  if (password === defaultUser.password) await pty.answer("Visma Google Auth 2FA Token:", code)
}

/** What the picture of a command shows: times are always the same. */
async function shotOf(command: string, pty: Pty): Promise<Shot> {
  const output = `$ ${command}\r\n${pty.raw}`.replace(/until \d\d:\d\d/g, "until 15:46")
  return shoot(output, columns)
}

type Scene = readonly [name: string, command: string, play: (home: Home, args: string[]) => Promise<Pty>]

const scenes: readonly Scene[] = [
  [
    "sign-in",
    "pum-aws --profile vadfs",
    async (home, args) => {
      const pty = open(home, args)
      await signIn(pty)
      await pty.sees("type to filter")
      pty.type("prod adm")
      await pty.sees("1 of 4")
      pty.type(enter)
      expect(await pty.ends()).toBe(0)
      return pty
    },
  ],
  [
    "menu",
    "pum-aws --profile vadfs",
    async (home, args) => {
      const pty = open(home, args)
      await signIn(pty)
      await pty.sees("type to filter")
      pty.type("stage")
      await pty.isAsked("  > stage")
      return pty
    },
  ],
  [
    "several-profiles",
    "pum-aws --profiles prod,stage,sandbox",
    async (home, args) => {
      const pty = open(home, args)
      await signIn(pty)
      expect(await pty.ends()).toBe(0)
      return pty
    },
  ],
  [
    "refusal",
    "pum-aws --profile vadfs",
    async (home, args) => {
      const pty = open(home, args)
      await signIn(pty, "not the password")
      expect(await pty.ends()).toBe(3)
      return pty
    },
  ],
  [
    "status",
    "pum-aws --status",
    async (home, args) => {
      const first = open(home, ["--profiles", "prod,stage,sandbox"])
      await signIn(first)
      expect(await first.ends()).toBe(0)
      home.write(".aws/config", `${home.read(".aws/config")}[profile old]\nsource_profile = prod\n`)
      const pty = open(home, args)
      expect(await pty.ends()).toBe(0)
      return pty
    },
  ],
]

describe("the pictures in docs/pictures", () => {
  it.each(scenes)("show what the program shows: %s", async (name, command, play) => {
    const home = new Home()
    home.write(".pum-aws", settings)
    const pty = await play(home, command.split(" ").slice(1))
    const shot = await shotOf(command, pty)
    expect(textOf(shot)).not.toMatch(/not the password|Domain password: ./)
    for (const theme of ["light", "dark"] as const)
      await expect(draw(shot, columns, theme)).toMatchFileSnapshot(join(folder, `${name}-${theme}.svg`))
  })

  it("are all shown on a page, and none is left over", () => {
    const pages = ["../../README.md", "../../docs/modes.md", "../../docs/when-it-fails.md"].map(file =>
      readFileSync(join(import.meta.dirname, file), "utf8"),
    )
    const files = scenes.flatMap(([name]) => [`${name}-dark.svg`, `${name}-light.svg`]).sort()
    expect(readdirSync(folder).sort()).toEqual(files)
    expect(files.filter(file => !pages.some(text => text.includes(`pictures/${file}`)))).toEqual([])
  })
})
