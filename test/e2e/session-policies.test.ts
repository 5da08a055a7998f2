import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { Home } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [first, second] = defaultUser.codes
const request = ["-u", defaultUser.name, "-p", "prod", "-a", "585848786654", "--role", "AdministratorAccess"]
const view = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"

function tell(home: Home, args: readonly string[], code: string = first) {
  home.write("password", defaultUser.password)
  const env = { PUM_PASSWORD_COMMAND: `cat ${home.path}/password`, PUM_OTP_COMMAND: `echo ${code}` }
  return tellStory(home, world, { args: [...request, ...args], env })
}
/** Without anything that could answer a question: what comes is there already. */
const unanswered = (home: Home, args: readonly string[]) =>
  tellStory(home, world, { args: [...request, ...args] })
const lastCall = () => world.sts.calls.at(-1)

describe("--read-only and --policy", () => {
  it("reach STS: the partition's ReadOnlyAccess, ARNs and a text", async () => {
    const home = new Home()
    const policy =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}'
    home.write("p.json", policy)
    await tell(home, ["--read-only", "--json"])
    expect(lastCall()).toMatchObject({
      policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      policy: undefined,
    })
    const limited = ["--policy", view, "--policy", `${home.path}/p.json`]
    const { code } = await tell(home, [...limited, "--json"], second)
    expect([code, lastCall()]).toEqual([0, expect.objectContaining({ policyArns: [view], policy })])
  })

  it("a session with a policy is never taken for one without, nor for one with another, kept or stored", async () => {
    for (const [made, others] of [
      [[], [["--read-only"], ["--policy", view]]],
      [["--read-only"], [[], ["--policy", view]]],
      [
        ["--policy", view],
        [[], ["--read-only"], ["--policy", view, "--policy", `${view}2`]],
      ],
    ] as const) {
      world.reset()
      const home = new Home()
      expect((await tell(home, [...made])).code).toBe(0)
      const stored = await unanswered(home, [...made, "--json"])
      const json = JSON.parse(stored.stdout)
      expect(json.SessionPolicy === undefined).toBe(made.length === 0)
      expect((await unanswered(home, [...made, "--if-needed"])).code).toBe(0)
      expect((await unanswered(home, [...made, "--status"])).code).toBe(0)
      for (const other of others) {
        for (const mode of ["--json", "--credential-process", "--if-needed"])
          expect([made, other, mode, (await unanswered(home, [...other, mode])).code]).toEqual([
            made,
            other,
            mode,
            2,
          ])
        const status = await unanswered(home, [...other, "--status"])
        expect([status.code, status.stdout]).toEqual([1, expect.stringContaining(" is asked for")])
      }
    }
  })

  it("a file that says something else by now is another policy", async () => {
    const home = new Home()
    const limited = ["--policy", `${home.path}/p.json`, "--json"]
    home.write("p.json", '{"Statement":[]}')
    await tell(home, limited)
    expect((await unanswered(home, limited)).code).toBe(0)
    home.write("p.json", '{"Statement":[{}]}')
    expect((await unanswered(home, limited)).code).toBe(2)
  })

  it("the same policy in another order, or with other white space, is the same session", async () => {
    const home = new Home()
    const read = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    const [allow, deny] = [
      '{"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"}',
      '{"Effect":"Deny"}',
    ]
    home.write("p.json", `{"Version":"2012-10-17","Statement":[${allow},${deny}]}`)
    home.write(
      "q.json",
      `{ "Statement": [ ${deny},\n\t{"Resource":"*", "Action": [ "s3:List*", "s3:Get*" ], "Effect":"Allow"} ],\n "Version": "2012-10-17" }`,
    )
    const policies = (...words: string[]) => words.flatMap(word => ["--policy", word])
    await tell(home, policies(view, read, `${home.path}/p.json`))
    const same = policies(`${home.path}/q.json`, read, view, read)
    for (const mode of ["--json", "--if-needed", "--status"])
      expect([mode, (await unanswered(home, [...same, mode])).code]).toEqual([mode, 0])
  })

  it("is shown wherever the session is named, and marks the stored keys until they are others", async () => {
    const home = new Home()
    const stored = await tell(home, ["--read-only"])
    expect(stored.stderr).toMatch(/valid until \d\d:\d\d \(1 h\), read-only\n/)
    expect(home.read(".aws/credentials")).toContain("x_pum_session_policy = read-only\n")
    const status = await unanswered(home, ["--read-only", "--status"])
    expect(status.stdout.match(/AdministratorAccess, read-only/g)).toHaveLength(1)
    const needed = await unanswered(home, ["--read-only", "--if-needed"])
    expect(needed.stderr).toMatch(/, read-only\n/)
    const link = await unanswered(home, ["--read-only", "--console"])
    expect(link.stderr).toMatch(/, kept session, read-only\n/)
    await tell(home, [], second)
    expect(home.read(".aws/credentials")).not.toContain("x_pum_session_policy")
  })

  it.each([
    ["MalformedPolicyDocument", "is no policy for a session"],
    ["PackedPolicyTooLarge", "are too large together"],
  ] as const)("refused by STS is exit 6, with its words and a hint: %s", async (error, hint) => {
    world.sts.refuse(error)
    const { code, stderr } = await tell(new Home(), ["--policy", view, "--json"])
    expect([code, stderr]).toEqual([6, expect.stringMatching(new RegExp(`\\(${error}\\)\nhint: .*${hint}`))])
  })

  it("of the emulated STS are checked as AWS does", async () => {
    const home = new Home()
    home.write("p.json", '{"Version":"2012-10-17"}')
    const { code, stderr } = await tell(home, ["--policy", `${home.path}/p.json`, "--json"])
    expect([code, stderr]).toEqual([
      6,
      expect.stringContaining("Syntax errors in policy. (MalformedPolicyDocument)"),
    ])
  })
})
