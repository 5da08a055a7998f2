import type { Control } from "../outline/outline.ts"

const codeNames = new Set("otp totp hotp oath token challenge tan".split(" "))
/** `onetime`, `einmalkennwort`, `engangspassord`, `eenmalig`, `jednorazowe`, `vienreizejais`, `unica`. */
const oneTime =
  /^(?:onetime|einmal|engang|eenmalig|kerta|jednoraz|jednokrat|vienreiz|vienkart|uhekord|egyszer|uniqu|unic|monouso|однораз)/
/** `passcode`, `tokencode`, `engangskode`, `kertakoodi`; `koden`, `kodas`, `codul`, `codigo`. */
const codeWord =
  /(?:code|kode|koodi|kood|kod|otp|token)$|^(?:kod\p{L}{0,3}|koodi\p{L}{0,3}|codes|codul|codului|codigo|codice|код\p{L}{0,2})$/u
/** Languages whose words this program cannot tell apart by their letters: parts of what the page says, as `folded`. */
const foreign = {
  once: /一次性|動態|动态|ワンタイム|일회용|לשימוש חד|חד.?פעמי|لمرة واحدة|یکبار|μιας χρησης|dung mot lan|एक बार/u,
  pin: /暗証番号/u,
  password:
    /密码|密碼|口令|パスワード|비밀번호|암호|كلمة (?:المرور|السر)|رمز عبور|گذرواژه|סיסמ|προσβασης|συνθηματικ|รหัสผ่าน|mat khau|पासवर्ड|lykilorð|sifre|kata sandi/u,
  code: /验证码|驗證碼|校验码|認証コード|確認コード|コード|인증 ?번호|코드|رمز|كود|کد|קוד|κωδικ|รหัส|ma (?:xac|otp|bao)|कोड|koði/u,
}
/** A PIN is the same each time, and so is a `pincode`. */
const pin = /^pin/
/** Passwords last, too, also Danish ones that end in `kode`. */
const password =
  /^(?:pass(?!code|kod)|pwd|parol|parool|slaptazod|salasan|losen|adgangskode|kodeord|wachtwoord|kennwort|senha|contrasen|has[lł]o|hesl|jelsz|lozink|парол)/
/** Who the user is. */
const name = /^(?:user|login|e?mail|phone|telefon|mobil)/
/** Whose password is asked for once more. */
const accountWords = new Set("domain domene domane windows network corporate login".split(" "))
const isAccountWord = (word: string) => accountWords.has(word)
/** A secret that the user chooses, or types a second time. */
const chosen =
  /^(?:new|confirm\p{L}*|repeat|retype|neu\p{L}{0,2}|ny|nytt|nya|uusi|nieuw\p{L}?|nouveau|nuev[ao]|nuov[ao]|now[aey]|bekreft|bekraft\p{L}*|bestatig\p{L}*)$/u
const dated = /^(?:date|datetime-local|month|week|time)$/
/** A question that the user chose an answer to: `What is the name of your first pet?` */
const asks = /[?？؟]\s*$/
/** `Which number does your app show?` */
const digitWords = new Set(
  "number numbers digit digits nummer siffer siffror zahl ziffern numero app".split(" "),
)
/** In the name of a field: `UserInput`, `loginAnswer`. */
const answerWords = new Set("input answer response".split(" "))
/** A label of more words is a sentence, which may name other things. */
const mostLabelWords = 4
/** What a page says of a field for digits. */
const numeric = /^(?:numeric|decimal|tel|number)$/

const isMarked = 5
const isNamed = 4
const isLabelled = 3

const lastsAsPassword = -1
const lastsAsPin = -2
const isOfUser = -3
const isChosen = -4

/**
 * Which of a page's fields asks for the code that works once: the one that says so by `autocomplete`, else by its name or
 * id, else by its label; else, in a language that is not known here, the first that shows what is typed, one for digits
 * before others, and that is not for a PIN, a password or a name. Beside a user name, the code may be called a password.
 * @returns undefined if no field does, such as in a form for a new PIN
 */
export function codeFieldOf(
  controls: readonly Control[],
  labelOf: (control: Control) => string,
): Control | undefined {
  const ranked = controls.map(control => ({ control, rank: rankOf(control, labelOf(control)) }))
  const highest = Math.max(...ranked.map(({ rank }) => rank))
  const best = ranked.filter(({ rank }) => rank === highest)
  const [found] = best
  const isChange = highest < 0 && ranked.some(({ rank }) => rank === isChosen)
  if (found === undefined || isChange || (highest < 0 && best.length > 1)) return undefined
  const label = labelOf(found.control)
  if (highest <= isOfUser)
    return ranked.length > 1 || isSurelyOfUser(found.control, label) ? undefined : found.control
  const isOfAccount = highest === lastsAsPassword && shortLabel(label).some(isAccountWord)
  return isOfAccount ? undefined : found.control
}

/** Whether a field that is alone on its page is surely for no code. Its label counts for less there. */
function isSurelyOfUser(control: Control, label: string): boolean {
  if (control.type === "email" || dated.test(control.type)) return true
  const own = readWords(`${control.name} ${control.element.attribs.id ?? ""}`).words
  const words = readWords(label).words
  const isOfDigits = isForDigits(control) || words.some(word => digitWords.has(word))
  if (own.some(word => answerWords.has(word)) || control.type === "password") return false
  return (
    own.some(word => name.test(word)) ||
    (!isOfDigits && (asks.test(label) || shortLabel(label).some(word => name.test(word))))
  )
}

/** The words of a label that is no sentence. */
function shortLabel(label: string): readonly string[] {
  const words = readWords(label).words.filter(word => word !== "")
  return words.length > mostLabelWords ? [] : words
}

/** Whether the page says of a field that it is for a code that works once. */
export function isCodeField(control: Control, label: string): boolean {
  return rankOf(control, label) >= isLabelled
}

function rankOf(control: Control, label: string): number {
  const { attribs } = control.element
  const autocomplete = attribs.autocomplete?.trim().toLowerCase()
  if (autocomplete === "one-time-code") return isMarked
  const texts = [`${control.name} ${attribs.id ?? ""}`, label].map(readWords)
  const isPin = texts.some(text => text.words.some(word => pin.test(word)) || foreign.pin.test(text.folded))
  const isNew =
    autocomplete === "new-password" || texts.some(({ words }) => words.some(word => chosen.test(word)))
  if (control.type === "email") return isOfUser
  if (isPin) return isNew ? isChosen : lastsAsPin
  if (isCodeText(texts[0])) return isNamed
  if (isCodeText(texts[1])) return isLabelled
  if (dated.test(control.type) || asks.test(label)) return isOfUser
  const isSecret = texts.some(isPasswordText)
  if (isNew && (isSecret || control.type === "password")) return isChosen
  if (texts.some(({ words }) => words.some(word => name.test(word)))) return isOfUser
  if (isSecret) return lastsAsPassword
  if (control.type === "password") return 0
  return isForDigits(control) ? 2 : 1
}

interface Words {
  readonly words: readonly string[]
  /** The whole text, in the same letters as the words. */
  readonly folded: string
}

function isCodeText(text: Words | undefined): boolean {
  if (text === undefined) return false
  const { words, folded } = text
  if (words.some(word => oneTime.test(word)) || foreign.once.test(folded)) return true
  if (words.some(word => codeNames.has(word) || (codeWord.test(word) && !password.test(word)))) return true
  return foreign.code.test(folded) && !foreign.password.test(folded)
}

function isPasswordText({ words, folded }: Words): boolean {
  return words.some(word => password.test(word)) || foreign.password.test(folded)
}

/** Takes fewer characters than a code has: one of a grid card, or of a password. */
export const isShort = ({ element: { attribs } }: Control) => /^[1-3]$/.test(attribs.maxlength?.trim() ?? "")

function isForDigits({ element: { attribs }, type }: Control): boolean {
  const { inputmode = "", pattern = "", maxlength = "" } = attribs
  return (
    numeric.test(inputmode) ||
    numeric.test(type) ||
    /\\d|0-9/.test(pattern) ||
    /^[4-9]$/.test(maxlength.trim())
  )
}

/** In lower case, without the marks on letters; those of Japanese make other letters, and stay. */
function readWords(text: string): Words {
  const folded = text
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFD")
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/\bone[-_ ]time/g, "onetime")
  return { folded, words: folded.split(/[^\p{L}]+/u) }
}
