import { randomUUID } from "node:crypto"
import { escapeXml as esc } from "../server/escape.ts"

/** The frame of all pages of ADFS 2012R2 to 2019. `year` is the one in its footer. */
export function page(title: string, year: number, body: string): string {
  return `<!DOCTYPE html>
<html lang="en-US">
<head>
<meta http-equiv="X-UA-Compatible" content="IE=10.000"/>
<meta charset="utf-8"/>
<meta name="robots" content="noindex, nofollow"/>
<title>${title}</title>
<script type="text/javascript">
//<![CDATA[
function SelectOption(o) { document.forms['options'].elements['AuthMethod'].value = o; document.forms['options'].submit(); }
document.write('<form id="loginForm"><input type="hidden" name="WrittenByScript" value="<form action=\\'/elsewhere\\'>"></form>');
//]]>
</script>
</head>
<body dir="ltr" class="body">
<div id="noScript" class="fullWidth"><noscript><h1>JavaScript required</h1><form action="/adfs/noscript"><input name="NoScript" value="1"/></form></noscript></div>
<div id="fullPage"><div id="contentWrapper" class="float"><div id="content">
<div id="header"><img class="logoImage" src="/adfs/portal/logo/logo.png" alt="Visma Federation"/></div>
<div id="workArea">
${body}
</div>
<div id="footer"><div id="footerLinks" class="floatReverse"><div><span id="copyright">&#169; ${year} Microsoft</span></div></div></div>
</div></div></div>
<script type="text/javascript" src="/adfs/portal/script.js"></script>
</body>
</html>`
}

export interface ErrorDetails {
  readonly message: string
  /** Shown for the help desk; random by default. */
  readonly activityId?: string
}

export function errorPage({ message, activityId = randomUUID() }: ErrorDetails): string {
  return page(
    "Error",
    2016,
    `<div id="errorArea">
<div id="openingMessage" class="groupMargin bigText">An error occurred</div>
<div id="errorMessage" class="groupMargin">${esc(message)}</div>
<div class="hidden"><a id="errorDetailsLink" href="#">Error details</a>
<ul id="errorDetails"><li><span id="activityId">Activity ID: ${esc(activityId)}</span></li>
<li><span>Relying party: Amazon Web Services</span></li>
<li><span id="contextId">Error time: <span id="timestamp">${new Date().toUTCString()}</span></span></li></ul></div>
</div>`,
  )
}

/** A page without a known form: terms of use in front of the sign-in. */
export const unknownPage = (text: string) =>
  page(
    "Terms of use",
    2016,
    `<div id="terms"><p>${esc(text)}</p><form id="acceptTerms" method="post"><input type="checkbox" name="Accept" value="yes"/></form></div>`,
  )

export function expiredPasswordPage(userName: string): string {
  return page(
    "Update Password",
    2016,
    `<div id="authArea"><div id="updatePasswordArea">
<div id="expiredNotification" class="groupMargin">You must update your password because your password has expired.</div>
<form method="post" id="updatePasswordForm" autocomplete="off" action="/adfs/portal/updatepassword/">
<div id="error" class="fieldMargin error smallText"><span id="errorText"></span></div>
<input id="userNameInput" name="UserName" type="email" value="${esc(userName)}"/>
<input id="oldPasswordInput" name="OldPassword" type="password" placeholder="Old password"/>
<input id="newPasswordInput" name="NewPassword" type="password" placeholder="New password"/>
<input id="confirmNewPasswordInput" name="ConfirmNewPassword" type="password" placeholder="Confirm new password"/>
<input id="submitButton" type="submit" name="Submit" value="Submit"/>
</form></div></div>`,
  )
}

export interface TokenPage {
  readonly action: string
  readonly samlResponse: string
  readonly relayState: string | undefined
}

export function tokenPage({ action, samlResponse, relayState }: TokenPage): string {
  const relay =
    relayState === undefined ? "" : `<input type="hidden" name="RelayState" value="${esc(relayState)}" />`
  return (
    `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="${esc(action)}">` +
    `<input type="hidden" name="SAMLResponse" value="${samlResponse}" />${relay}` +
    `<noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit" /></noscript>` +
    `</form><script language="javascript">window.setTimeout('document.forms[0].submit()', 0);</script></body></html>`
  )
}

export function homeRealmPage(
  action: string,
  homeRealms: readonly { readonly value: string; readonly name: string }[],
): string {
  const entries = homeRealms.map(
    ({ value, name }) =>
      `<div class="idp" tabindex="1" role="button" onKeyPress="if (event.keyCode == 13) HRD.selection('${esc(value)}');" onclick="HRD.selection('${esc(value)}'); return false;">
<img class="largeIcon float" src="/adfs/portal/images/idp/idp.png" alt="" /><div class="idpDescription float"><span class="largeTextNoWrap">${esc(name)}</span></div></div>`,
  )
  return page(
    "Sign In",
    2016,
    `<div id="hrdArea"><form id="hrd" method="post" autocomplete="off" novalidate="novalidate" action="${esc(action)}">
<input id="hrdSelection" type="hidden" />
<div id="bySelection"><div id="openingMessage" class="groupMargin bigText">Sign in with one of these accounts</div>
${entries.join("\n")}</div>
<div id="byEmail"><div id="emailArea" class="indent"><div id="error" class="fieldMargin error smallText"><span id="errorText" role="alert"></span></div>
<label id="emailInputLabel" for="emailInput" class="hidden">Email</label>
<input id="emailInput" name="Email" type="email" value="" placeholder="someone@example.com"/>
<input class="submit" name="HomeRealmByEmail" type="submit" value="Next" onclick="return HRD.submitEmail()"/></div></div>
</form>
<script type="text/javascript">function HRD() {}
HRD.selection = function (option) { var i = document.getElementById('hrdSelection'); i.name = "HomeRealmSelection"; i.value = option; document.forms['hrd'].submit(); return false; };</script></div>`,
  )
}

export interface RelyingPartyPage {
  readonly action: string
  readonly signedIn: boolean
  readonly relyingParties: readonly { readonly id: string; readonly name: string }[]
}

export function relyingPartyPage({ action, signedIn, relyingParties }: RelyingPartyPage): string {
  const options = relyingParties.map(({ id, name }) => `<option value="${id}">${esc(name)}</option>`)
  const buttons = signedIn
    ? `<input id="idp_SignInButton" name="SignInGo" type="submit" value="Go"/>
<div id="signOutArea"><input id="idp_SignOutButton" name="SignOut" type="submit" value="Sign out"/></div>`
    : `<input id="idp_SignInButton" name="SignInSubmit" type="submit" value="Sign in"/>`
  return page(
    "Sign In",
    2016,
    `<div id="authArea"><form id="idpForm" method="post" action="${action}">
<div id="idp_SignInStatus" class="groupMargin">${signedIn ? "You are signed in." : "You are not signed in."}</div>
<div><input id="idp_SignInThisSiteRadioButton" type="radio" name="SignInIdpSite" value="SignInIdpSite" checked/><label for="idp_SignInThisSiteRadioButton">Sign in to this site.</label></div>
<div><input id="idp_OtherRpRadioButton" type="radio" name="SignInOtherSite" value="SignInOtherSite"/><label for="idp_OtherRpRadioButton">Sign in to one of the following sites:</label></div>
<select id="idp_RelyingPartyDropDownList" name="RelyingParty" disabled="disabled">${options.join("\n")}</select>
<div class="hidden"><input type="radio" name="SingleSignOut" value="SingleSignOut" checked/><input type="radio" name="LocalSignOut" value="LocalSignOut"/></div>
${buttons}
</form></div>`,
  )
}
