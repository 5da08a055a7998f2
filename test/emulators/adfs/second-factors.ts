import type { FieldRule } from "./strict-form.ts"

/** Known 2FA adapters of ADFS, each with its pages in order. */
export type Step =
  /** Asks for a code in one field. */
  | {
      readonly kind: "code"
      readonly field: string
      readonly label: string
      readonly type: string
      readonly form: string
    }
  /** A page whose script posts the context alone. */
  | { readonly kind: "context alone" }
  /** A number to choose on the phone. The script of the page posts the hidden fields until the phone has answered. */
  | { readonly kind: "push" }
  /** A page without a field: its POST is answered when the phone has answered. */
  | { readonly kind: "call" }
  | { readonly kind: "own"; readonly page: OwnPage }

/** A page of a test's own. */
export interface OwnPage {
  /** Its work area; `hidden` are the inputs AuthMethod and Context, `error` what the adapter says of the last answer. */
  readonly body: (parts: { readonly hidden: string; readonly error: string }) => string
  /** What a browser sends beside AuthMethod and Context; default: nothing may be posted at all. */
  readonly fields?: Readonly<Record<string, FieldRule>>
  /**
   * What comes of a post: the adapter's next page, its first page, or this page once more with an error. Default: next.
   * @param times how often this page was posted in this sign-in, now included
   */
  readonly take?: (values: (name: string) => string, times: number) => "next" | { readonly again: string }
}

export interface Adapter {
  readonly authMethod: string
  readonly steps: readonly Step[]
}

const code = (field: string, label: string, type = "text", form = "loginForm"): Step => ({
  kind: "code",
  field,
  label,
  type,
  form,
})
const passcode = code("Passcode", "Enter your RSA SecurID passcode", "text", "passcodeForm")

const adapters = {
  VismaMFAAdapter: [code("ChallengeQuestionAnswer", "Visma Google Auth 2FA Token")],
  SecurIDAuthentication: [passcode],
  "SecurIDAuthentication, next code": [
    passcode,
    code("NextCode", "Enter the next code", "text", "passcodeForm"),
  ],
  "SecurIDAuthentication, challenge": [
    passcode,
    code("ChallengeQuestionAnswer", "Answer the challenge", "text", "passcodeForm"),
  ],
  SecurIDv2Authentication: [{ kind: "context alone" }, passcode],
  AzureMfaAuthentication: [code("VerificationCode", "Enter the verification code of your app")],
  "AzureMfaAuthentication, push": [{ kind: "push" }],
  AzureMfaServerAuthentication: [{ kind: "call" }],
  SymantecVipAdapter: [code("SecurityCode", "Security Code")],
  VIPAuthenticationProviderUPN: [code("security_code", "VIP Security Code")],
  VIPAuthenticationProviderWindowsAccountName: [code("security_code", "VIP Security Code")],
  "Defender AD FS Adapter": [code("OathCode", "OATH token response")],
  "SafeNet-MFA": [code("SAFENET_PASSWORD", "Enter your SafeNet passcode", "password")],
} as const satisfies Record<string, readonly Step[]>

/** AuthMethod of the adapter, then a comma and its variant, if any. */
export type SecondFactorName = keyof typeof adapters

export const secondFactorNames = Object.keys(adapters) as SecondFactorName[]

export function adapterNamed(name: SecondFactorName): Adapter {
  return { authMethod: name.split(",")[0] ?? name, steps: adapters[name] }
}
