import { randomBytes } from "node:crypto"
import { escapeXml as esc } from "../server/escape.ts"
import { page } from "./pages.ts"
import type { LoginPage } from "./settings.ts"

export interface LoginPageContent {
  /** Inserted into the page without escaping, as ADFS does. */
  readonly action: string
  /** Absolute address with its port, as in form#options. */
  readonly optionsAction: string
  /** The user name that was typed before a refusal. */
  readonly userName: string
  readonly errorText: string
}

/** The hidden fields of ADFS 2.0, which the browser must send back unchanged. */
export interface ViewState {
  readonly [name: string]: string
}

export const viewState = (): ViewState => ({
  __VIEWSTATE: randomBytes(400).toString("base64"),
  __VIEWSTATEGENERATOR: randomBytes(4).toString("hex").toUpperCase(),
  __EVENTVALIDATION: randomBytes(90).toString("base64"),
  __db: "15",
})

export const aspNames = {
  user: "ctl00$ContentPlaceHolder1$UsernameTextBox",
  password: "ctl00$ContentPlaceHolder1$PasswordTextBox",
  submit: "ctl00$ContentPlaceHolder1$SubmitButton",
}

const years = { "2012R2": 2013, "2016": 2016, "2019": 2018, "2019-paginated": 2018 }

/** A login page. Only 2.0 uses `viewState`. */
export function loginPage(version: LoginPage, content: LoginPageContent, state: ViewState): string {
  if (version === "2.0") return adfs20(content, state)
  const body = version === "2019-paginated" ? paginated(content) : classic(version, content)
  return page("Sign In", years[version], `${body}\n${options(version, content)}</div>`)
}

function classic(version: "2012R2" | "2016" | "2019", content: LoginPageContent): string {
  return `<div id="authArea" class="groupMargin"><div id="loginArea">
<div id="loginMessage" class="groupMargin">${version === "2012R2" ? "Sign in with your organizational account" : "Sign in"}</div>
<form method="post" id="loginForm" autocomplete="off" novalidate="novalidate" onKeyPress="if (event && event.keyCode == 13) Login.submitLoginRequest();" action="${content.action}" >
${error(version, content.errorText)}
<div id="formsAuthenticationArea">
<div id="userNameArea">${userName(content.userName)}</div>
<div id="passwordArea">${password}</div>
${keepMeSignedIn}
<div id="submissionArea" class="submitMargin"><span id="submitButton" class="submit" tabindex="4" role="button" onclick="return Login.submitLoginRequest();">Sign in</span></div>
</div>
<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication"/>
<script type="text/javascript">document.write('<input type="hidden" name="FromScript" value="1"/>');</script>
<noscript><input type="hidden" name="FromNoScript" value="1"/></noscript>
<input type="hidden" id="nameless" value="a field without a name"/>
</form></div>`
}

function paginated(content: LoginPageContent): string {
  return `<div id="authArea" class="groupMargin"><div id="loginArea">
<div id="primaryOptionsPage" class="hidden"></div>
<div id="usernamePage">
<div id="loginMessage" class="groupMargin">Sign in</div>
<form method="post" id="loginForm" class="paginatedPageForm" autocomplete="off" novalidate="novalidate" action="${content.action}" >
${error("2019", content.errorText)}
<div id="formsAuthenticationArea">
<div id="userNameArea">${userName(content.userName)}</div>
<span id="nextButton" class="submit" tabindex="3" role="button">Next</span>
<div id="passwordPage" style="display:none"><div id="passwordArea">${password}</div>
${keepMeSignedIn}
<span id="submitButton" class="submit" tabindex="4" role="button">Sign in</span></div>
</div></form>
</div>
<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication"/>
</div>`
}

const userName = (value: string) =>
  `<label id="userNameInputLabel" for="userNameInput" class="hidden">User Account</label><input id="userNameInput" name="UserName" type="email" value="${esc(value)}" tabindex="1" class="text fullWidth" spellcheck="false" placeholder="someone@visma.com" autocomplete="off"/>`
const password = `<label id="passwordInputLabel" for="passwordInput" class="hidden">Password</label><input id="passwordInput" name="Password" type="password" tabindex="2" class="text fullWidth" placeholder="Password" autocomplete="off"/>`
const keepMeSignedIn = `<div id="kmsiArea" style="display:none"><input type="checkbox" name="Kmsi" id="kmsiInput" value="true" tabindex="3" /><label for="kmsiInput">Keep me signed in</label></div>`

function error(version: "2012R2" | "2016" | "2019", text: string): string {
  const content = {
    "2012R2": `<label id="errorText" for="">${esc(text)}</label>`,
    "2016": `<span id="errorText">${esc(text)}</span>`,
    "2019": `<span id="errorText" for="" aria-live="assertive" role="alert">${esc(text)}</span>`,
  }
  return `<div id="error" class="fieldMargin error smallText">${content[version]}</div>`
}

function options(version: LoginPage, { optionsAction }: LoginPageContent): string {
  const holder = version.startsWith("2019")
    ? `<input id="userNameInputOptionsHolder" type="hidden" name="UserName" value=""/>`
    : ""
  const links = [
    ["FormsAuthentication", "Sign in with your user name and password"],
    ["CertificateAuthentication", "Sign in using an X.509 certificate"],
  ] as const
  return optionsForm(optionsAction, holder, links)
}

/** The second form of every page. It is a trap on a login page, and offers the adapters if there are several. */
export function optionsForm(
  action: string,
  hiddenFields: string,
  links: readonly (readonly [authMethod: string, text: string])[],
): string {
  const anchors = links.map(
    ([name, text]) =>
      `<a class="actionLink" id="${esc(name)}" href="#" onclick="SelectOption('${esc(name)}'); return false;">${esc(text)}</a>`,
  )
  return `<div id="authOptions"><form id="options" method="post" action="${action}">
<script type="text/javascript">function SelectOption(option) { var i = document.getElementById('optionSelection'); i.value = option; document.forms['options'].submit(); return false; }</script>
<input id="optionSelection" type="hidden" name="AuthMethod"/>${hiddenFields}
<div id="authOptionLinks" class="groupMargin">${anchors.join("\n")}</div></form></div>`
}

function adfs20({ action, userName: typed, errorText }: LoginPageContent, state: ViewState): string {
  const hidden = Object.entries(state).map(
    ([name, value]) => `<input type="hidden" name="${name}" id="${name}" value="${esc(value)}" />`,
  )
  const id = (name: string) => name.replaceAll("$", "_")
  return `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Sign-In Page</title></head><body>
<form name="aspnetForm" method="post" action="${action}" onkeypress="javascript:return WebForm_FireDefaultButton(event, '${id(aspNames.submit)}')" id="aspnetForm">
<div>${hidden.join("\n")}</div>
<div class="GroupXLargeMargin">Type your user name and password.</div>
<table class="UsernamePasswordTable"><tr><td><span class="Label">User name:</span></td>
<td><input name="${aspNames.user}" type="text" value="${esc(typed)}" id="${id(aspNames.user)}" /></td></tr>
<tr><td><span class="Label">Password:</span></td>
<td><input name="${aspNames.password}" type="password" id="${id(aspNames.password)}" /></td></tr>
<tr><td colspan="2"><span id="ctl00_ContentPlaceHolder1_ErrorTextLabel" class="ErrorText">${esc(errorText)}</span></td></tr></table>
<div class="RightAlign"><input type="submit" name="${aspNames.submit}" value="Sign In" id="${id(aspNames.submit)}" class="Resizable" /></div>
</form></body></html>`
}
