import { escapeXml as esc } from "../server/escape.ts"

/** `legacy` and `meta`: the two known shapes. `script`: a page that a script fills. */
export type RolePageShape = "legacy" | "meta" | "script"

export interface RolePage {
  readonly roles: readonly string[]
  readonly aliases: Readonly<Record<string, string>>
  readonly samlResponse: string
  readonly relayState: string
}

/** The page on which AWS lets a browser choose a role. */
export function rolePage(shape: RolePageShape, page: RolePage): string {
  const byAccount = new Map<string, string[]>()
  for (const role of page.roles) {
    const account = role.split(":")[4] ?? ""
    const alias = page.aliases[account]
    const name = alias === undefined ? account : `${alias} (${account})`
    byAccount.set(name, [...(byAccount.get(name) ?? []), role])
  }
  switch (shape) {
    case "legacy":
      return legacy(byAccount, page)
    case "meta":
      return meta(byAccount, page)
    case "script":
      return `<!DOCTYPE html><html><head><title>Amazon Web Services Sign-In</title><script src="/assets/saml.js"></script></head><body><div id="root"></div></body></html>`
  }
}

function legacy(byAccount: ReadonlyMap<string, readonly string[]>, page: RolePage): string {
  const accounts = [...byAccount].map(
    ([name, roles], n) => `<div class="saml-account">
<div onclick="expandCollapse(${n});"><div class="saml-account-name">Account: ${esc(name)}</div></div><hr/>
<div id="${n}" class="saml-account">
${roles.map(legacyRole).join("\n")}
</div></div>`,
  )
  return `<!DOCTYPE html>
<html><head><title>Amazon Web Services Sign-In</title></head><body>
<h1>Select a role:</h1>
<form id="saml_form" name="saml_form" action="/saml" method="post">
<input type="hidden" name="RelayState" value="${esc(page.relayState)}"/>
<input type="hidden" name="SAMLResponse" value="${esc(page.samlResponse)}"/>
<input type="hidden" name="name" value=""/><input type="hidden" name="portal" value=""/>
<fieldset>
${accounts.join("\n")}
</fieldset>
<div class="buttoninput" id="input_signin_button"><a id="signin_button" class="css3button" href="#">Sign in</a></div>
</form></body></html>`
}

function legacyRole(role: string): string {
  const name = role.slice(role.indexOf("/") + 1)
  return `<div class="saml-role" onclick="checkRadio(this);"><input type="radio" name="roleIndex" value="${esc(role)}" id="${esc(role)}" class="saml-radio"/>
<label for="${esc(role)}" class="saml-role-description">${esc(name)}</label></div>`
}

function meta(byAccount: ReadonlyMap<string, readonly string[]>, page: RolePage): string {
  const data = {
    invalid_accounts: {},
    RelayState: page.relayState,
    name: null,
    roles_accounts: Object.fromEntries(byAccount),
  }
  const content = Buffer.from(JSON.stringify(data)).toString("base64")
  return `<!DOCTYPE html><html><head><title>Amazon Web Services Sign-In</title><meta name="data" content="${content}"/></head><body><div id="root"></div></body></html>`
}
