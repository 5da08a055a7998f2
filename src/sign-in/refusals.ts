import { formatDuration } from "../domain/time.ts"
import { PumError, plain, reportHint } from "../errors.ts"
import { schemesIn } from "../http/challenges.ts"
import { somethingBetween, statusAndTitle } from "../http/web-page.ts"
import type { PageOf } from "./pages/page-kinds.ts"
import type { FetchedPage } from "./web-session.ts"

/* Errors for the pages that end a sign-in, with the server's own words if it gives any. */

/** What a page says now, without what it said before anything was sent, such as a notice of maintenance. */
export function newWords(now: string | undefined, before: string | undefined): string | undefined {
  if (now === undefined || before === undefined) return now
  if (now.startsWith(before)) return now.slice(before.length).replace(/^[.\s]+/, "") || undefined
  return now.endsWith(before) ? now.slice(0, -before.length).trim() : now
}

/**
 * @param words what the page says of it
 * @param hadBeenAccepted whether ADFS accepted the password before, and now asks for it again
 */
export function loginRefused(words: string | undefined, hadBeenAccepted: boolean): PumError {
  if (hadBeenAccepted) {
    return new PumError(
      "signInRefused",
      `ADFS asks for the password once more after the second factor; it was not sent again${asSuffix(words)}`,
    )
  }
  return new PumError("signInRefused", `ADFS refused the user name or password${asSuffix(words)}`, {
    hint: lockWords.test(words ?? "")
      ? "wait until it is unlocked, or have it unlocked: each further try can lock it again"
      : "ADFS gives the same answer for a locked account; a few wrong passwords lock it",
  })
}

/** The page that asks for the user name alone has come again. */
export function userNameRefused(page: PageOf<"userName">): PumError {
  return new PumError("signInRefused", `ADFS refused the user name${asSuffix(page.refusal)}`)
}

/** The page asks for a password alone, and was not told whose. */
export function accountUnknown(): PumError {
  return new PumError(
    "idpPage",
    "ADFS asks for a password and does not say of which account; nothing was sent",
    { hint: "give --idp-url an address whose page asks for the user name, too" },
  )
}

export function mailAddressNeeded(): PumError {
  return new PumError("signInRefused", "ADFS asks for a mail address to find out where you sign in", {
    hint: "give the user name as name@domain (-u)",
  })
}

/**
 * A page that says that the account is locked or disabled, in the languages of ADFS' own pages that are likely here. It
 * decides about a hint only. Not in the vocabulary of pages, which leaves out the marks on letters: `låst` would be "last".
 */
const lockWords =
  /\block(ed|out)|disabled|suspended|gesperrt|deakti|inaktiv|låst|sperret|spærret|spärra|lukittu|lukkiutunut|poistettu käytöstä|geblokkeerd|vergrendeld|uitgeschakeld|wyłączon|verrouill|bloque|bloccat|blocat|dezactivat|zablokowan|zablokov|uzamč|zárol|letilt|bloķēt|užblokuot|užrakint|lukustat|заблокирован|отключен/i

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

/** Of what a second factor asks that is no code, such as a new PIN. */
export function answerRefused(words: string | undefined): PumError {
  return new PumError("codeRefused", `ADFS refused the answer${asSuffix(words)}`)
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

/** @param boxes of the page that have to be ticked */
export function ticksUnanswered(boxes: string): PumError {
  return new PumError(
    "answerMissing",
    `the page wants ${boxes} ticked, and there is no terminal to ask on; nothing was sent`,
  )
}

/** @param words what the page asked the user to do */
export function notApprovedInTime(words: string | undefined): PumError {
  return new PumError("codeRefused", `the sign-in was not approved within 2 minutes${asSuffix(words)}`, {
    hint: "run the command again when you can confirm it",
  })
}

export function approvalRefused({ refusal, sentence }: PageOf<"message">): PumError {
  return new PumError("codeRefused", `the sign-in was not approved${asSuffix(refusal ?? sentence)}`)
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

interface UnusableAnswer extends Pick<FetchedPage, "url" | "status" | "authenticate" | "retryAfter"> {
  readonly idpUrl: URL
  /** Title of the page if nothing in it is of ADFS. */
  readonly stranger: string | undefined
}

export function notUsable(page: PageOf<"error" | "unknown" | "message">, answer: UnusableAnswer): PumError {
  const { url, status, idpUrl, stranger } = answer
  if (page.kind === "error") return errorAnswered(page, status)
  const known = knownStatus(page, answer)
  if (known !== undefined) return known
  const { host } = new URL(url)
  const sent = host === idpUrl.host ? "ADFS sent" : `${idpUrl.host} led to ${host}, which sent`
  const what = `${sent} a page that pum-aws does not know`
  if (stranger !== undefined && page.kind === "message") {
    const words = page.sentence === undefined ? undefined : plain(page.sentence, 200)
    return new PumError("idpPage", `${what} (${statusAndTitle(status, stranger)})${asSuffix(words)}`, {
      hint: strangerHint(status),
    })
  }
  const described = page.kind === "unknown" ? `; ${page.description}` : ""
  const report = reportHint(`please report this line: ${holdsNoSecret}`) ?? holdsNoSecret
  return new PumError("idpPage", `${what} (HTTP ${status}${described})${asSuffix(page.sentence)}`, {
    hint: stranger === undefined ? report : strangerHint(status),
  })
}

/** Statuses that say by themselves what is wrong. */
function knownStatus(
  { sentence }: PageOf<"unknown" | "message">,
  { status, stranger, authenticate, retryAfter }: UnusableAnswer,
): PumError | undefined {
  const later = pauseIn(retryAfter) ?? "later"
  if (status === 503 && (stranger === undefined || !stranger || /service unavailable/i.test(stranger))) {
    return new PumError("idpPage", "ADFS is out of service, or has this address switched off (HTTP 503)", {
      hint: `try again ${later}, or give another address with --idp-url`,
    })
  }
  if (status === 429) {
    const words = sentence === undefined ? undefined : plain(sentence, 200)
    return new PumError(
      "idpPage",
      `ADFS, or something before it, gets too many requests (HTTP 429)${asSuffix(words)}`,
      { hint: `try again ${later}` },
    )
  }
  if (status !== 401) return undefined
  const schemes = schemesIn(authenticate)
  if (schemes.length > 0 && !schemes.some(scheme => /^(negotiate|ntlm|kerberos)$/.test(scheme))) {
    const names = schemes.join(", ")
    return new PumError("idpPage", `another sign-in is wanted before ADFS' login page (HTTP 401, ${names})`, {
      hint: strangerHint(status),
    })
  }
  return new PumError("idpPage", "ADFS wants Windows sign-in instead of its login page (HTTP 401)", {
    hint: "give an address that leads to a login page with --idp-url, or ask those who run ADFS",
  })
}

/** `in 2 min`: Retry-After holds seconds or a point in time (RFC 9110, 10.2.3). */
function pauseIn(retryAfter = ""): string | undefined {
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000
  return seconds >= 1 && seconds <= 86_400 ? `in ${formatDuration(Math.max(seconds, 60))}` : undefined
}

function errorAnswered({ message, activityId }: PageOf<"error">, status: number): PumError {
  const id = activityId?.replace(/^activity id:\s*/i, "")
  const what = `${message || `HTTP ${status}`}${id === undefined ? "" : ` (activity id ${id})`}`
  const forHelpDesk = id === undefined ? undefined : "the activity id is what the help desk asks for"
  return new PumError("idpPage", `ADFS answered with an error: ${what}`, {
    hint: isLoopGuard(message) ? tooOftenHint : forHelpDesk,
  })
}

/** Whether ADFS refuses so many visits in so short a time. */
export const isLoopGuard = (message: string) => /\bMSIS7042\b/.test(message)

export const tooOftenHint = "wait a minute, then run this again"

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
