import { parseDuration } from "../domain/time.ts"
import {
  parseIdpUrl,
  parseMinutes,
  parseNonEmpty,
  parseOrigins,
  parseProfileNames,
  parseRegion,
  parseService,
  parseShell,
  parseStsEndpoint,
  parseUsername,
  parseYesOrNo,
  shells,
} from "./parse-values.ts"

export interface OptionDefinition {
  readonly short?: `-${string}`
  /** Absent: the command line cannot give it. */
  readonly long?: `--${string}`
  /** In square brackets if it may be left out. Absent: the option is a switch. */
  readonly value?: `<${string}>` | `[${string}]`
  /** Environment variables, the strongest first. */
  readonly env?: readonly string[]
  /** Key in `[profile NAME]` and `[default]` of `~/.pum-aws`. */
  readonly key?: string
  /**
   * The meaning of a text; `true` is the text of an option without a value. Absent: a switch of the command line only.
   * @throws PumError `usage`
   */
  readonly parse?: (text: string) => unknown
  /** As a text that `parse` takes. */
  readonly default?: string
  readonly help?: string
}

/**
 * Every option, in the order of --help, then what only the environment or `~/.pum-aws` gives. A name is its `long` in
 * camel case. From this table come the options of commander and of the quick reader, the variables that --env-file may
 * set, and the keys of `~/.pum-aws`.
 */
export const optionTable = {
  username: {
    short: "-u",
    long: "--username",
    value: "<name>",
    env: ["PUM_USERNAME"],
    key: "username",
    parse: parseUsername,
    help: "privileged user: DOMAIN\\user or user@domain",
  },
  profile: {
    short: "-p",
    long: "--profile",
    value: "<name>",
    env: ["PUM_PROFILE"],
    parse: parseNonEmpty,
    help: "AWS profile to store the credentials in (default: default)",
  },
  account: {
    short: "-a",
    long: "--account",
    value: "<id>",
    env: ["PUM_ACCOUNT"],
    key: "account",
    parse: parseNonEmpty,
    help: "only roles of this account: its id or alias",
  },
  role: {
    long: "--role",
    value: "<name>",
    env: ["PUM_ROLE"],
    key: "role",
    parse: parseNonEmpty,
    help: "only this role: its name, path and name, or ARN",
  },
  region: {
    short: "-r",
    long: "--region",
    value: "<region>",
    env: ["PUM_REGION"],
    key: "region",
    parse: parseRegion,
    help: "region of the profile (default: the one it has, else eu-central-1)",
  },
  duration: {
    short: "-d",
    long: "--duration",
    value: "<time>",
    env: ["PUM_DURATION"],
    key: "duration",
    parse: parseDuration,
    default: "1h",
    help: "length of the session: 1 (hours), 90m, 1h30m; 15m to 12h (default: 1)",
  },
  profiles: {
    short: "-m",
    long: "--profiles",
    value: "<names>",
    env: ["PUM_PROFILES"],
    parse: parseProfileNames,
    help: "store several profiles with one sign-in: a,b,c; each is a [profile NAME] of ~/.pum-aws, or the first word of its role's name",
  },
  retry: {
    short: "-R",
    long: "--retry",
    env: ["PUM_RETRY"],
    key: "retry",
    parse: parseYesOrNo,
    default: "no",
    help: "after a refused sign-in, ask again (3 tries in all)",
  },
  all: {
    long: "--all",
    help: "store one profile for each of your roles, or for each that matches --account and --role",
  },
  passwordStdin: {
    long: "--password-stdin",
    help: "read the password from line 1 of stdin, the 2FA code from line 2",
  },
  passwordCommand: {
    long: "--password-command",
    value: "<cmd>",
    env: ["PUM_PASSWORD_COMMAND"],
    key: "password_command",
    parse: parseNonEmpty,
    help: "the password is the first line that this command prints",
  },
  otpCommand: {
    long: "--otp-command",
    value: "<cmd>",
    env: ["PUM_OTP_COMMAND"],
    key: "otp_command",
    parse: parseNonEmpty,
    help: "the 2FA code is the first line that this command prints",
  },
  opAccount: {
    long: "--op-account",
    value: "<name>",
    env: ["PUM_OP_ACCOUNT"],
    key: "op_account",
    parse: parseNonEmpty,
    default: "visma",
    help: "1Password account (default: visma)",
  },
  opItem: {
    long: "--op-item",
    value: "<name>",
    env: ["PUM_OP_ITEM", "PUM_OP_ITEM_NAME"],
    key: "op_item",
    parse: parseNonEmpty,
    default: "Federation ADM",
    help: "1Password item (default: Federation ADM)",
  },
  noOp: {
    short: "-o",
    long: "--no-op",
    env: ["PUM_NO_OP"],
    key: "no_op",
    parse: parseYesOrNo,
    default: "no",
    help: "do not use 1Password, even if its command op is on the PATH",
  },
  idpUrl: {
    long: "--idp-url",
    value: "<url>",
    env: ["PUM_IDP_URL"],
    key: "idp_url",
    parse: parseIdpUrl,
    default: "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices",
    help: "address of the sign-in page (default: Visma's federation)",
  },
  caBundle: {
    long: "--ca-bundle",
    value: "<file>",
    env: ["PUM_CA_BUNDLE", "AWS_CA_BUNDLE"],
    key: "ca_bundle",
    parse: parseNonEmpty,
    help: "PEM file with the CA certificates to trust",
  },
  envFile: {
    long: "--env-file",
    value: "<file>",
    help: "read PUM_* variables from this file; those of the environment win",
  },
  ifNeeded: {
    long: "--if-needed",
    value: "[minutes]",
    env: ["PUM_IF_NEEDED"],
    parse: parseMinutes,
    help: "do nothing if the profile has credentials of the requested role for at least this long (15)",
  },
  onDemand: {
    long: "--on-demand",
    help: "store no keys: set up the profiles so that AWS tools ask pum-aws for credentials when they need them",
  },
  force: { long: "--force", help: "sign in even if there is a session that could be used" },
  export: {
    long: "--export",
    value: "<shell>",
    parse: parseShell,
    help: `print commands that set the variables: ${shells.join(" ")}`,
  },
  json: {
    long: "--json",
    help: "print the credentials as one JSON object; with --list and --status, print their data as JSON",
  },
  credentialProcess: {
    long: "--credential-process",
    help: "print credentials in the format of credential_process in ~/.aws/config",
  },
  console: {
    long: "--console",
    value: "[service]",
    parse: parseService,
    help: "open the AWS console in a browser, and print the link",
  },
  list: { long: "--list", help: "sign in and print your roles; store nothing" },
  status: {
    long: "--status",
    help: "print which credentials there are and how long they last; exit code 1 if --profile has none",
  },
  overwrite: { long: "--overwrite", help: "replace a long-term key in the profile without asking" },
  verbose: { short: "-v", long: "--verbose", help: "show each step; secrets are redacted" },

  idpOrigins: { key: "idp_origins", parse: parseOrigins, default: "" },
  useAccountAliases: { key: "use_account_aliases", parse: parseYesOrNo, default: "yes" },
  accountNames: { key: "account_names", parse: parseYesOrNo, default: "yes" },
  plain: { env: ["PUM_PLAIN"], parse: parseYesOrNo, default: "no" },
  config: { env: ["PUM_CONFIG"], parse: parseNonEmpty, default: "~/.pum-aws" },
  stsEndpoint: { env: ["AWS_ENDPOINT_URL_STS"], parse: parseStsEndpoint },
} as const satisfies Record<string, OptionDefinition>
