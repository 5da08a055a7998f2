import { describe, expect, it } from "vitest"
import { readPage } from "../../../../../src/sign-in/pages/page.ts"

const read = (html: string) => readPage(html, "https://adfs.example.com/adfs/ls/?q=1")
const hidden =
  '<input type="hidden" name="AuthMethod" value="Some"><input type="hidden" name="Context" value="c">'
const page = (inside: string, behind = "") =>
  `<div id="authArea"><form method="post" id="loginForm">${hidden}${inside}</form></div>${behind}`

describe("the code goes into the field that asks for it, in pages of other products and languages", () => {
  it.each([
    ["OTPCode", "<input type=password name=pin><input name=OTPCode>"],
    ["Passcode", "<input type=password name=Passcode><input name=remark>"],
    ["SMSCode", "<input type=password name=UserPin><input name=SMSCode>"],
    ["tokencode", "<input type=password name=pin><input type=password name=tokencode>"],
    ["f2", "<label>PIN <input type=password name=f1></label><label>Engangskode <input name=f2></label>"],
    ["b", "<label>Hasło <input type=password name=a></label><label>Kod jednorazowy <input name=b></label>"],
    [
      "b",
      "<label>Kod PIN <input type=password name=a></label><label>Hasło jednorazowe <input name=b></label>",
    ],
    ["einmalkennwort", "<input type=password name=kennwort><input name=einmalkennwort>"],
    ["kertakoodi", "<input type=password name=salasana><input name=kertakoodi>"],
    ["engangskod", "<input type=password name=losen><input name=engangskod>"],
    ["verificatiecode", "<input type=password name=wachtwoord><input name=verificatiecode>"],
    ["one_time_password", "<input type=password name=password><input name=one_time_password>"],
    ["answer", "<input type=password name=pin><input type=password name=answer>"],
    ["otp", '<input type=password name=kode><input name=otp autocomplete="One-Time-Code">'],
    ["mobilecode", "<input name=username><input name=mobilecode>"],
    ["b", "<label>E-mail <input name=a></label><label>Code sent to your phone <input name=b></label>"],
    ...[
      ["Passord", "Koden fra appen"],
      ["Adgangskode", "Kode fra SMS"],
      ["Kodeord", "Engangskode"],
      ["Parole", "Vienreizējais kods"],
      ["Slaptažodis", "Vienkartinis kodas"],
      ["Parool", "Ühekordne kood"],
      ["Parola", "Codul din aplicație"],
      ["Contraseña", "Código de verificación"],
      ["Senha", "Código"],
      ["Password", "Codice"],
      ["Heslo", "Kód z aplikace"],
      ["Jelszó", "Egyszer használatos kód"],
      ["Пароль", "Код из приложения"],
      ["Парола", "Еднократен код"],
      ["Kata sandi", "Kode verifikasi"],
      ["Şifre", "Doğrulama kodu"],
      ["Lykilorð", "Öryggiskóði"],
      ["Κωδικός πρόσβασης", "Κωδικός μίας χρήσης"],
      ["密码", "验证码"],
      ["密碼", "動態密碼"],
      ["パスワード", "ワンタイムパスワード"],
      ["暗証番号", "認証コード"],
      ["비밀번호", "인증 코드"],
      ["암호", "일회용 암호"],
      ["كلمة المرور", "رمز التحقق"],
      ["رمز عبور", "کد تأیید"],
      ["סיסמה", "קוד אימות"],
      ["รหัสผ่าน", "รหัสยืนยัน"],
      ["Mật khẩu", "Mã xác minh"],
      ["पासवर्ड", "सत्यापन कोड"],
      // Neither word is known: the field that shows what is typed.
      ["Geheimwort", "Angezeigte Zahl"],
    ].map(([password, code]) => [
      "f2",
      `<label>${password} <input type=password name=f1></label><label>${code} <input name=f2></label>`,
    ]),
    // Both hide what is typed: the words tell.
    ...[
      ["密码", "验证码"],
      ["パスワード", "ワンタイムパスワード"],
      ["비밀번호", "인증번호"],
      ["كلمة المرور", "رمز التحقق"],
      ["סיסמה", "קוד אימות"],
      ["Κωδικός πρόσβασης", "Κωδικός επαλήθευσης"],
    ].map(([password, code]) => [
      "f2",
      `<label>${password} <input type=password name=f1></label><label>${code} <input type=password name=f2></label>`,
    ]),
    ["SAFENET_PASSWORD", "<input name=UserName><input type=password name=SAFENET_PASSWORD>"],
    [
      "password",
      "<label>PIN <input type=password name=p></label><input type=password name=password aria-label=Password>",
    ],
    ["a", "<label>Enter the 6 digits shown on your phone <input name=a></label>"],
    ["a", "<label>Which number does your app show? <input name=a></label>"],
    ["UserInput", "<label>Response <input name=UserInput></label>"],
    ["a", "<p>Enter what your key shows.</p><p><a>Need help?</a></p><input name=a type=password>"],
    ["a", "<label>What does it show? <input name=a inputmode=numeric></label>"],
    [
      "PASSWORD",
      "<p>For security reasons, we require additional information to verify your account</p><input type=password name=PASSWORD>",
    ],
    ["f2", "<label>Xyz <input name=f1></label><label>Zyx <input name=f2 inputmode=numeric></label>"],
    ["f2", "<label>Xyz <input name=f1></label><label>Zyx <input name=f2 maxlength=6></label>"],
    ["f2", "<label>Xyz <input name=f1></label><label>Zyx <input name=f2 pattern='[0-9]*'></label>"],
  ])("%s", (field, inside) => {
    const found = read(page(inside))
    if (found.kind !== "question") throw new Error(found.kind)
    expect(found.questions.filter(({ isCode }) => isCode)).toMatchObject([{ field }])
  })
})

describe("a code that works once goes into no field for a secret that lasts", () => {
  const secret = (label: string, name: string, more = "") =>
    `<label>${label} <input type=password name=${name} ${more}></label>`
  it.each([
    ["a new PIN", secret("New PIN", "NewPin") + secret("Confirm new PIN", "ConfirmPin")],
    ["a new PIN, first of two pages", secret("Ny PIN", "pin")],
    ["a new password", secret("Old password", "a") + secret("New password", "b") + secret("Confirm", "c")],
    ["a password to choose", secret("Geheimwort", "a", "autocomplete=new-password")],
    ["a user name and a mail address", "<input name=UserName><input name=email>"],
    [
      "one field of a grid card",
      "<label>A1 <input name=a maxlength=1></label><label>B2 <input name=b maxlength=1></label>",
    ],
    ["a question that the user chose", "<label>What is the name of your first pet? <input name=a></label>"],
    ["a phone that only its label names", "<label>Your phone <input name=a></label>"],
    ["the phone that codes shall be sent to", "<label>Your phone number <input name=phone type=tel></label>"],
    ["a date of birth", "<label>Date of birth <input name=dob type=date></label>"],
    ["the domain password once more", secret("Domain password", "a")],
    ["the domain password beside the user name", `<input name=UserName>${secret("Domain password", "a")}`],
    [
      "a mail address that a code is sent to",
      "<label>Mail to send the code to <input name=a type=email></label>",
    ],
    ["two passwords", secret("Password", "a") + secret("Domain password", "b")],
  ])("%s", (_, inside) => {
    const found = read(page(inside))
    if (found.kind !== "question") throw new Error(found.kind)
    expect(found.questions.filter(({ isCode }) => isCode)).toEqual([])
  })
})
