import type { OwnPage } from "./second-factors.ts"
import type { SecondFactor } from "./settings.ts"

/** Second factors of many kinds, each with pages that no other one has. The right code is the first of the default user. */
export type OwnFactorName = keyof typeof ownFactors

const code = "444692"
const any = {}
const form = (hidden: string, inside: string, id = "loginForm") =>
  `<div id="loginArea"><form method="post" id="${id}">${hidden}${inside}</form></div>`
const waitingScript = (script: string) =>
  `<script type="text/javascript">\n//<![CDATA[\n${script}\n//]]>\n</script>`

/** A page that is posted `posts` times before the sign-in goes on. */
const waiting = (inside: string, script: string, posts = 2): OwnPage => ({
  body: ({ hidden }) => form(hidden, inside, "refresh") + waitingScript(script),
  fields: any,
  take: (_, times) => (times < posts ? { again: "" } : "next"),
})

const codeField = (field: string, around: (error: string) => string): OwnPage => ({
  body: ({ hidden, error }) => form(hidden, around(error)),
  fields: { [field]: any, go: { value: "OK", optional: true } },
  take: values => (values(field) === code ? "next" : { again: "That code is not right" }),
})

const ownFactors = {
  "a sentence": [
    {
      body: ({ hidden }) =>
        form(
          hidden,
          `<p>Your account has no app yet.</p><p>Set one up at <a href="https://enrol.example.com/app">the portal</a>, then come back.</p>`,
        ),
    },
  ],
  "a sentence without a form": [
    {
      body: () =>
        `<h1>Security key</h1><section class="loginError" role="alert">No key is registered for you</section>`,
    },
  ],
  "one button": [
    {
      body: ({ hidden }) =>
        form(
          hidden,
          `<h2>Your account is locked</h2><button type="submit" name="finish" value="1">Finish</button>`,
        ),
      fields: { finish: { value: "1" } },
    },
  ],
  "two buttons": [
    {
      body: ({ hidden }) =>
        form(
          hidden,
          `<p>How shall we reach you?</p><button name="way" value="mail">By mail</button><button name="way" value="call">By phone</button>`,
        ),
      fields: { way: { value: "call" } },
    },
  ],
  "a button that changes nothing": [
    {
      body: ({ hidden }) =>
        form(hidden, `<p>The service is down</p><input type="submit" name="retry" value="Retry">`),
      fields: { retry: { value: "Retry" } },
      take: () => ({ again: "" }),
    },
  ],
  "a passkey": [
    {
      body: ({ hidden }) =>
        form(
          hidden,
          `<p>Use your passkey</p><input type="hidden" name="assertion" id="a"><span role="button" id="b">Go</span>`,
        ) +
        waitingScript(
          "navigator.credentials.get({}).then(function (c) { document.getElementById('a').value = c.id; document.forms[0].submit(); });",
        ),
    },
  ],
  "an answer of a script": [
    {
      body: ({ hidden }) =>
        form(hidden, `<label>Code <input name="typed"></label><input type="hidden" name="sealed" value="">`) +
        waitingScript(
          "document.querySelector('form').onsubmit = function () { this.sealed.value = seal(this.typed.value); };",
        ),
    },
  ],
  "a page that waits": [
    waiting(
      `<p>We sent a request to your watch</p><label><input type="checkbox" name="devices"> Manage my devices</label>`,
      `function post() { document.getElementById("refresh").submit(); }
window.addEventListener("load", function () { window.setTimeout(post, 1000); }, false);`,
    ),
  ],
  "a page that waits and has buttons": [
    waiting(
      `<p>Confirm it</p><input type="submit" name="cancel" value="Cancel">`,
      "setInterval(() => { document.forms.refresh.requestSubmit() }, 1000)",
    ),
  ],
  "a page that stops to wait": [
    waiting("<p>Confirm it on your watch</p>", "setTimeout('document.forms[0].submit()', 1000)", 1),
    { body: ({ hidden }) => form(hidden, "<p>Your watch did not answer</p>") },
  ],
  "a refusal in its own place": [
    codeField(
      "otp",
      error =>
        `<div class="fieldMargin error smallText">${error}</div><h3>Number of your key</h3><input type="password" name="otp"><button name="go" value="OK">OK</button>`,
    ),
  ],
  "a code and a PIN": [
    {
      body: ({ hidden }) =>
        form(
          hidden,
          `<label for="p">PIN</label><input id="p" type="password" name="pin"><label for="n">Number of the token</label><input id="n" name="tokenCode"><input type="submit" name="go" value="OK">`,
        ),
      fields: { pin: { value: "2580" }, tokenCode: { value: code }, go: { value: "OK" } },
    },
  ],
  "a choice": [
    {
      body: ({ hidden }) =>
        form(
          hidden,
          `<fieldset><legend>Where shall the code go?</legend><label><input type="radio" name="to" value="app" checked>App</label><label><input type="radio" name="to" value="mail">Mail</label></fieldset><button>Next</button>`,
        ),
      fields: { to: any },
    },
    codeField("otp", () => `<label>Code <input name="otp"></label>`),
  ],
  "a choice without a default": [
    {
      body: ({ hidden }) =>
        form(
          hidden,
          `<p>Where?</p><select name="to"><option value="">Choose…</option><option value="app">App</option><option value="mail">Mail</option></select><button>Next</button>`,
        ),
      fields: { to: any },
    },
  ],
  "words beside a question": [
    codeField(
      "otp",
      () => `<p id="errorText">Your last sign-in was on Monday</p><label>Code <input name="otp"></label>`,
    ),
  ],
} as const satisfies Record<string, readonly OwnPage[]>

export const ownFactor = (name: OwnFactorName): SecondFactor => ({
  authMethod: "Own Adapter",
  pages: ownFactors[name],
})
