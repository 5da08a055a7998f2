import type { Form } from "./form/form.ts"

/** What ADFS can answer. Pages are told apart by structure only: their texts follow the user's language. */
export type Page =
  | {
      readonly kind: "login"
      readonly form: Form
      readonly fields: LoginFields
      readonly refusal: string | undefined
    }
  | {
      /** The user name alone is asked for: the password comes on the next page, or another server signs the user in. */
      readonly kind: "userName"
      readonly form: Form
      readonly field: string
      /** Whether it has to be a mail address, which tells ADFS where the user belongs. */
      readonly isMail: boolean
      readonly refusal: string | undefined
    }
  | (AdapterPage & {
      readonly kind: "question"
      readonly form: Form
      /** Fields to type into, in the page's order; at least one. */
      readonly questions: readonly PageQuestion[]
      /** Radios and lists beside them of which nothing is chosen yet; at least one, if any. */
      readonly picks: readonly ChoiceField[] | undefined
      /** The boxes that are ticked with it: a browser does not send the form without. */
      readonly ticks: readonly string[]
      /** The sentence in the place where Microsoft's sample of an adapter has it. */
      readonly introduction: string | undefined
    })
  | (AdapterPage & {
      readonly kind: "choice"
      readonly form: Form
      /** At least one. */
      readonly picks: readonly ChoiceField[]
      /** As for a question. */
      readonly ticks: readonly string[]
    })
  | (AdapterPage & {
      /** The page goes on by itself: its script posts its form, or it loads another page, until the user has acted. */
      readonly kind: "waiting"
      readonly next: Form | { readonly address: string }
      /** How long the page waits before, in milliseconds. */
      readonly delay: number
      /** The number that the user has to enter on a phone. */
      readonly number: string | undefined
    })
  | (AdapterPage & {
      /** Words, and nothing that can be answered without pressing a button. */
      readonly kind: "message"
      readonly buttons: readonly Button[]
    })
  | (AdapterPage & {
      /** A script or a device has to make the answer. */
      readonly kind: "browserOnly"
    })
  | {
      /** A page between two others, which a browser leaves by itself. */
      readonly kind: "relay"
      readonly next: Form | { readonly address: string }
      /** In milliseconds. */
      readonly delay: number
    }
  | { readonly kind: "homeRealms"; readonly form: Form; readonly choices: readonly PageChoice[] }
  | { readonly kind: "adapters"; readonly form: Form; readonly choices: readonly PageChoice[] }
  | { readonly kind: "relyingParties"; readonly form: Form; readonly choices: readonly PageChoice[] }
  | {
      readonly kind: "assertion"
      readonly samlResponse: string
      /** The address that a browser would post it to. */
      readonly action: string
    }
  | { readonly kind: "passwordExpired"; readonly message: string | undefined }
  | { readonly kind: "error"; readonly message: string; readonly activityId: string | undefined }
  | {
      readonly kind: "unknown"
      /** Names only, no values. */
      readonly description: string
      readonly sentence: string | undefined
    }

export type PageOf<Kind extends Page["kind"]> = Extract<Page, { readonly kind: Kind }>

/** All but the pages that end a sign-in whatever came before. */
export type UsablePage = Exclude<Page, PageOf<"error" | "unknown" | "passwordExpired">>

/** The pages of a second factor. */
export type FactorPage = PageOf<"question" | "choice" | "waiting" | "message" | "browserOnly">

/** A page of a second factor. */
interface AdapterPage {
  /** Its AuthMethod, or an empty text: some pages that end a sign-in have no form. */
  readonly adapter: string
  /** The page's own words, without labels. */
  readonly sentence: string | undefined
  /** Those of them that the page marks as an error. */
  readonly refusal: string | undefined
}

/** Names of the two controls for user name and password. */
export interface LoginFields {
  /** Undefined if the page before asked for it. */
  readonly username: string | undefined
  readonly password: string
}

export interface PageQuestion {
  /** Empty if only its boxes are sent. */
  readonly field: string
  /** The names of boxes for one character each, empty for those that are not sent; undefined if it has none. */
  readonly boxes: readonly string[] | undefined
  readonly label: string
  /** Whether the page hides what is typed. */
  readonly hidden: boolean
  /** Whether it asks for a code that works once: one question at most, none in a form for a new PIN. */
  readonly isCode: boolean
}

/** Radios of one name, or a list. */
export interface ChoiceField {
  readonly field: string
  readonly choices: readonly PageChoice[]
  /** The value that is sent if the user changes nothing. */
  readonly checked: string | undefined
}

export interface Button {
  readonly label: string
  /** What is posted if it is pressed. */
  readonly form: Form
  /** The boxes that are ticked with it: a browser does not send the form without. */
  readonly ticks: readonly string[]
}

/** One entry of a list that ADFS lets the user pick from. */
export interface PageChoice {
  readonly label: string
  /** What is posted if it is picked. */
  readonly value: string
}
