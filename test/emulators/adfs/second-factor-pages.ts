import { randomBytes, randomUUID } from "node:crypto"
import { escapeXml as esc } from "../server/escape.ts"
import { optionsForm } from "./login-pages.ts"
import { page } from "./pages.ts"
import type { Step } from "./second-factors.ts"

/** The state that ADFS sends to the browser: about 4 kB of XML, new with each page, with characters to escape. */
export function newContext(): string {
  const data = randomBytes(2600).toString("base64")
  return `<Context xmlns="urn:visma:adfs"><Id>${randomUUID()}</Id><Note>a &amp; b = c + d; "quoted" &lt;é&gt;</Note><Data>${data}</Data></Context>`
}

export interface SecondFactorPage {
  readonly authMethod: string
  readonly context: string
  readonly userName: string
  readonly errorText: string
  /** Number on the phone, for the step "push". */
  readonly entropy: string
  readonly year: number
  /** The other form of the page. */
  readonly options: string
}

/** One page of an adapter. Its form has no action, so it is posted to the address of the page. */
export function secondFactorPage(step: Step, content: SecondFactorPage): string {
  const hidden = `<input id="authMethod" type="hidden" name="AuthMethod" value="${esc(content.authMethod)}"/>
<input id="context" type="hidden" name="Context" value="${esc(content.context)}"/>`
  if (step.kind === "own") {
    const body = step.page.body({ hidden, error: esc(content.errorText) })
    return page(
      "Sign In",
      content.year,
      `<div id="authArea" class="groupMargin">${body}${content.options}</div>`,
    )
  }
  const form = step.kind === "code" ? step.form : "loginForm"
  return page(
    "Sign In",
    content.year,
    `<div id="authArea" class="groupMargin">
<div class="fieldMargin bigText">Welcome ${esc(content.userName)}</div>
<div id="mfaGreetingDescription" class="groupMargin">For security reasons, we require additional information to verify your account</div>
<div id="loginArea"><form method="post" id="${form}" autocomplete="off">
${hidden}
${visiblePart(step, content)}
<noscript><input type="hidden" name="FromNoScript" value="1"/></noscript>
</form></div>
${content.options}</div>`,
  )
}

/** The ids by which other programs find the fields. */
const fieldIds: Readonly<Record<string, string>> = {
  ChallengeQuestionAnswer: "challengeQuestionInput",
  VerificationCode: "verificationCodeInput",
}

function visiblePart(step: Exclude<Step, { kind: "own" }>, content: SecondFactorPage): string {
  const error = `<div id="error" class="fieldMargin error smallText"><label id="errorText" for="">${esc(content.errorText)}</label></div>`
  switch (step.kind) {
    case "code": {
      const id = fieldIds[step.field] ?? `${step.field}Input`
      return `<p id="pageIntroductionText">Please provide your second factor.</p>
${content.errorText === "" ? "" : error}
<label for="${esc(id)}" class="block">${esc(step.label)}</label>
<input id="${esc(id)}" name="${esc(step.field)}" type="${step.type}" value="" class="text" placeholder="" autocomplete="off"/>
<div id="submissionArea" class="submitMargin"><input id="submitButton" type="submit" name="Submit" value="Submit"/></div>`
    }
    case "context alone":
      return `<p id="pageIntroductionText">Please wait.</p><script type="text/javascript">document.forms['loginForm'].submit();</script>`
    case "push":
      return content.errorText === ""
        ? `<p id="pageIntroductionText">Open your Authenticator app, and enter the number shown to sign in.</p>
<p id="validEntropyNumber">${esc(content.entropy)}</p>
<script type="text/javascript">window.setTimeout(function () { document.forms['loginForm'].submit(); }, 3000);</script>`
        : error
    case "call":
      return content.errorText === ""
        ? `<p id="pageIntroductionText">We are calling your phone. Please answer it to continue.</p>
<script type="text/javascript">document.forms['loginForm'].submit();</script>`
        : error
  }
}

/** The page of several adapters, which holds only links. */
export function adapterChoicePage(userName: string, options: string, year: number): string {
  return page(
    "Sign In",
    year,
    `<div id="authArea" class="groupMargin">
<div class="fieldMargin bigText">Welcome ${esc(userName)}</div>
<div id="mfaGreetingDescription" class="groupMargin">For security reasons, we require additional information to verify your account</div>
${options}</div>`,
  )
}

export interface AdapterOptions {
  readonly action: string
  /** Left out on the page of the only adapter, as in captured pages. */
  readonly context: string | undefined
  readonly authMethods: readonly string[]
  /** ADFS 2019 adds the user name. */
  readonly userName: string | undefined
}

export function adapterOptions({ action, context, authMethods, userName }: AdapterOptions): string {
  const holder =
    userName === undefined
      ? ""
      : `<input id="userNameInputOptionsHolder" type="hidden" name="UserName" value="${esc(userName)}"/>`
  const hidden =
    context === undefined ? holder : `${holder}<input type="hidden" name="Context" value="${esc(context)}"/>`
  return optionsForm(
    action,
    hidden,
    authMethods.map(name => [name, `Use ${name}`]),
  )
}
