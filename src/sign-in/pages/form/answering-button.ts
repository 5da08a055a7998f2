import { isSubmit } from "../outline/controls.ts"
import { isElement, type MarkupElement, walk, wordsOfName } from "../outline/markup.ts"
import { folded, type Meaning } from "../outline/meaning.ts"
import type { Control } from "../outline/outline.ts"
import { answering, cancelling, delivering, leaving, otherWay, restarting } from "../outline/vocabulary.ts"

/** The button that Enter presses: the first one, except for those that leave the question unanswered. */
export function answeringButton(controls: readonly Control[]): Control | undefined {
  const staying = controls.filter(control => isSubmit(control) && !isLeaving(control))
  const goingOn = staying.filter(button => !isRestarting(button))
  const buttons = goingOn.length > 0 ? goingOn : staying
  return buttons.find(button => !isOtherWay(button)) ?? buttons[0]
}

function isRestarting(button: Control): boolean {
  const shown = folded(shownText(button))
  return restarting.isIn(shown) && !answering.isIn(shown)
}

function isOtherWay(button: Control): boolean {
  const shown = folded(shownText(button))
  return isNamed(button, otherWay) || (otherWay.isIn(shown) && delivering.isIn(shown))
}

function isLeaving(button: Control): boolean {
  const isUnchecked = button.element.attribs.formnovalidate !== undefined
  return isUnchecked || cancelling.isAllOf(folded(shownText(button))) || isNamed(button, leaving)
}

/** Whether its script and its server know the button by such a word. */
function isNamed({ name, element }: Control, meaning: Meaning): boolean {
  const { id = "", value = "" } = element.attribs
  return wordsOfName(`${name} ${id} ${value}`).some(word => meaning.isWord(word))
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
