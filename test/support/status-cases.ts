import { defaultUser } from "../emulators/world.ts"
import { program } from "./program.ts"

/** `[profile kept]` of ~/.pum-aws: all that a sign-in for this profile needs to know. */
export const keptSettings = `[profile kept]\nusername = ${defaultUser.name}\naccount = 585848786654\nrole = AdministratorAccess\n`

export const keptCall = `${process.execPath} ${program} --credential-process -p kept`

export interface StatusCase {
  readonly title: string
  /** ~/.pum-aws by the time of --status. */
  readonly settings?: string
  readonly config: string
  readonly credentials?: string
  /** Exit code, and why the profile is not valid. */
  readonly expected: readonly [code: 0 | 1, reason: RegExp | undefined]
}

const inConfig = `[profile kept]\nregion = eu-central-1\ncredential_process = ${keptCall}\n`

/** What --status says of a profile whose session is kept, and AWS tools do then. */
const cases: readonly StatusCase[] = [
  { title: "with the profile's own settings", config: inConfig, expected: [0, undefined] },
  {
    title: "with other settings by now",
    settings: "[profile kept]\naccount = 585848786654\n",
    config: inConfig,
    expected: [1, /no session is kept for it/],
  },
  {
    title: "whose call stands in the credentials file",
    config: "[profile kept]\nregion = eu-central-1\n",
    credentials: `[kept]\ncredential_process = ${keptCall}\n`,
    expected: [0, undefined],
  },
]

/** The same; only the AWS CLI does so. */
const casesOfAwsCli: readonly StatusCase[] = [
  {
    title: "behind a role to assume",
    config: `${inConfig}role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = none\n`,
    expected: [1, /AWS tools assume that role/],
  },
  {
    title: "behind IAM Identity Center",
    config: `${inConfig}sso_account_id = 1\nsso_role_name = r\n`,
    expected: [1, /the AWS CLI, Java and Rust use IAM Identity Center/],
  },
  {
    title: "behind a key without a value",
    config: inConfig,
    credentials: "[kept]\naws_access_key_id =\naws_secret_access_key =\n",
    expected: [1, /an access key that pum-aws did not store/],
  },
]

const titled = (one: StatusCase) => [one.title, one] as const
export const statusCases = cases.map(titled)
export const statusCasesOfAwsCli = casesOfAwsCli.map(titled)
