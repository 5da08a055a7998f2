import { join } from "node:path"
import type { World } from "../emulators/world.ts"
import { cleanEnv, type Ended, type Home, runWithoutTerminal } from "./program.ts"

/** A program that asks AWS who it is, by the AWS SDK for JavaScript; its argument is a profile. */
export const whoAmI = join(import.meta.dirname, "who-am-i.mjs")

/** Asks AWS, by the AWS SDK for JavaScript, who it takes the user of a profile for. */
export function askBySdk(home: Home, world: World, profile: string): Promise<Ended> {
  return runWithoutTerminal(process.execPath, { args: [whoAmI, profile], env: cleanEnv(home, world.env) })
}

/** The ARN that AWS knows the credentials of the profile by. */
export async function identityOf(home: Home, world: World, profile: string): Promise<string> {
  const { code, stdout, stderr } = await askBySdk(home, world, profile)
  return code === 0 ? stdout.trim() : `exit code ${code}: ${stderr}`
}
