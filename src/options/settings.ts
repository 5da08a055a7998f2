import { parseDuration } from "../domain/time.ts"
import { idpUrl, nonEmpty, origins, profileList, region, timeLeft, username, yesOrNo } from "./values.ts"

/** A setting: an option of the command line, with the environment variables and the key of `~/.pum-aws` that give it too. */
export interface Setting<T> {
  /** As commander wants it: `-u, --username <name>`. Nothing where it stands in the file only. */
  readonly flags: string | undefined
  readonly help: string
  /** Tried in this order. */
  readonly env: readonly string[]
  /** In `[profile NAME]` and `[default]` of `~/.pum-aws`. */
  readonly key: string | undefined
  /** @throws PumError `usage` */
  readonly parse: (text: string) => T
}

function setting<T>(
  flags: string | undefined,
  env: readonly string[],
  key: string | undefined,
  parse: (text: string) => T,
  help = "",
): Setting<T> {
  return { flags, help, env, key, parse }
}

/** Every setting that takes part in signing in, choosing roles and storing. */
export const settings = {
  username: setting(
    "-u, --username <name>",
    ["PUM_USERNAME"],
    "username",
    username,
    "privileged user: DOMAIN\\user or user@domain",
  ),
  profile: setting(
    "-p, --profile <name>",
    ["PUM_PROFILE"],
    undefined,
    nonEmpty,
    "AWS profile to store the credentials in (default: default)",
  ),
  account: setting(
    "-a, --account <id>",
    ["PUM_ACCOUNT"],
    "account",
    nonEmpty,
    "only roles of this account: its id or alias",
  ),
  role: setting(
    "--role <name>",
    ["PUM_ROLE"],
    "role",
    nonEmpty,
    "only this role: its name, path and name, or ARN",
  ),
  region: setting(
    "-r, --region <region>",
    ["PUM_REGION"],
    "region",
    region,
    "the profile's region (default: its own, else eu-central-1)",
  ),
  duration: setting(
    "-d, --duration <time>",
    ["PUM_DURATION"],
    "duration",
    parseDuration,
    "how long: 1 (hours), 90m, 1h30m; 15m to 12h (default: 1)",
  ),
  profiles: setting(
    "-m, --profiles <names>",
    ["PUM_PROFILES"],
    undefined,
    profileList,
    "several profiles from one sign-in: a,b,c; each a [profile NAME] of ~/.pum-aws, or how its role's name begins",
  ),
  retry: setting(
    "-R, --retry",
    ["PUM_RETRY"],
    "retry",
    yesOrNo,
    "after a refused sign-in, ask again (3 tries in all)",
  ),
  passwordCommand: setting(
    "--password-command <cmd>",
    ["PUM_PASSWORD_COMMAND"],
    "password_command",
    nonEmpty,
    "the password is the first line this command prints",
  ),
  otpCommand: setting(
    "--otp-command <cmd>",
    ["PUM_OTP_COMMAND"],
    "otp_command",
    nonEmpty,
    "the 2FA code is the first line this command prints",
  ),
  opAccount: setting(
    "--op-account <name>",
    ["PUM_OP_ACCOUNT"],
    "op_account",
    nonEmpty,
    "1Password account (default: visma)",
  ),
  opItem: setting(
    "--op-item <name>",
    ["PUM_OP_ITEM", "PUM_OP_ITEM_NAME"],
    "op_item",
    nonEmpty,
    "1Password item (default: Federation ADM)",
  ),
  noOp: setting(
    "-o, --no-op",
    ["PUM_NO_OP"],
    "no_op",
    yesOrNo,
    "do not use 1Password, even where its op is on the PATH",
  ),
  idpUrl: setting(
    "--idp-url <url>",
    ["PUM_IDP_URL"],
    "idp_url",
    idpUrl,
    "where to sign in (default: Visma's federation)",
  ),
  idpOrigins: setting(undefined, [], "idp_origins", origins),
  caBundle: setting(
    "--ca-bundle <file>",
    ["PUM_CA_BUNDLE", "AWS_CA_BUNDLE"],
    "ca_bundle",
    nonEmpty,
    "PEM file with the certificates to trust",
  ),
  ifNeeded: setting(
    "--if-needed [minutes]",
    ["PUM_IF_NEEDED"],
    undefined,
    timeLeft,
    "do nothing while the profile holds credentials of the wanted role for that long (15)",
  ),
  useAccountAliases: setting(undefined, [], "use_account_aliases", yesOrNo),
  accountNames: setting(undefined, [], "account_names", yesOrNo),
} as const
