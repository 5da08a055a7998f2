import type { OptionName } from "./given.ts"

/* The words of --help, of --help all and of the man page: one source for all three. */

export const summary = "Signs a privileged user in through ADFS and gives AWS credentials for a role."
export const usage = "pum-aws [options] [-- command...]"

export interface HelpGroup {
  readonly title: string
  /** Options, the most used first. With words of at most 49 characters an option is shown by --help, too. */
  readonly options: readonly (readonly [name: OptionName, briefly?: string])[]
}

/** Every option of the command line stands in one group. */
export const helpGroups: readonly HelpGroup[] = [
  {
    title: "Which credentials",
    options: [
      ["profile", "AWS profile to store them in (default: default)"],
      ["account", "only roles of this account: its id or alias"],
      ["role", "only this role: its name or ARN"],
      ["region", "region of the profile"],
      ["duration", "1 (hours), 90m, 1h30m; at most 12 (default: 1)"],
      ["profiles", "several profiles from one sign-in: a,b,c"],
      ["all", "one profile for each of your roles"],
      ["ifNeeded", "do nothing if they still last that long"],
      ["readOnly", "session that can only read"],
      ["noReadOnly"],
      ["policy"],
      ["force"],
      ["overwrite"],
      ["save"],
    ],
  },
  {
    title: "Sign-in",
    options: [
      ["username", "privileged user: DOMAIN\\user or user@domain"],
      ["retry", "after a refused password, ask again"],
      ["passwordStdin", "password on line 1 of stdin, 2FA code on line 2"],
      ["passwordCommand", "a command that prints the password"],
      ["otpCommand"],
      ["noOp", "do not use 1Password"],
      ["opAccount"],
      ["opItem"],
      ["idpUrl"],
      ["caBundle"],
      ["remember"],
      ["envFile"],
    ],
  },
  {
    title: "Instead of storing them",
    options: [
      ["export", "print commands for a shell: bash, powershell, ..."],
      ["console", "open the AWS console, at this service"],
      ["json", "print JSON; also with --list and --status"],
      ["credentialProcess"],
      ["onDemand", "set profiles up so that AWS tools ask pum-aws"],
    ],
  },
  {
    title: "What there is",
    options: [
      ["list", "sign in and print your roles"],
      ["status", "print what is stored, without a sign-in"],
      ["short"],
      ["completion", "print a completion script for a shell"],
      ["doctor", "check this machine: what is wrong, what to do"],
      ["logout", "forget what is kept; with --all, stored keys, too"],
      ["verbose", "print each step, without secrets"],
    ],
  },
]

/** Options of every program, which are not in the table: forms and words. */
export const commonOptions = [
  ["-V, --version", "print the version"],
  ["-h, --help [all]", "print this help; with all, everything"],
] as const

export const examples = [
  ["pum-aws -p prod", "store credentials in the profile prod"],
  ["pum-aws -p prod -- terraform plan", "run a command with them"],
  ['eval "$(pum-aws -p prod --export bash)"', "set them in this shell"],
  ["pum-aws --status", "what is stored, and for how long"],
] as const

export const orderOfSources =
  "For each setting, the first of these that has a value is used: the option, the environment variable, the file of --env-file, [profile NAME] of ~/.pum-aws, [default] of ~/.pum-aws, the default. The variable and the key are in brackets after each option."

/** Keys of `~/.pum-aws` that no option stands for. */
export const otherKeys = [
  ["confirm", "ask before a remembered sign-in is used"],
  ["idp_origins", "further origins that the password may be sent to: https://login.example.com, ..."],
  ["use_account_aliases", "use the names of [account-mapping] (default: yes)"],
  ["account_names", "ask AWS for the names of other accounts (default: yes)"],
] as const

/** Variables that no option stands for: name and meaning. */
export const otherVariables = [
  ["PUM_CONFIG", "another file in place of ~/.pum-aws"],
  ["PUM_PLAIN", "plain lines for a screen reader: no redrawing, a numbered list in place of the menu"],
  ["AWS_ENDPOINT_URL_STS", "the address of STS"],
  ["HTTPS_PROXY, NO_PROXY", "the proxy for ADFS and AWS, and the hosts that need none"],
  ["NODE_EXTRA_CA_CERTS", "certificates in addition to Node's own"],
  ["AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE", "other places of the AWS files"],
  ["BROWSER", "the browser for --console"],
  ["NO_COLOR", "no colour and no animation"],
] as const

export const filesOfUser = [
  ["~/.pum-aws", "settings"],
  ["~/.aws/credentials, ~/.aws/config", "the profiles of AWS tools"],
  ["~/.aws/pum-aws/", "kept sessions, names of accounts and roles, a remembered sign-in, compiled code"],
] as const

/** The exit codes: code and meaning. */
export const exitCodes = [
  ["0", "done"],
  ["1", "a defect of pum-aws; with --status: the named profile is not valid; with --doctor: a check failed"],
  ["2", "wrong usage or configuration, or an answer is missing and there is no terminal to ask on"],
  ["3", "sign-in refused: user or password, 2FA code, expired password"],
  ["4", "identity provider not usable: unreachable, time-out, certificate, unknown page, unsafe form"],
  ["5", "no role, no matching role, or several roles and no terminal to ask on"],
  ["6", "AWS refused, or could not be reached"],
  ["7", "a file could not be read, written or locked, and nothing was changed"],
  ["8", "some of several profiles failed; the others are stored"],
  ["130", "cancelled; after a signal, pum-aws ends by that signal"],
  ["others", "with -- command: its own; 126 not executable, 127 not found, 128 + n ended by signal n"],
] as const
