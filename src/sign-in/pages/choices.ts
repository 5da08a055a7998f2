import { plain } from "../../errors.ts"
import { answerableForms, filled, readForm, without } from "./form/form.ts"
import { optionsOf } from "./outline/controls.ts"
import { isElement, type MarkupElement, walk } from "./outline/markup.ts"
import type { FormOutline, Outline } from "./outline/outline.ts"
import { clickableLabel, refusalOf, sentenceOf } from "./outline/words.ts"
import type { Page, PageChoice } from "./page-kinds.ts"
import { tokensOf } from "./scripts/tokens.ts"

/** The list of relying parties, where ADFS did not take the one in the address. */
export function relyingPartyPage(outline: Outline): Page | undefined {
  for (const form of outline.forms) {
    const list = findElement(
      form.element,
      ({ name, attribs }) => name === "select" && attribs.name === "RelyingParty",
    )
    const choices = list === undefined ? [] : listed(list)
    if (choices.length === 0) continue
    // Two radios on the page, "this site" and "one of these": its script clears the first.
    const read = filled(without(readForm(outline, form), "SignInIdpSite"), {
      SignInOtherSite: "SignInOtherSite",
    })
    return { kind: "relyingParties", form: read, choices }
  }
  return undefined
}

/**
 * The choice of an identity provider. Its script puts the name HomeRealmSelection on a hidden field without a name, and
 * the value of the entry that was clicked into it.
 */
export function homeRealmPage(outline: Outline): Page | undefined {
  for (const form of answerableForms(outline)) {
    const named = form.controls.filter(({ name }) => name === "HomeRealmSelection")
    if (named.length === 0 && !isHomeRealmForm(form)) continue
    const lists = named.filter(({ type }) => type === "select").flatMap(({ element }) => listed(element))
    const radios = named
      .filter(({ type }) => type === "radio")
      .map(({ element: { attribs }, textAfter, label }) => ({
        label: plain(label === undefined ? textAfter : clickableLabel(label)) || (attribs.value ?? ""),
        value: attribs.value ?? "",
      }))
    const choices = distinct([...lists, ...radios, ...clickedChoices(form.element)])
    if (choices.length === 0) continue
    return {
      kind: "homeRealms",
      form: without(readForm(outline, form, "script"), "HomeRealmSelection"),
      choices,
    }
  }
  return undefined
}

/** By the ids that its script looks for: the form's, or that of its field. */
function isHomeRealmForm({ element, controls }: FormOutline): boolean {
  const isSelection = ({ attribs }: MarkupElement) => attribs.id === "hrdSelection"
  return (
    element.attribs.id === "hrd" ||
    controls.some(control => isSelection(control.element)) ||
    findElement(element, isSelection) !== undefined
  )
}

/** Links to adapters, and nothing else to answer. */
export function adaptersPage(outline: Outline): Page | undefined {
  const form = outline.forms.find(({ element }) => element.attribs.id === "options")
  if (form === undefined || answerableForms(outline).length > 0) return undefined
  // The links may be beside the form that their script submits.
  const links = outline.byId.get("authOptionLinks")
  const places = [form.element, ...(links === undefined ? [] : [links])]
  const choices = distinct(places.flatMap(clickedChoices))
  // Beside the only adapter, words are what the page is there for.
  const isMessage = choices.length === 1 && sentenceOf(outline) !== undefined
  if (choices.length === 0 || isMessage || refusalOf(outline) !== undefined) return undefined
  return { kind: "adapters", form: readForm(outline, form, "script"), choices }
}

/** Elements that post a value when they are clicked: the text that their code passes on, else their id. */
function clickedChoices(root: MarkupElement): PageChoice[] {
  const choices: PageChoice[] = []
  walk(root, node => {
    if (!isElement(node)) return undefined
    const { id, onclick, href = "" } = node.attribs
    const code = onclick ?? (href.startsWith("javascript:") ? href.slice("javascript:".length) : "")
    const isLink = node.name === "a" && id !== undefined
    const value = passedText(code) ?? (isLink || (onclick !== undefined && id !== undefined) ? id : undefined)
    if (value === undefined || ["input", "form"].includes(node.name)) return undefined
    choices.push({ label: clickableLabel(node) || value, value })
    return false
  })
  return choices
}

/** The text in `HRD.selection('…')`, if it is the only argument. */
function passedText(code: string): string | undefined {
  const tokens = tokensOf(code.slice(0, 2_000))
  const at = tokens.findIndex(
    ({ kind }, index) =>
      kind === "string" && tokens[index - 1]?.text === "(" && tokens[index + 1]?.text === ")",
  )
  return at < 0 ? undefined : tokens[at]?.text
}

function listed(list: MarkupElement): PageChoice[] {
  return optionsOf(list)
    .map(({ label, value }) => ({ label: plain(label), value }))
    .filter(({ value }) => value !== "")
}

function distinct(choices: readonly PageChoice[]): PageChoice[] {
  return [...new Map(choices.map(choice => [choice.value, choice])).values()].filter(
    ({ value }) => value !== "",
  )
}

function findElement(
  root: MarkupElement,
  fits: (element: MarkupElement) => boolean,
): MarkupElement | undefined {
  let found: MarkupElement | undefined
  walk(root, node => {
    if (found === undefined && isElement(node) && fits(node)) found = node
    return found === undefined
  })
  return found
}
