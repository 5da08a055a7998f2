import { PumError, plain, reportHint } from "../errors.ts"
import { somethingBetween, statusAndTitle } from "../http/web-page.ts"
import type { PageOf } from "./pages/page-kinds.ts"

/** Errors for the pages that end a sign-in, with the server's own words if it gives any. */

/** @param hadBeenAccepted whether ADFS accepted the password before, and now asks for it again */
export function loginRefused(page: PageOf<"login">, hadBeenAccepted: boolean): PumError {
  if (hadBeenAccepted) {
    return new PumError(
      "signInRefused",
      `ADFS asks for the password once more after the second factor; it was not sent again${asSuffix(page.refusal)}`,
    )
  }
  return new PumError("signInRefused", `ADFS refused the user name or password${asSuffix(page.refusal)}`, {
    hint: lockWords.test(page.refusal ?? "")
      ? "wait until it is unlocked, or have it unlocked: each further try can lock it again"
      : "ADFS gives the same answer for a locked account; a few wrong passwords lock it",
  })
}

/** A page that says that the account is locked or disabled, in the languages of ADFS' own pages that are likely here. */
const lockWords =
  /\block(ed|out)|disabled|suspended|gesperrt|deakti|inaktiv|låst|sperret|spærret|spärra|lukittu|lukkiutunut|poistettu käytöstä|geblokkeerd|vergrendeld|uitgeschakeld|wyłączon|verrouill|bloque|bloccat|zablokowan/i

/**
 * @param words what the page says of it
 * @param sent how many codes were sent so far
 */
export function codeRefused(words: string | undefined, sent: number): PumError {
  const count = ["", "", ", the second of three", ", the third of three"][sent] ?? ""
  return new PumError("codeRefused", `ADFS refused the 2FA code${count}${asSuffix(words)}`, {
    hint: words === undefined ? "it was mistyped, or used before: each code works once" : undefined,
  })
}

/** @param buttons of the page, which the user was not asked about */
export function messageRefused(words: string | undefined, buttons: readonly string[]): PumError {
  const named = buttons.map(label => `"${label}"`).join(", ")
  return new PumError("codeRefused", `ADFS does not go on with the sign-in${asSuffix(words)}`, {
    hint:
      named === ""
        ? undefined
        : `the page has buttons: ${named}; on a terminal pum-aws asks whether to press one`,
  })
}

export function browserNeeded({ adapter, refusal, sentence }: PageOf<"browserOnly">): PumError {
  return new PumError(
    "idpPage",
    `the second factor ${adapter} needs a browser${asSuffix(sentence ?? refusal)}`,
    {
      hint: "a script or a device makes its answer: use another second factor here, such as a code, if you have one",
    },
  )
}

export function passwordExpired(page: PageOf<"passwordExpired">): PumError {
  return new PumError("passwordExpired", page.message ?? "your password has expired", {
    hint: "change it where you manage your privileged user, then sign in again",
  })
}

/**
 * @param status of the HTTP answer
 * @param stranger title of the page if nothing in it is of ADFS
 */
export function notUsable(
  page: PageOf<"error" | "unknown" | "message">,
  status: number,
  stranger?: string,
): PumError {
  if (page.kind === "error") {
    if (page.activityId === undefined)
      return new PumError("idpPage", `ADFS answered with an error: ${page.message || `HTTP ${status}`}`)
    const id = page.activityId.replace(/^activity id:\s*/i, "")
    return new PumError(
      "idpPage",
      `ADFS answered with an error: ${page.message || `HTTP ${status}`} (activity id ${id})`,
      {
        hint: "the activity id is what the help desk asks for",
      },
    )
  }
  if (status === 503 && (stranger === undefined || !stranger || /service unavailable/i.test(stranger))) {
    return new PumError("idpPage", "ADFS is out of service, or has this address switched off (HTTP 503)", {
      hint: "try again later, or give another address with --idp-url",
    })
  }
  if (status === 401)
    return new PumError("idpPage", "ADFS wants Windows sign-in instead of its login page (HTTP 401)")
  if (stranger !== undefined && page.kind === "message") {
    const words = page.sentence === undefined ? undefined : plain(page.sentence, 200)
    return new PumError(
      "idpPage",
      `ADFS sent a page that pum-aws does not know (${statusAndTitle(status, stranger)})${asSuffix(words)}`,
      { hint: strangerHint(status) },
    )
  }
  const described = page.kind === "unknown" ? `; ${page.description}` : ""
  const report = reportHint(`please report this line: ${holdsNoSecret}`) ?? holdsNoSecret
  return new PumError(
    "idpPage",
    `ADFS sent a page that pum-aws does not know (HTTP ${status}${described})${asSuffix(page.sentence)}`,
    { hint: stranger === undefined ? report : strangerHint(status) },
  )
}

function strangerHint(status: number): string {
  const between = somethingBetween("ADFS")
  if (status === 404 || status === 410)
    return `the address is wrong: check --idp-url (idp_url in ~/.pum-aws); or ${between}`
  if (status >= 500 && status !== 511) return `${between}, or ADFS itself is in trouble: try again later`
  return `${between}, or the address is wrong: open it in a browser`
}

const holdsNoSecret = "it names the page's fields, and holds nothing secret"

function asSuffix(text: string | undefined): string {
  return text === undefined ? "" : `: ${text}`
}
