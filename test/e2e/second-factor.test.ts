import { setTimeout as pause } from "node:timers/promises"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type OwnFactorName, ownFactor } from "../emulators/adfs/own-pages.ts"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home, program, startWithoutTerminal } from "../support/program.ts"
import { tellStory } from "../support/story.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

const [code] = defaultUser.codes

interface Outcome {
  readonly exit: number
  /** Lines on stderr, from the first. */
  readonly lines: readonly string[]
  /** What reached the second factor: fields beside AuthMethod and Context, in each post. */
  readonly posts: readonly Record<string, string>[]
  /** Lines of stdin behind the password; default: the code. */
  readonly answers?: readonly string[]
}

const needsTerminal = (buttons: string) =>
  `hint: the page has buttons: ${buttons}; on a terminal pum-aws asks whether to press one`
const needsBrowser =
  "hint: a script or a device makes its answer: use another second factor here, such as a code, if you have one"

const outcomes: Readonly<Record<OwnFactorName, Outcome>> = {
  "a sentence": {
    exit: 3,
    lines: [
      "pum-aws: ADFS does not go on with the sign-in: Your account has no app yet. Set one up at the portal (https://enrol.example.com/app), then come back.",
    ],
    posts: [],
  },
  "a sentence without a form": {
    exit: 3,
    lines: ["pum-aws: ADFS does not go on with the sign-in: Security key. No key is registered for you"],
    posts: [],
  },
  "one button": {
    exit: 3,
    lines: [
      "pum-aws: ADFS does not go on with the sign-in: Your account is locked",
      needsTerminal('"Finish"'),
    ],
    posts: [],
  },
  "two buttons": {
    exit: 3,
    lines: [
      "pum-aws: ADFS does not go on with the sign-in: How shall we reach you?",
      needsTerminal('"By mail", "By phone"'),
    ],
    posts: [],
  },
  "a button that changes nothing": {
    exit: 3,
    lines: ["pum-aws: ADFS does not go on with the sign-in: The service is down", needsTerminal('"Retry"')],
    posts: [],
  },
  "a passkey": {
    exit: 4,
    lines: ["pum-aws: the second factor Own Adapter needs a browser: Use your passkey. Go", needsBrowser],
    posts: [],
  },
  "an answer of a script": {
    exit: 4,
    lines: ["pum-aws: the second factor Own Adapter needs a browser", needsBrowser],
    posts: [],
  },
  "a page that waits": { exit: 0, lines: ["We sent a request to your watch"], posts: [{}, {}] },
  "a page that waits and has buttons": { exit: 0, lines: ["Confirm it"], posts: [{}, {}] },
  "a page that stops to wait": {
    exit: 3,
    lines: ["Confirm it on your watch", "pum-aws: the sign-in was not approved: Your watch did not answer"],
    posts: [{}],
  },
  "a refusal in its own place": {
    exit: 3,
    lines: ["pum-aws: ADFS refused the 2FA code: That code is not right"],
    answers: ["000000"],
    posts: [{ otp: "000000", go: "OK" }],
  },
  "a code and a PIN": {
    exit: 0,
    lines: [],
    answers: ["444 692", "2580"],
    posts: [{ pin: "2580", tokenCode: "444692", go: "OK" }],
  },
  "a choice": { exit: 0, lines: ["Where shall the code go?"], posts: [{ to: "app" }, { otp: "444692" }] },
  "a choice without a default": {
    exit: 2,
    lines: [
      "Where?",
      "pum-aws: ADFS asks to choose, and there is no terminal to ask on: App, Mail",
      "hint: run pum-aws on a terminal, or set a default where you manage your second factor",
    ],
    posts: [],
  },
  "words beside a question": {
    exit: 0,
    lines: ["warning: Your last sign-in was on Monday"],
    posts: [{ otp: "444692" }],
  },
}

const run = (answers: readonly string[]) =>
  tellStory(new Home(), world, {
    args: ["--password-stdin", "-u", defaultUser.name, "-a", "5858"],
    stdin: [defaultUser.password, ...answers, ""].join("\n"),
  })

/** Fields beside those that every page of a second factor has. */
const posted = () =>
  world.adfs.posts
    .filter(fields => fields.some(([name]) => name === "Context"))
    .map(fields => Object.fromEntries(fields.filter(([name]) => name !== "AuthMethod" && name !== "Context")))

describe.each(["page", "redirect"] as const)("without a terminal, after the password a %s", afterPassword => {
  // What comes after a wait does not depend on how its page was reached.
  const reached = Object.entries(outcomes).filter(
    ([name]) => afterPassword === "page" || !/ waits?\b/.test(name),
  )
  it.each(reached)("%s", async (name, { exit, lines, posts, answers = [code] }) => {
    Object.assign(world.adfs.settings, { secondFactors: [ownFactor(name as OwnFactorName)], afterPassword })
    const ended = await run(answers)
    expect([ended.code, ...ended.stderr.split("\n").slice(0, lines.length)]).toEqual([exit, ...lines])
    if (exit !== 0) expect(ended.stderr.split("\n")).toHaveLength(lines.length + 1)
    expect(posted()).toEqual(posts)
    expect(world.adfs.passwords).toHaveLength(1)
  })
})

describe("home realms", () => {
  const partner = { value: "urn:example:partner", name: "Partner" }

  it("takes this ADFS where it is offered, whatever its name", async () => {
    world.adfs.settings.homeRealms = [partner, { value: "AD AUTHORITY", name: "Käyttäjätili" }]
    expect(await run([code])).toMatchObject({ code: 0 })
    expect(world.adfs.posts[0]).toEqual([
      ["Email", ""],
      ["HomeRealmSelection", "AD AUTHORITY"],
    ])
  })

  it("says what there is to choose where nothing is clearly right", async () => {
    world.adfs.settings.homeRealms = [partner, { value: "urn:example:other", name: "Other" }]
    const { code: exit, stderr } = await run([code])
    expect([exit, stderr.split("\n")[0]]).toEqual([
      2,
      "pum-aws: ADFS asks to choose, and there is no terminal to ask on: Partner, Other",
    ])
    expect(world.adfs.posts).toEqual([])
  })
})

it("a code with blanks, as authenticator apps show it", async () => {
  expect(await run(["444 692"])).toMatchObject({ code: 0 })
  expect(world.adfs.codes).toEqual(["444692"])
})

it.each([
  ["nested elements", "<div>".repeat(100_000), "deeper nesting"],
  ["forms", "<form></form>".repeat(3_000), "more forms"],
])("a page with too many %s ends with 4", async (_, body, words) => {
  world.adfs.faults.switchOn("login page", { kind: "answer", status: 200, body })
  const { code: exit, stderr } = await run([code])
  expect([exit, stderr]).toEqual([4, expect.stringContaining(`ADFS sent a page with ${words}`)])
  expect(world.adfs.passwords).toEqual([])
})

it("Ctrl-C ends a run while pages come that cost as much as the limits allow", async () => {
  const fields = Array.from(
    { length: 1_900 },
    (_, index) => `<input type="hidden" name="h${index}" value="x">`,
  )
  const body = `<form method="post"><input type="hidden" name="AuthMethod" value="Slow"><p>Wait</p>${fields.join("")}</form>
    <script>${"a(b,[c],{d:()=>e});".repeat(13_000)}document.forms[0].submit()</script>`
  for (const stage of ["password", "code", "other post"] as const)
    world.adfs.faults.switchOn(stage, { kind: "answer", status: 200, body })
  const { process: child, ended } = startWithoutTerminal(process.execPath, {
    args: [program, "--password-stdin", "-u", defaultUser.name, "--json"],
    env: cleanEnv(new Home(), world.env),
    stdin: `${defaultUser.password}\n${code}\n`,
  })
  while (world.adfs.posts.length < 2 && child.exitCode === null) await pause(10)
  child.kill("SIGINT")
  const { signal, stdout } = await ended
  expect([signal, stdout]).toEqual(["SIGINT", ""])
  // The password, and the page's own form once or twice; it would have been posted 40 times.
  expect(world.adfs.posts.length).toBeLessThan(5)
})
