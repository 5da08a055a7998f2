import { Meaning } from "./meaning.ts"

/*
 * What pages say, in languages of ADFS and of those who use it. Structure decides first: these words only tell which
 * button answers, which field wants the code that works once, and what is an error.
 *
 * Keys name the languages of a row, and nothing else; a word that several share stands once. "code" stands for names in
 * the page's code, which are English in most pages.
 */

/* Buttons. */

/** In the name, id or value of a button that does not send what was typed. */
export const leaving = new Meaning({
  code: "cancel abort back resend again reset change help skip logout signout another other retry",
})
/** The whole text of a button. */
export const cancelling = new Meaning({
  en: "cancel",
  "nb sv da fi is": "avbryt annuller annullér peruuta hætta",
  "de nl": "abbrechen annuleren",
  "fr es pt": "annuler cancelar",
  "it pl cs sk hu ro": "annulla anuluj zrušit zrušiť mégse anulare anulează",
  "lv lt et": "atcelt atšaukti tühista",
  "tr id vi": "iptal batal hủy",
  "uk ru bg hr sl": "скасувати отмена отменить отказ откажи otkaži prekliči",
  "el he ar": "ακύρωση ביטול إلغاء",
  "fa th zh ja ko": "لغو ยกเลิก 取消 キャンセル 취소",
})
/** In the text of a button that asks for a new code or another way, goes back or leaves. */
export const restarting = new Meaning({
  en: "new again resend another other back out off without forgot",
  "nb da": "ny nye nytt igjen annen andre tilbake tilbage anden ut ud uten uden glemt",
  sv: "nya igen annan andra tillbaka utan glömt",
  fi: "uusi uuden uudelleen toinen takaisin ulos ilman",
  de: "neu neue neuen neuer erneut nochmal nochmals anderer andere zurück abmelden ohne vergessen",
  nl: "nieuwe opnieuw andere terug afmelden",
  fr: "nouveau nouvelle autre retour renvoyer",
  "es it pt":
    "nuevo nueva otro otra volver atrás nuovo nuova altro altra indietro novo nova outro outra voltar",
  pl: "nowy nowa ponownie inny inna wstecz",
  "cs sk hu ro": "nový znovu jiný zpět späť új újra másik vissza nou nouă înapoi",
  "lv lt et": "atpakaļ atkārtoti atgal uus uuesti tagasi",
  tr: "yeni tekrar geri",
  ru: "новый снова повторно другой назад",
})
/** A button with one of these words answers, whatever else its text says: "Verify new code". */
export const answering = new Meaning({
  en: "verify validate confirm submit check continue",
  "nb sv": "bekreft verifiser bekräft",
})
/** Ways to get a code, or to approve: in a button that has another second factor, or a new code, sent on its way. */
export const otherWay = new Meaning({ code: "push sms text call voice phone mail email" })
/** Beside one of `otherWay` in the text of a button: the button has a new code sent. */
export const delivering = new Meaning({
  en: "send call ring me",
  "nb sv fi de nl": "sende skicka lähetä senden sturen",
  "fr es it": "envoyer enviar invia",
})

/* Fields. */

/** What works once. */
export const oneTime = new Meaning(
  {
    en: "onetime*",
    "nb da sv": "engang*",
    fi: "kerta*",
    "de nl": "einmal* eenmalig*",
    "fr es it ro": "uniqu* unic* monouso*",
    "pl cs sk hu": "jednoraz* jednokrat* egyszer*",
    "lv lt et": "vienreiz* vienkart* uhekord*",
    ru: "однораз*",
  },
  {
    parts:
      "一次性, 動態, 动态, ワンタイム, 일회용, לשימוש חד, חדפעמי, חד פעמי, חד-פעמי, لمرة واحدة, یکبار, μιας χρησης, dung mot lan, एक बार",
  },
)
/** `passcode`, `tokencode`, `engangskode`, `kertakoodi`; `koden`, `kodas`, `codul`. */
export const code = new Meaning(
  {
    en: "*code codes *token *otp oath challenge",
    "nb da sv": "*kode *kod kod???",
    "fi et": "*koodi koodi??? *kood",
    de: "tan",
    "ro es it": "codul codului codigo codice",
    ru: "код??",
  },
  {
    parts:
      "验证码, 驗證碼, 校验码, 認証コード, 確認コード, コード, 인증번호, 인증 번호, 코드, رمز, كود, کد, קוד, κωδικ, รหัส, ma xac, ma otp, ma bao, कोड, koði",
  },
)
/** A PIN is the same each time, and so is a `pincode`. */
export const pin = new Meaning({ en: "pin*" }, { parts: "暗証番号" })
/** Passwords last, too, also Danish ones that end in `kode`. */
export const password = new Meaning(
  {
    "en de fr nb": "pass* pwd*",
    "nb da sv fi": "adgangskode* kodeord* losen* salasan*",
    "de nl": "kennwort* wachtwoord*",
    "es pt": "contrasen* senha*",
    "pl cs sk hu": "haslo* hasło* hesl* jelsz*",
    "ro lv lt et": "parol* parool* slaptazod*",
    "hr ru bg": "lozink* парол* лозинк*",
  },
  {
    parts:
      "密码, 密碼, 口令, パスワード, 비밀번호, 암호, كلمة المرور, كلمة السر, رمز عبور, گذرواژه, סיסמ, προσβασης, συνθηματικ, รหัสผ่าน, mat khau, पासवर्ड, lykilorð, sifre, kata sandi",
    except: "passcode* passkod*",
  },
)
/** Who the user is. */
export const userName = new Meaning({ code: "user* login* mail* email* phone* telefon* mobil*" })
/** Whose password is asked for once more. */
export const account = new Meaning({
  en: "domain windows network corporate login",
  "nb da sv": "domene domane",
})
/** A secret that the user chooses, or types a second time. */
export const chosen = new Meaning({
  en: "new confirm* repeat retype",
  "nb sv": "ny nytt nya bekreft bekraft*",
  fi: "uusi",
  de: "neu?? bestatig*",
  nl: "nieuw?",
  "fr es it": "nouveau nuevo nueva nuovo nuova",
  pl: "nowa nowe nowy",
})
/** `Which number does your app show?` */
export const digits = new Meaning({
  en: "number numbers digit digits app",
  "nb da sv fi": "nummer siffer siffror numero",
  de: "zahl ziffern",
})
/** In the name of a field: `UserInput`, `loginAnswer`. */
export const answer = new Meaning({ code: "input answer response" })
/** In the label of a field that need not be filled in. */
export const optional = new Meaning({
  en: "optional optionally",
  "nb da sv fi": "valgfritt valgfri valgfrit valfritt valfri *valinnainen*",
  "de nl": "optionell optioneel",
  "fr es it": "optionnel facultatif opcional facoltativo",
})

/* Classes and ids that mark an element. */

/** In any language, and as the beginning of a longer word: `errortext`, `fehlermeldung`. */
export const errorMark = new Meaning({ code: "error* fehler* feil* fejl* virhe* foutmelding*" })
/** An error, unless one of `noErrorMark` is beside it. */
export const alertMark = new Meaning({ code: "err alert danger failure failed invalid fel felmeddelande" })
/** `alert alert-info` is said of what went well; a banner is no answer, although it is read out at once. */
export const noErrorMark = new Meaning({ code: "info success cookie cookies consent gdpr" })
