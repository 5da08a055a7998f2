import { describe, expect, it } from "vitest"
import { readPage, rehearsePage } from "../../../../src/sign-in/pages/page.ts"

const url = "https://federation.visma.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"

/** The second form that stands on every page of ADFS 2012R2 and newer. */
const optionsForm = (links: string) =>
  `<div id="authOptions"><form id="options" method="post" action="https://federation.visma.com:443/adfs/ls/">
   <input id="optionSelection" type="hidden" name="AuthMethod"><input type="hidden" id="userNameInputOptionsHolder" name="UserName" value="">
   <div id="authOptionLinks">${links}</div></form></div>`

const loginForm = (attributes: string, inside = "") =>
  `<form id="loginForm" method="post" ${attributes}><span id="errorText"></span>
   <input id="userNameInput" name="UserName" type="email" value=""><input id="passwordInput" name="Password" type="password">
   <div id="kmsiArea" style="display:none"><input type="checkbox" name="Kmsi" value="true"></div>${inside}</form>`

const authMethod = (name: string) =>
  `<input id="optionForms" type="hidden" name="AuthMethod" value="${name}">`

describe("login page", () => {
  const page = (html: string) => {
    const read = readPage(html, url)
    if (read.kind !== "login") throw new Error(read.kind)
    return read
  }

  it("is rehearsed with one of our own, as far as the real one is read", () => {
    expect(rehearsePage()).toMatchObject({
      kind: "login",
      fields: { username: "UserName", password: "Password" },
    })
  })

  it("sends what a browser would: no second form, no unchecked box, nothing without a name", () => {
    const html = loginForm(
      'action="/adfs/ls/x?a=1&client-request-id=2"',
      `${authMethod("FormsAuthentication")}<input value="nameless"><span id="submitButton">`,
    )
    const { form, fields, refusal } = page(
      html + optionsForm("<a id='CertificateAuthentication'>Certificate</a>"),
    )
    expect(form).toEqual({
      action: "https://federation.visma.com/adfs/ls/x?a=1&client-request-id=2",
      fields: [
        ["UserName", ""],
        ["Password", ""],
        ["AuthMethod", "FormsAuthentication"],
      ],
    })
    expect(fields).toEqual({ username: "UserName", password: "Password" })
    expect(refusal).toBeUndefined()
  })

  it.each([
    ["no action", "", url],
    ["an empty action", 'action=""', url],
    ["a relative action", 'action="post.aspx?x"', "https://federation.visma.com/adfs/ls/post.aspx?x"],
    ["another origin", 'action="https://evil.example/"', "https://evil.example/"],
  ])("resolves %s as a browser does", (_, attributes, action) => {
    expect(page(loginForm(attributes)).form.action).toBe(action)
  })

  it("resolves a relative action against the page's base", () => {
    expect(page(`<base href="/other/">${loginForm('action="post"')}`).form.action).toBe(
      "https://federation.visma.com/other/post",
    )
  })

  it("ignores fields in scripts, templates and noscript, and disabled ones", () => {
    const inside = `<script>document.write('<input name="a">')</script><noscript><input name="b"></noscript><template><input name="c"></template>
      <input name="d" disabled><fieldset disabled><input name="e"></fieldset>${authMethod("FormsAuthentication")}`
    expect(page(loginForm("", inside)).form.fields.map(([name]) => name)).toEqual([
      "UserName",
      "Password",
      "AuthMethod",
    ])
  })

  it("sends checked boxes, chosen options, text areas and controls that name the form", () => {
    const inside = `<input type="checkbox" name="a" checked><input type="radio" name="b" value="1"><input type="radio" name="b" value="2" checked>
      <select name="c"><option value="1">x<option value="2" selected>y</select><select name="d"><option>first</option><option>second</option></select><textarea name="e">text</textarea>`
    const { form } = page(
      `${loginForm("", inside)}<input name="f" value="outside" form="loginForm"><input name="g" form="other">`,
    )
    expect(form.fields.slice(2)).toEqual([
      ["a", "on"],
      ["b", "2"],
      ["c", "2"],
      ["d", "first"],
      ["e", "text"],
      ["f", "outside"],
    ])
  })

  it("adds AuthMethod where a paginated page keeps it, and the password, outside the form", () => {
    const html = `<div id="usernamePage"><form id="loginForm" class="paginatedPageForm" method="post"><input name="UserName" type="email"></form></div>
      <div id="passwordPage"><input name="Password" type="password"></div><input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication">`
    const { form, fields } = page(html)
    expect(form.fields).toEqual([
      ["UserName", ""],
      ["AuthMethod", "FormsAuthentication"],
    ])
    expect(fields).toEqual({ username: "UserName", password: "Password" })
  })

  it("sends the button of ADFS 2.0, and no AuthMethod it does not know", () => {
    const name = (field: string) => `ctl00$ContentPlaceHolder1$${field}`
    const html = `<form name="aspnetForm" id="aspnetForm" method="post" action="?x=1"><input type="hidden" name="__VIEWSTATE" value="abc">
      <span id="ctl00_ContentPlaceHolder1_ErrorTextLabel">Wrong</span><table><tr><td><input name="${name("UsernameTextBox")}" type="text">
      <input name="${name("PasswordTextBox")}" type="password"></td></tr></table><input type="submit" name="${name("SubmitButton")}" value="Sign In"></form>`
    const { form, fields, refusal } = page(html)
    expect(form.fields).toEqual([
      ["__VIEWSTATE", "abc"],
      [name("UsernameTextBox"), ""],
      [name("PasswordTextBox"), ""],
      [name("SubmitButton"), "Sign In"],
    ])
    expect(fields).toEqual({ username: name("UsernameTextBox"), password: name("PasswordTextBox") })
    expect(refusal).toBe("Wrong")
  })

  it("is refused when the page says so, in any language", () => {
    const html = loginForm("").replace(
      '<span id="errorText">',
      '<span id="errorText" role="alert"> Feil\n passord ',
    )
    expect(page(html).refusal).toBe("Feil passord")
  })

  it("keeps fields of a form that stands in a table", () => {
    const html = `<table><form method="post" action="/x"><tr><td><input name="UserName"></td><td><input name="Password" type="password"></td></tr></form></table>`
    expect(page(html).form.fields.map(([name]) => name)).toEqual(["UserName", "Password"])
  })

  it("is no login page when its form would put the password into an address", () => {
    expect(
      readPage('<form><input name="UserName"><input name="Password" type="password"></form>', url).kind,
    ).toBe("unknown")
  })
})

describe("second factor", () => {
  const mfa = (adapter: string, inside: string, after = "") =>
    `<form id="loginForm" method="post"><input type="hidden" name="AuthMethod" value="${adapter}">
     <input type="hidden" name="Context" value="&lt;c&gt;&amp;&lt;/c&gt;">${inside}</form>${after}${optionsForm("<a id='Other'>Other</a>")}`

  it("reads Visma's page: posted to its own address, with its context to the letter", () => {
    const inside = `<p id="pageIntroductionText">Intro</p><label for="challengeQuestionInput">Enter code:</label>
      <input id="challengeQuestionInput" name="ChallengeQuestionAnswer" type="text"><input id="submitButton" type="submit" name="Submit" value="Submit">`
    expect(readPage(mfa("VismaMFAAdapter", inside), url)).toEqual({
      kind: "question",
      adapter: "VismaMFAAdapter",
      questions: [{ field: "ChallengeQuestionAnswer", label: "Enter code", hidden: false, isCode: true }],
      sentence: "Intro",
      introduction: "Intro",
      refusal: undefined,
      ticks: [],
      form: {
        action: url,
        fields: [
          ["AuthMethod", "VismaMFAAdapter"],
          ["Context", "<c>&</c>"],
          ["ChallengeQuestionAnswer", ""],
          ["Submit", "Submit"],
        ],
      },
    })
  })

  it.each([
    ["SecurIDAuthentication", '<input name="Passcode" type="text">', "Passcode"],
    ["AzureMfaAuthentication", '<input name="VerificationCode" type="tel">', "VerificationCode"],
    ["SymantecVipAdapter", '<input name="SecurityCode">', "SecurityCode"],
    ["Defender AD FS Adapter", '<input name="OathCode" type="number">', "OathCode"],
    ["SafeNet-MFA", '<input name="SAFENET_PASSWORD" type="password">', "SAFENET_PASSWORD"],
    [
      "NobodyKnowsThisOne",
      '<input name="x" type="text"><input name="hid" type="text" style="display: none"><input name="ro" readonly>',
      "x",
    ],
  ])("asks for the one visible, empty field of %s", (adapter, inside, field) => {
    expect(readPage(mfa(adapter, inside), url)).toMatchObject({
      kind: "question",
      adapter,
      questions: [{ field, label: field, hidden: field === "SAFENET_PASSWORD", isCode: true }],
    })
  })

  it.each([
    ["a label around it", '<label>Around: <input name="x"></label>', "Around"],
    ["its placeholder", '<input name="x" placeholder="Holder">', "Holder"],
    ["its aria-label", '<input name="x" aria-label="Aria">', "Aria"],
    ["the introduction", '<p id="pageIntroductionText">Intro</p><input name="x">', "Intro"],
  ])("labels the question with %s", (_, inside, label) => {
    expect(readPage(mfa("Other", inside), url)).toMatchObject({ kind: "question", questions: [{ label }] })
  })

  it("waits for a phone where there is nothing to type, and reads the number to show", () => {
    expect(
      readPage(mfa("AzureMfaAuthentication", "", '<p id="validEntropyNumber">42</p>'), url),
    ).toMatchObject({
      kind: "waiting",
      adapter: "AzureMfaAuthentication",
      number: "42",
      refusal: undefined,
    })
    expect(
      readPage(mfa("AzureMfaServerAuthentication", "", '<label id="errorText">Denied</label>'), url),
    ).toMatchObject({
      kind: "message",
      refusal: "Denied",
    })
  })

  it("asks for both of two fields", () => {
    const inside = '<input name="a" aria-label="First"><input name="b" type="password">'
    expect(readPage(mfa("Other", inside), url)).toMatchObject({
      kind: "question",
      questions: [
        { field: "a", label: "First", hidden: false, isCode: true },
        { field: "b", label: "b", hidden: true, isCode: false },
      ],
    })
  })
})

describe("pages that are easily taken for others", () => {
  const form = (inside: string) =>
    `<form id="loginForm" method="post"><input type="hidden" name="AuthMethod" value="SafeNet-MFA">${inside}</form>`

  it("a second factor that shows the user name and hides the code is no login page", () => {
    const html = form(
      '<input name="UserName" type="text" value="adm" readonly><input name="SAFENET_PASSWORD" type="password">',
    )
    expect(readPage(html, url)).toMatchObject({
      kind: "question",
      adapter: "SafeNet-MFA",
      questions: [{ field: "SAFENET_PASSWORD", hidden: true }],
    })
  })

  it.each([
    ["radios to choose from", '<input type="radio" name="how" value="sms">', "choice"],
    ["a field that is filled in already", '<input name="phone" value="+47">', "message"],
    ["two fields", '<input name="a"><input name="b">', "question"],
  ])(
    "a form with %s is nothing to wait for a phone at, whatever links stand beside it",
    (_, inside, kind) => {
      expect(readPage(form(inside) + optionsForm('<a id="Other">Other</a>'), url).kind).toBe(kind)
    },
  )

  it("an address that is none ends in words, an unusable base is ignored", () => {
    expect(() => readPage(loginForm('action="https://["'), url)).toThrow(
      expect.objectContaining({
        code: "idpPage",
        message: "ADFS sent a form that would be posted to an invalid address",
      }),
    )
    expect(readPage(`<base href="http://[">${loginForm("")}`, url)).toMatchObject({
      kind: "login",
      form: { action: url },
    })
  })
})

describe("other pages", () => {
  it("offers the adapters when the page holds nothing but their links", () => {
    expect(
      readPage(
        optionsForm(
          `<a class="actionLink" id="VismaMFAAdapter" href="#">Visma</a><a id="SecurIDAuthentication"></a>`,
        ),
        url,
      ),
    ).toMatchObject({
      kind: "adapters",
      choices: [
        { label: "Visma", value: "VismaMFAAdapter" },
        { label: "SecurIDAuthentication", value: "SecurIDAuthentication" },
      ],
      form: {
        action: "https://federation.visma.com/adfs/ls/",
        fields: [
          ["AuthMethod", ""],
          ["UserName", ""],
        ],
      },
    })
  })

  it.each([
    ["signed out", '<input name="SignInSubmit" type="submit" value="Sign in">', "SignInSubmit"],
    [
      "signed in",
      '<input name="SignInGo" type="submit" value="Go"><input name="SignOut" type="submit">',
      "SignInGo",
    ],
  ])("picks among relying parties, %s", (_, buttons, pressed) => {
    const html = `<form id="idpForm" method="post"><input type="radio" name="SignInIdpSite" value="SignInIdpSite" checked>
      <input type="radio" name="SignInOtherSite" value="SignInOtherSite"><select id="idp_RelyingPartyDropDownList" name="RelyingParty">
      <option value="guid-1">Other</option><option value="guid-2">Amazon Web Services</option></select>${buttons}</form>`
    expect(readPage(html, url)).toEqual({
      kind: "relyingParties",
      choices: [
        { label: "Other", value: "guid-1" },
        { label: "Amazon Web Services", value: "guid-2" },
      ],
      form: {
        action: url,
        fields: [
          ["RelyingParty", "guid-1"],
          [pressed, pressed === "SignInGo" ? "Go" : "Sign in"],
          ["SignInOtherSite", "SignInOtherSite"],
        ],
      },
    })
  })

  it("reads the assertion of the token page", () => {
    const html = `<form name="hiddenform" method="POST" action="https://signin.aws.amazon.com:443/saml"><input type="hidden" name="SAMLResponse" value="PHg+"><noscript><input type="submit"></noscript></form>`
    expect(readPage(html, url)).toEqual({
      kind: "assertion",
      samlResponse: "PHg+",
      action: "https://signin.aws.amazon.com:443/saml",
    })
  })

  it.each([
    [
      '<div id="expiredNotification">You must update your password.</div><form method="post"><input id="oldPasswordInput" name="OldPassword" type="password"><input name="UserName"></form>',
      "You must update your password.",
    ],
    [
      '<form method="post"><input name="UserName"><input id="oldPasswordInput" name="OldPassword" type="password"></form>',
      undefined,
    ],
  ])("recognises an expired password and never fills the form in", (html, message) => {
    expect(readPage(html, url)).toEqual({ kind: "passwordExpired", message })
  })

  it("keeps the words and the activity id of an error page", () => {
    const html = `<div id="errorArea"><div id="openingMessage">An error occurred</div><div id="errorMessage">Contact your administrator.\x1b[2J</div><span id="activityId">Activity ID: 00-11</span></div>`
    expect(readPage(html, url)).toEqual({
      kind: "error",
      message: "An error occurred: Contact your administrator.",
      activityId: "Activity ID: 00-11",
    })
    expect(readPage('<div id="errorArea"></div>', url)).toEqual({
      kind: "error",
      message: "",
      activityId: undefined,
    })
  })

  it.each([
    ["", "no title; AuthMethod none; fields none"],
    [
      "<title>Hi\x1b[31m</title><form method=post><input name=Secret value=hunter2></form>",
      'title "Hi"; AuthMethod none; fields Secret',
    ],
  ])("describes an unknown page by names, never by values: %j", (html, description) => {
    expect(readPage(html, url)).toEqual({ kind: "unknown", description })
  })
})

it("a page that only a script can show has the words that it says to browsers without", () => {
  const html = "<div id=app></div><noscript>Please <b>enable</b> JavaScript</noscript>"
  expect(readPage(html, url)).toMatchObject({ kind: "unknown", sentence: "Please enable JavaScript" })
  expect(readPage(`<p>Closed</p>${html}`, url)).toMatchObject({ sentence: "Closed" })
})

const read = (html: string) => readPage(html, url)

/** A second factor's page of another product. */
const factor = (inside: string, behind = "") =>
  `<div id="authArea"><form method="post" id="loginForm"><input type="hidden" name="AuthMethod" value="Some"><input type="hidden" name="Context" value="c">${inside}</form></div>${behind}`

describe("a page is answered as a browser would", () => {
  it.each<[string, string, object]>([
    [
      "a refused code that the page gives back is asked for again",
      factor(
        '<div class=error>Forkert kode</div><input name=otp value="123456"><input type=submit value=OK>',
      ),
      { kind: "question", refusal: "Forkert kode", questions: [{ field: "otp" }] },
    ],
    [
      "also where only its label tells",
      factor('<label for=c>Bekreftelseskode</label><input id=c name=svar value="123456"><input type=submit>'),
      { kind: "question", questions: [{ field: "svar", label: "Bekreftelseskode" }] },
    ],
    [
      "a field of an unknown type is one for text",
      factor('<input type="numeric" name="otp">'),
      { kind: "question", questions: [{ field: "otp" }] },
    ],
    [
      "names of fields count in any case",
      "<form METHOD=POST><input type=hidden name=authMethod value=Some><input name=otp></form>",
      { kind: "question", adapter: "Some" },
    ],
    [
      "an example of a code is no label",
      factor('<p>Engangskode</p><input name=otp placeholder="000 000">'),
      { kind: "question", questions: [{ label: "Engangskode" }] },
    ],
    [
      "a field that is closed until it is entered is one",
      factor(`<input name=otp readonly onfocus="this.removeAttribute('readonly')">`),
      { kind: "question", questions: [{ field: "otp" }] },
    ],
    [
      "a field that is drawn by other elements is one, if there is no other",
      factor('<input name=otp style="opacity:0"><i>_</i><i>_</i>'),
      { kind: "question", questions: [{ field: "otp" }] },
    ],
    [
      "a field that is half seen is one, too",
      factor('<input name=otp><input name=pin style="opacity:0.5;width:0.5em">'),
      { kind: "question", questions: [{ field: "otp" }, { field: "pin" }] },
    ],
    [
      "a page that a script shows when it is in no frame is read",
      `<body style="visibility:hidden">${factor("<input name=otp>")}`,
      { kind: "question", questions: [{ field: "otp" }] },
    ],
    [
      "a captcha beside a code needs a browser",
      factor('<input name=otp><div class="g-recaptcha">'),
      { kind: "browserOnly" },
    ],
    [
      "a form that is bound to its own submission waits",
      factor(
        "<p>Godkend</p>",
        "<script>var f=document.forms[0]; setTimeout(f.submit.bind(f), 4000)</script>",
      ),
      { kind: "waiting", delay: 4000 },
    ],
    [
      "a question in a frame needs a browser",
      factor('<iframe id="duo_iframe" data-host="api.example.com"></iframe>'),
      { kind: "browserOnly", adapter: "Some" },
    ],
    [
      "a frame that is hidden asks nothing",
      factor('<p>Sperret</p><div style="display:none"><iframe></iframe></div>'),
      { kind: "message", sentence: "Sperret" },
    ],
    [
      "a login page that knows the user name asks for the password alone",
      '<form method=post><input type=hidden name=UserName value="adm\\x"><input type=password name=Password></form>',
      { kind: "login", fields: { username: "UserName", password: "Password" } },
    ],
  ])("%s", (_, html, expected) => {
    expect(read(html)).toMatchObject(expected)
  })

  it.each([
    "<dialog><input name=trap></dialog>",
    '<input name=trap style="position:absolute; left:-9999px">',
    '<div style="position:absolute;top:-5000px"><input name=trap></div>',
    "<input name=trap class=screen-reader-only>",
    "<input name=trap class=displaynone>",
    "<style>form .hp{display:none}</style><input name=trap class=hp>",
    "<div inert><input name=trap></div>",
    '<input name=trap style="opacity: 0; position: absolute">',
    '<input name=trap style="clip: rect(0,0,0,0)">',
    '<input name=trap style="clip-path: inset(50%)">',
    '<input name=trap style="transform:scale(0)">',
    '<div style="height:0;overflow:hidden"><input name=trap></div>',
  ])("a field that the user does not see is not asked for: %s", trap => {
    const found = read(factor(`${trap}<input name=otp>`))
    expect(found).toMatchObject({ kind: "question", questions: [{ field: "otp", isCode: true }] })
  })
})

it.each([
  "<input name=UserName><input type=hidden name=AuthMethod value=FormsAuthentication><input type=password name=OldPassword><input type=password name=NewPassword><input type=password name=Confirm>",
  "<input name=UserName><input type=password name=NewPassword autocomplete=new-password><input type=password name=ConfirmPassword autocomplete=new-password>",
  "<input name=UserName><input type=password name=OldPassword><input type=password name=NewPassword>",
  "<input type=hidden name=UserName value=me><input type=password name=Password><input type=password name=Password_repeat>",
])("a form for a new password never gets the old one: %s", inside => {
  expect(read(`<form method=post>${inside}</form>`).kind).toBe("passwordExpired")
})

describe("a refusal is seen", () => {
  const refusal = (inside: string) => {
    const found = read(factor(`${inside}<input name=x>`))
    return "refusal" in found ? found.refusal : undefined
  }

  it.each([
    '<div class="errormessage">Nei</div>',
    '<div id="ERRORTEXT">Nei</div>',
    '<div class="fehlermeldung">Nei</div>',
    '<div id="feilmelding">Nei</div>',
    '<div role="ALERT">Nei</div>',
    '<div class="alert alert-info error">Nei</div>',
  ])("in %s", inside => {
    expect(refusal(inside)).toBe("Nei")
  })

  it.each([
    '<div class="alert alert-info">Wir haben einen Code gesendet</div>',
    '<div class="alert alert-success" role="alert">Kod wysłany</div>',
  ])("but not in %s", inside => {
    expect(refusal(inside)).toBeUndefined()
  })
})

describe("a login page that asks for more is not answered in part", () => {
  const login = (inside: string) =>
    `<form method=post>${inside}<input name=UserName><input type=password name=Password></form>`
  it.each([
    ["Answer", "<label>Answer <input name=a required></label>"],
    ["Code", "<label>Code <input name=otp></label>"],
    ["a captcha", "<input name=CaptchaText>"],
    ["a captcha", "<input type=hidden name=g-recaptcha-response>"],
    ["a captcha", "<div class=cf-turnstile></div>"],
  ])("%s: %s", (what, inside) => {
    expect(() => read(login(inside))).toThrow(
      `ADFS' login page asks for more than user name and password: ${what}; nothing was sent`,
    )
  })

  it.each([
    "<input name=note>",
    "<input name=domain value=corp required>",
    "<input name=otp style='display:none'>",
    "<input type=checkbox name=Kmsi required>",
  ])("but with %s it is", inside => {
    expect(read(login(inside)).kind).toBe("login")
  })
})
