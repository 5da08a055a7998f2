import { existsSync } from "node:fs"
import type { World } from "../emulators/world.ts"
import { cleanEnv, type Ended, type Home, runWithoutTerminal } from "./program.ts"

/** The AWS CLI that CI installs, before any other that the PATH may lead to. */
export const aws = existsSync("/usr/bin/aws") ? "/usr/bin/aws" : "aws"

/** Asks the real AWS CLI something about a profile. */
export function runAws(home: Home, world: World, args: readonly string[]): Promise<Ended> {
  return runWithoutTerminal(aws, { args, env: cleanEnv(home, world.awsEnv) })
}

/** The ARN that AWS, asked by the real AWS CLI, knows the profile's credentials by. */
export async function identityOf(home: Home, world: World, profile: string): Promise<string> {
  const { code, stdout, stderr } = await runAws(home, world, [
    "sts",
    "get-caller-identity",
    "--profile",
    profile,
    "--query",
    "Arn",
    "--output",
    "text",
  ])
  return code === 0 ? stdout.trim() : `exit code ${code}: ${stderr}`
}
