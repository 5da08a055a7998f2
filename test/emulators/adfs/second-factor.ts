import { randomInt } from "node:crypto"
import type { PlainAnswer } from "../server/loopback-server.ts"
import type { Request } from "../server/request.ts"
import { type Adfs, failure, footerYear, originWithPort, redirectToSelf, show, targetOf } from "./answers.ts"
import {
  adapterChoicePage,
  adapterOptions,
  newContext,
  type SecondFactorPage,
  secondFactorPage,
} from "./second-factor-pages.ts"
import { type Adapter, adapterNamed, type Step } from "./second-factors.ts"
import type { PhoneOutcome, SecondFactor } from "./settings.ts"
import { type Session, type SignIn, sessionCookies } from "./state.ts"
import type { FieldRule, OfferedForm } from "./strict-form.ts"

/** A browser at the pages of one adapter. */
interface Challenge {
  readonly adfs: Adfs
  readonly signIn: SignIn
  readonly session: Session
  readonly adapters: readonly Adapter[]
}

/** The first page after the password: that of the adapter, or the choice between several. */
export function startSecondFactor(
  adfs: Adfs,
  request: Request,
  signIn: SignIn,
  session: Session,
  cookies: readonly string[] = [],
): PlainAnswer {
  const adapters = adfs.settings.secondFactors.map(adapterOf)
  const challenge = { adfs, signIn, session, adapters }
  const [only] = adapters
  if (!only) return failure("MSIS7102: No authentication method is registered for the second factor.")
  return adapters.length === 1
    ? showStep(challenge, request, only, 0, { cookies })
    : showChoice(challenge, request, cookies)
}

function showChoice(challenge: Challenge, request: Request, cookies: readonly string[]): PlainAnswer {
  const { adfs, signIn, session } = challenge
  const context = newContext()
  const { html, forms } = optionsPart(challenge, request, context)
  const body = adapterChoicePage(session.user.name, html, footerYear(adfs.settings))
  return show(request, signIn, body, forms, cookies)
}

/** The form with the links: its HTML, and what may be posted. */
function optionsPart(challenge: Challenge, request: Request, context: string) {
  const { adfs, session, adapters } = challenge
  const authMethods = adapters.map(({ authMethod }) => authMethod)
  const userName = adfs.settings.loginPage.startsWith("2019") ? session.user.name : undefined
  const action = `${originWithPort(request)}${targetOf(request)}`
  const shownContext = adapters.length === 1 ? undefined : context
  const forms = adapters.map((adapter): OfferedForm => {
    const fields: Record<string, FieldRule> = {
      AuthMethod: { value: adapter.authMethod },
      ...(shownContext === undefined ? {} : { Context: { value: shownContext } }),
      ...(userName === undefined ? {} : { UserName: { value: userName } }),
    }
    return {
      targets: [targetOf(request)],
      fields,
      submit: (_, posted) => guarded(challenge, posted, () => showStep(challenge, posted, adapter, 0, {})),
    }
  })
  return { html: adapterOptions({ action, context: shownContext, authMethods, userName }), forms }
}

interface Shown {
  readonly errorText?: string
  readonly entropy?: string
  /** How often the waiting page was posted. */
  readonly polls?: number
  readonly cookies?: readonly string[]
}

function showStep(
  challenge: Challenge,
  request: Request,
  adapter: Adapter,
  at: number,
  shown: Shown,
): PlainAnswer {
  const { adfs, signIn, session } = challenge
  const step = adapter.steps[at]
  if (!step) return complete(challenge, request)
  const context = newContext()
  const entropy = shown.entropy ?? String(randomInt(10, 100))
  const options = optionsPart(challenge, request, context)
  const content: SecondFactorPage = {
    authMethod: adapter.authMethod,
    context,
    userName: session.user.name,
    errorText: shown.errorText ?? "",
    entropy,
    year: footerYear(adfs.settings),
    options: options.html,
  }
  const form: OfferedForm = {
    targets: [targetOf(request)],
    fields: {
      AuthMethod: { value: adapter.authMethod },
      Context: { value: context },
      ...(step.kind === "code" ? { [step.field]: {}, Submit: { value: "Submit", optional: true } } : {}),
      ...(step.kind === "own" ? step.page.fields : {}),
    },
    submit: (values, posted) =>
      guarded(challenge, posted, () =>
        answered(challenge, posted, adapter, at, values, { ...shown, entropy, cookies: [] }),
      ),
  }
  const mayBePosted = step.kind !== "own" || step.page.fields !== undefined
  const others = options.forms.filter(({ fields }) => fields.AuthMethod?.value !== adapter.authMethod)
  return show(
    request,
    signIn,
    secondFactorPage(step, content),
    [...(mayBePosted ? [form] : []), ...others],
    shown.cookies,
  )
}

async function answered(
  challenge: Challenge,
  request: Request,
  adapter: Adapter,
  at: number,
  values: (name: string) => string,
  shown: Shown,
): Promise<PlainAnswer> {
  const { settings, state } = challenge.adfs
  const step = adapter.steps[at]
  const again = (next: Shown) => showStep(challenge, request, adapter, at, next)
  switch (step?.kind) {
    case "code":
      return state.redeemCode(challenge.session.user, values(step.field))
        ? showStep(challenge, request, adapter, at + 1, {})
        : again({ errorText: settings.codeRefusedText })
    case "push": {
      const polls = (shown.polls ?? 0) + 1
      if (polls < settings.push.polls) return again({ ...shown, polls })
      return phoneAnswered(settings.push.outcome, () => complete(challenge, request), again)
    }
    case "call":
      await new Promise(done => setTimeout(done, settings.call.blockMs))
      return phoneAnswered(settings.call.outcome, () => complete(challenge, request), again)
    case "own": {
      const polls = (shown.polls ?? 0) + 1
      const next = step.page.take?.(values, polls) ?? "next"
      return next === "next"
        ? showStep(challenge, request, adapter, at + 1, {})
        : again({ polls, errorText: next.again })
    }
    default:
      return showStep(challenge, request, adapter, at + 1, {})
  }
}

function phoneAnswered(
  outcome: PhoneOutcome,
  approved: () => PlainAnswer,
  again: (next: Shown) => PlainAnswer,
): PlainAnswer {
  if (outcome === "approved") return approved()
  const errorText =
    outcome === "refused"
      ? "The sign-in request was denied on your phone."
      : "We didn't hear from you. Please try again."
  return again({ errorText })
}

/** Answers when both factors were right: a new session and a redirect to the same address. */
function complete({ adfs, session, signIn }: Challenge, request: Request): PlainAnswer {
  adfs.state.endSession(session)
  signIn.offered = []
  const { began, user } = session
  const completed = adfs.state.newSession(user, adfs.settings, true, { began, factorGivenFor: signIn })
  return redirectToSelf(request, sessionCookies(completed))
}

/** The second factor belongs to the session that the password opened. */
function guarded(challenge: Challenge, request: Request, go: () => PlainAnswer | Promise<PlainAnswer>) {
  return challenge.adfs.state.sessionOf(request) === challenge.session
    ? go()
    : failure("MSIS7102: The request carries no MSISAuth cookie of this sign-in.")
}

function adapterOf(factor: SecondFactor): Adapter {
  if (typeof factor === "string") return adapterNamed(factor)
  if ("pages" in factor) {
    return { authMethod: factor.authMethod, steps: factor.pages.map(own => ({ kind: "own", page: own })) }
  }
  const { authMethod, field, label, type = "text" } = factor
  const step: Step = { kind: "code", field, label, type, form: "loginForm" }
  return { authMethod, steps: [step] }
}
