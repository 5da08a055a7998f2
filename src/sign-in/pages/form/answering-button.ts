import { isElement, type MarkupElement, walk, wordsOfName } from "../outline/markup.ts"
import type { Control } from "../outline/outline.ts"

/** Words in the name, id or value of a button that does not send what was typed. */
const leavingWords = new Set(
  "cancel abort back resend again reset change help skip logout signout another other retry".split(" "),
)
/** "Cancel" as the whole text of a button, in languages of ADFS and of those who use it. */
const cancelTexts = new Set(
  "cancel avbryt annuller annullér peruuta hætta abbrechen annuleren annuler cancelar annulla anuluj zrušit zrušiť mégse anulare anulează atcelt atšaukti tühista iptal batal hủy скасувати отмена отменить отказ откажи otkaži prekliči ακύρωση ביטול إلغاء لغو ยกเลิก 取消 キャンセル 취소".split(
    " ",
  ),
)
/** Of a button that has another second factor, or a new code, sent on its way. */
const otherWayWords = new Set("push sms text call voice phone mail email".split(" "))

/** In the text of a button that asks for a new code or another way, goes back or leaves; without marks on letters. */
const restartingWords = new Set(
  [
    "new again resend another other back out off without forgot",
    "ny nye nytt igjen annen andre tilbake tilbage anden ut ud uten uden glemt",
    "nya igen annan andra tillbaka utan glomt uusi uuden uudelleen toinen takaisin ulos ilman",
    "neu neue neuen neuer erneut nochmal nochmals anderer andere zuruck abmelden ohne vergessen",
    "nieuwe opnieuw andere terug afmelden nouveau nouvelle autre retour renvoyer",
    "nuevo nueva otro otra volver atras nuovo nuova altro altra indietro novo nova outro outra voltar",
    "nowy nowa ponownie inny inna wstecz novy znovu jiny zpet spat uj ujra masik vissza nou noua inapoi",
    "atpakal atkartoti atgal uus uuesti tagasi yeni tekrar geri новыи снова повторно другои назад",
  ].flatMap(words => words.split(" ")),
)
/** A button with one of these words answers, whatever else its text says: "Verify new code". */
const answeringWords = new Set(
  "verify validate confirm submit check continue bekreft verifiser bekraft".split(" "),
)
/** Beside one of `otherWayWords` in the text of a button: the button has a new code sent. */
const deliveringWords = new Set(
  "send sende skicka laheta senden sturen envoyer enviar invia call ring me".split(" "),
)

export const isSubmit = ({ type }: Control) => type === "submit" || type === "image"

/** The button that Enter presses: the first one, except for those that leave the question unanswered. */
export function answeringButton(controls: readonly Control[]): Control | undefined {
  const staying = controls.filter(control => isSubmit(control) && !isLeaving(control))
  const answering = staying.filter(button => !isRestarting(button))
  const buttons = answering.length > 0 ? answering : staying
  return buttons.find(button => !isOtherWay(button)) ?? buttons[0]
}

function isRestarting(button: Control): boolean {
  const text = textWords(button)
  return text.some(word => restartingWords.has(word)) && !text.some(word => answeringWords.has(word))
}

function isOtherWay(button: Control): boolean {
  const isNamed = (word: string) => otherWayWords.has(word)
  const text = textWords(button)
  return (
    codeWords(button).some(isNamed) || (text.some(isNamed) && text.some(word => deliveringWords.has(word)))
  )
}

function isLeaving(button: Control): boolean {
  const { formnovalidate } = button.element.attribs
  const text = shownText(button).trim().toLowerCase()
  return (
    formnovalidate !== undefined ||
    cancelTexts.has(text) ||
    codeWords(button).some(word => leavingWords.has(word))
  )
}

/** The words that its script and its server know the button by. */
function codeWords({ name, element }: Control): string[] {
  const { id = "", value = "" } = element.attribs
  return wordsOfName(`${name} ${id} ${value}`)
}

function textWords(button: Control): string[] {
  return shownText(button)
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
}

/** What the user reads on it. */
function shownText({ element }: Control): string {
  return element.name === "input" ? (element.attribs.value ?? "") : deepText(element)
}

function deepText(element: MarkupElement): string {
  const texts: string[] = []
  walk(element, node => {
    if (node.type === "text") texts.push(node.data)
    return !(isElement(node) && ["script", "style"].includes(node.name))
  })
  return texts.join(" ").slice(0, 500)
}
