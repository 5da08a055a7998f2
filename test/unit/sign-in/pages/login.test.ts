import { describe, expect, it } from "vitest"
import { readPage } from "../../../../src/sign-in/pages/page.ts"

const url = "https://adfs.example.com/adfs/ls/?q=1"
const read = (html: string) => readPage(html, url)
const fields = "<input name=UserName><input type=password name=Password>"
const login = (inside: string, behind = "") => `<form method=post>${inside}${fields}</form>${behind}`

describe("user name and password go into the fields that the user sees", () => {
  it.each([
    [
      "copies that take what a browser remembers",
      `<input style="display:none" name=fakeusername><input style="display:none" type=password name=fakepassword>`,
    ],
    [
      "copies off the screen",
      `<div style="position:absolute;left:-9999px"><input name=usernameFake><input type=password name=passwordFake></div>`,
    ],
    [
      "fields for a new password that are shown later",
      `<p hidden><input type=password name=NewPassword><input type=password name=ConfirmPassword></p>`,
    ],
  ])("not into %s", (_, inside) => {
    expect(read(login(inside))).toMatchObject({
      kind: "login",
      fields: { username: "UserName", password: "Password" },
    })
  })

  it("of two forms, in the one that the user sees", () => {
    const hidden = `<form method=post action=/small style="display:none">${fields}</form>`
    expect(read(hidden + login(""))).toMatchObject({ kind: "login", form: { action: url } })
  })

  it.each([
    ["a form for the user name alone", "<form method=post action=/news><input name=UserName></form>", ""],
    [
      "another form that is shown, beside that of ADFS",
      `<form method=post action=/x>${fields}</form>`,
      "id=loginForm",
    ],
  ])("never in %s", (_, other, id) => {
    const own = `<form method=post ${id}>${fields}</form>`
    for (const html of [other + own, own + other])
      expect(read(html)).toMatchObject({ kind: "login", form: { action: url } })
  })

  it("never in a form for the user name, beside one for the password of a known user", () => {
    const known =
      "<form method=post><input type=hidden name=UserName value=a@b><input type=password name=Password></form>"
    const html = `<form method=post action=/news><input name=UserName></form>${known}`
    expect(read(html)).toMatchObject({ kind: "login", form: { action: url } })
  })

  it("never in one for the PIN of a card", () => {
    const card = "<form method=post><input name=UserName><input type=password name=PasswordPin></form>"
    expect(read(card).kind).toBe("unknown")
  })

  it("by the names that ADFS gives them, if all are hidden but one", () => {
    const later = `<div style="display:none"><input type=password name=fakepassword><input type=password name=Password></div>`
    expect(read(`<form method=post><input name=UserName>${later}</form>`)).toMatchObject({
      fields: { password: "Password" },
    })
  })

  it("also if the password is hidden by style only", () => {
    const masked = `<form method=post><input name=UserName><input name=Password style="-webkit-text-security: disc"></form>`
    expect(read(masked)).toMatchObject({ kind: "login", fields: { password: "Password" } })
  })

  it("and not into a shown field of another name", () => {
    expect(read("<form method=post><input name=UserName><input name=PasswordHint></form>").kind).toBe(
      "unknown",
    )
  })
})

it("a place for the news that the password has expired says nothing while it is empty or hidden", () => {
  for (const place of [
    "<div id=expiredNotification></div>",
    "<div id=expiredNotification hidden>Expired</div>",
  ])
    expect(read(login("", place)).kind).toBe("login")
})

describe("a login page that a browser would not send without another answer gets no password", () => {
  it.each([
    ["Domain", "<label>Domain <select name=d required><option value=''>Choose<option>CORP</select></label>"],
    ["I accept the terms", "<label><input type=checkbox name=terms required> I accept the terms</label>"],
    [
      "Staff",
      "<input type=radio name=who value=1 required> Staff<br><input type=radio name=who value=2> Guest",
    ],
    [
      "a@b",
      "<input type=radio name=UserName value=a@b checked> a@b <input type=radio name=UserName value=c@d> c@d",
    ],
    ["Account", "<label>Account <select name=UserName><option>a@b<option>c@d</select></label>"],
    ["City", "<label>City <input name=q aria-required=true></label>"],
    ["Code", "<style>form{left:50%;margin-left:-150px}</style><input type=password name=Code required>"],
    ["a captcha", '<div class="h-captcha dark"></div>'],
    ["verifycode", "<input type=password name=verifycode>"],
    ["a captcha", '<script src="https://www.google.com/recaptcha/api.js?render=x"></script>'],
    ["a captcha", '<script src="https://js.hcaptcha.com/1/api.js"></script>'],
    ["a captcha", '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'],
  ])("%s: %s", (what, inside) => {
    expect(() => read(login(inside))).toThrow(
      `ADFS' login page asks for more than user name and password: ${what}; nothing was sent`,
    )
  })

  it.each([
    [
      "written at submission",
      "<script>loginForm.onsubmit = function () { this.sig.value = sign(this.Password.value) }</script>",
    ],
    ["written by the form", "<b onclick=\"document.getElementById('sig').value = sign(1)\"></b>"],
    [
      "from a variable",
      "<script>var p = f.Password.value, h = p + 1\nf.onsubmit = () => { f.sig.value = h; }</script>",
    ],
    [
      "by its own function",
      "<script>function make() { return f.UserName.value } $('#sig').val(make())</script>",
    ],
    ["later", "<script>crypto.subtle.digest('SHA-1', x).then(made => { f.sig.value = made })</script>"],
    ["after an answer", "<script>fetch('/x').then(made => { f.sig.value = made })</script>"],
  ])("nor one whose script makes a part of the answer, %s", (_, script) => {
    expect(() => read(login(`<input type=hidden id=sig name=sig value="">${script}`))).toThrow(
      "a script of ADFS' login page has to make a part of the answer (sig), which needs a browser; nothing was sent",
    )
  })

  it.each([
    '<input type=hidden name=back value=""><script>var back = 1; Login.back()</script>',
    '<input type=hidden name=Kmsi value=""><script>document.forms[0].Kmsi.value = 1</script>',
    '<input type=hidden id=tz name=tz><script>document.getElementById("tz").value = new Date().getTimezoneOffset()</script>',
    '<input type=hidden name=scr><script>f.scr.value = screen.width + "x" + screen.height</script>',
    "<input type=hidden name=url><script>var h = location.hash.slice(1)\nf.url.value = h; f.Password.focus()</script>",
    '<input type=hidden name=js><script>$("[name=js]").val("1"); f.Password.focus()</script>',
    "<input type=checkbox name=RememberUserName>",
    "<select name=UserNameFormat><option>UPN<option selected>SAM</select>",
    "<select name=UserName><option>a@b<option selected>c@d</select>",
    "<select name=UserName><option>a@b</select>",
    "<input type=radio name=UserName value=a@b checked> a@b",
    "<input type=hidden name=UseCaptcha value=false>",
    "<input type=hidden name=zone value=0><script>document.forms[0].zone.value = 1</script>",
    "<select name=d required><option>CORP<option>EXT</select>",
    "<p hidden><select name=d required><option value=''></select></p>",
    "<input type=checkbox name=terms required checked>",
    "<input type=radio name=who value=1 required><input type=radio name=who value=2 checked>",
    '<script src="/adfs/portal/script.js"></script>',
  ])("but with %s it does", inside => {
    expect(read(login(inside)).kind).toBe("login")
  })
})

describe("user name and password on two pages", () => {
  it.each([
    ["the user name", "<input name=UserName type=email>", { field: "UserName", isMail: false }],
    [
      "a mail address that tells where the user belongs",
      "<input name=Email type=email><input type=submit name=HomeRealmByEmail value=Next>",
      { field: "Email", isMail: true },
    ],
  ])("%s is asked for first", (_, inside, expected) => {
    expect(read(`<form method=post>${inside}</form>`)).toMatchObject({ kind: "userName", ...expected })
  })

  it("the password alone comes then", () => {
    const html = "<p>a@b</p><form method=post><input type=password name=Password></form>"
    expect(read(html)).toMatchObject({ kind: "login", fields: { username: undefined, password: "Password" } })
  })

  it.each([
    ["two fields", "<input name=UserName><input name=Other>"],
    [
      "a password that a script puts there",
      "<input name=UserName><input type=hidden name=AuthMethod value=FormsAuthentication>",
    ],
    ["a password of another name", "<input type=password name=SitePassword>"],
    ["another field beside the password", "<input type=password name=Password><input name=Other>"],
  ])("but not with %s", (_, inside) => {
    expect(read(`<form method=post>${inside}</form>`).kind).toBe("unknown")
  })
})
