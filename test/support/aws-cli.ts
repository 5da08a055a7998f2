import { homedir } from "node:os"
import { join } from "node:path"
import type { World } from "../emulators/world.ts"
import { cleanEnv, type Ended, type Home, runWithoutTerminal } from "./program.ts"

/** The AWS CLI that scripts/install-systems.sh installs; the PATH may lead to another one. */
export const aws = "/usr/bin/aws"
/** The AWS CLI 1 that scripts/install-systems.sh installs. */
const aws1 = join(process.env.PUM_TEST_AWS_CLI_1 ?? join(homedir(), ".cache/pum-aws-cli-1"), "bin/aws")
/** The Python that the AWS CLI runs in, with botocore and boto3. */
export const python = "/usr/bin/python3"

/** A line of shell that prints who AWS takes its caller for. */
export const whoAmI = `${aws} sts get-caller-identity --query Arn --output text`
export const whoAmIByCli1 = whoAmI.replace(aws, aws1)

/** Asks the AWS CLI something about a profile. */
export function runAws(home: Home, world: World, args: readonly string[]): Promise<Ended> {
  return runWithoutTerminal(aws, { args, env: cleanEnv(home, world.awsEnv) })
}

/** The ARN that AWS, asked by the AWS CLI, knows the credentials of the profile by. */
export async function identityOf(home: Home, world: World, profile: string): Promise<string> {
  const { code, stdout, stderr } = await runAws(home, world, [
    ...whoAmI.split(" ").slice(1),
    "--profile",
    profile,
  ])
  return code === 0 ? stdout.trim() : `exit code ${code}: ${stderr}`
}
