import { typeOf } from "../outline/controls.ts"
import { classNames, type MarkupElement } from "../outline/markup.ts"
import { type FormOutline, type Outline, visitableForms } from "../outline/outline.ts"
import type { Program, Range } from "./program.ts"

/** What a script's expression stands for. */
export interface ScriptTarget {
  readonly form: FormOutline | undefined
  /** Set if it is a control. */
  readonly control: MarkupElement | undefined
}

/** Longer expressions are not read, in tokens. */
const maxExpression = 60

/** The expression that ends before a token: `document.forms[0]` before `.submit()`. */
export function receiverBefore({ tokens, partner }: Program, end: number): Range {
  let at = end
  while (at > Math.max(0, end - maxExpression)) {
    const before = tokens[at - 1]
    if (before === undefined) break
    const open = before.kind === "mark" && [")", "]"].includes(before.text) ? partner.get(at - 1) : undefined
    if (open !== undefined) {
      at = open
      continue
    }
    if (before.kind !== "word") break
    at--
    const link = tokens[at - 1]
    if (link?.kind !== "mark" || (link.text !== "." && link.text !== "?.")) break
    at--
  }
  return { start: at, end }
}

/** The form or control that an expression stands for, as far as its text tells. */
export function scriptTargetOf(
  outline: Outline,
  program: Program,
  { start, end }: Range,
  depth = 0,
): ScriptTarget {
  const text = program.tokens
    .slice(start, Math.min(end, start + maxExpression))
    .map(({ kind, text: part }) => (kind === "string" ? JSON.stringify(part) : part))
    .join("")
  const index = /(?:\bforms|"form"\))\[(\d+)\]$/.exec(text)?.[1]
  if (index !== undefined) return { form: outline.forms[Number(index)], control: undefined }
  const selector =
    /(?:querySelector(?:All)?|\$|jQuery)\("([^"]+)"\)(?:\[0\]|\.(?:get|eq)\(0\)|\.first\(\))?$/.exec(
      text,
    )?.[1]
  if (selector !== undefined) return bySelector(outline, selector)
  const name =
    /(?:getElementById\(|getElementsByName\(|namedItem\(|forms\[)"([^"]+)"[)\]](?:\[0\])?$/.exec(text)?.[1] ??
    /\b(?:forms|document)\.([\w$]+)$/.exec(text)?.[1]
  if (name !== undefined) return byName(outline, name)
  const variable = /^(?:window\.)?([\w$]+)$/.exec(text)?.[1]
  const value = variable === undefined ? undefined : program.assigned.get(variable)
  if (value !== undefined && depth < 3) {
    return scriptTargetOf(outline, program, { start: value, end: expressionEnd(program, value) }, depth + 1)
  }
  if (variable !== undefined && variable !== "this") {
    const named = byName(outline, variable)
    // An element's id is a name that every script knows. One that cannot be clicked is rather a parameter's.
    if (named.form !== undefined || isClickable(outline.byId.get(variable))) return named
  }
  return { form: onlyForm(outline), control: undefined }
}

const clickableTypes = new Set(["submit", "image", "button", "a"])
const isClickable = (element: MarkupElement | undefined) =>
  element !== undefined && clickableTypes.has(typeOf(element))

/** For an expression that does not tell: the form, if the page has one. */
function onlyForm(outline: Outline): FormOutline | undefined {
  const [form, ...others] = visitableForms(outline)
  return others.length === 0 ? form : undefined
}

function byName({ forms, byId }: Outline, name: string): ScriptTarget {
  const element = byId.get(name)
  const form = forms.find(
    candidate => candidate.element === element || candidate.element.attribs.name === name,
  )
  if (form !== undefined) return { form, control: undefined }
  const controls = forms.flatMap(candidate => candidate.controls)
  return { form: undefined, control: element ?? controls.find(control => control.name === name)?.element }
}

function bySelector(outline: Outline, selector: string): ScriptTarget {
  const id = /#([\w-]+)/.exec(selector)?.[1]
  const name = /\[name=["']?([^\]"']+)/.exec(selector)?.[1]
  if (id !== undefined || name !== undefined) return byName(outline, id ?? name ?? "")
  const className = /\.([\w-]+)/.exec(selector)?.[1]
  const form = outline.forms.find(({ element }) =>
    className === undefined ? /^form\b/.test(selector) : classNames(element.attribs).includes(className),
  )
  return { form: form ?? onlyForm(outline), control: undefined }
}

function expressionEnd({ tokens, partner }: Program, start: number): number {
  let at = start
  for (; at < Math.min(tokens.length, start + maxExpression); at++) {
    const { kind, text } = tokens[at] ?? {}
    if (kind !== "mark") continue
    if ([",", ";", ")", "]", "}", "=", "&&", "||", "?"].includes(text ?? "")) break
    at = partner.get(at) ?? at
  }
  return at
}
