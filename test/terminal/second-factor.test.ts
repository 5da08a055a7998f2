import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { type OwnFactorName, ownFactor } from "../emulators/adfs/own-pages.ts"
import { defaultUser, startWorld, type World } from "../emulators/world.ts"
import { cleanEnv, Home } from "../support/program.ts"
import { down, enter, Pty } from "../support/pty.ts"

let world: World
beforeAll(async () => {
  world = await startWorld()
})
beforeEach(() => world.reset())
afterAll(() => world.close())

/** Types user and password, as far as the page of this second factor. */
async function signIn(name: OwnFactorName): Promise<Pty> {
  world.adfs.settings.secondFactors = [ownFactor(name)]
  const pty = new Pty({ args: ["-a", "5858"], env: cleanEnv(new Home(), world.env) })
  await pty.answer("Privileged user (e.g. adm\\dev_aly):", defaultUser.name)
  await pty.answer("Domain password:", defaultUser.password)
  return pty
}

const posted = (name: string) =>
  world.adfs.posts.flatMap(fields => fields.filter(([field]) => field === name).map(([, value]) => value))

it("presses a button after a yes", async () => {
  const pty = await signIn("one button")
  await pty.sees("Your account is locked")
  await pty.sees('Press the page\'s button "Finish"?')
  expect(posted("finish")).toEqual([])
  pty.type(`y${enter}`)
  expect(await pty.ends()).toBe(0)
  expect(posted("finish")).toEqual(["1"])
})

it("presses no button after a no", async () => {
  const pty = await signIn("one button")
  await pty.sees('Press the page\'s button "Finish"?')
  pty.type(`n${enter}`)
  expect(await pty.ends()).toBe(130)
  expect(posted("finish")).toEqual([])
})

it("lets choose among buttons", async () => {
  const pty = await signIn("two buttons")
  await pty.sees("How shall we reach you?")
  await pty.sees("By phone")
  pty.type(`${down}${enter}`)
  expect(await pty.ends()).toBe(0)
  expect(posted("way")).toEqual(["call"])
})

it("lets choose how to sign in, then asks", async () => {
  const pty = await signIn("a choice")
  await pty.sees("Where shall the code go?")
  await pty.sees("Mail")
  pty.type(`${down}${enter}`)
  await pty.answer("Code:", "444 692")
  expect(await pty.ends()).toBe(0)
  expect(posted("to")).toEqual(["mail"])
})

it("asks for both a code and a PIN", async () => {
  const pty = await signIn("a code and a PIN")
  await pty.answer("PIN:", "2580")
  await pty.answer("Number of the token:", "444692")
  expect(await pty.ends()).toBe(0)
  expect(pty.text).not.toContain("2580")
})

it("shows what to do while the page waits", async () => {
  const pty = await signIn("a page that waits")
  await pty.sees("We sent a request to your watch")
  expect(await pty.ends()).toBe(0)
})
