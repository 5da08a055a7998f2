import type { FormOutline, Outline } from "../outline/outline.ts"

/** Forms that can be posted, without the one behind the links to other adapters, which is on every page. */
export function answerableForms(outline: Outline): FormOutline[] {
  return visitableForms(outline).filter(isPosted)
}

/** Those that lead on, also by their address. */
export function visitableForms({ forms }: Outline): FormOutline[] {
  return forms.filter(({ element }) => element.attribs.id !== "options")
}

export const isPosted = ({ element }: FormOutline) => element.attribs.method?.toLowerCase() === "post"

/** The AuthMethod that a form names, or an empty text. */
export function adapterOf({ controls }: FormOutline): string {
  // ASP.NET reads the names of fields in any case.
  return controls.find(({ name }) => /^AuthMethod$/i.test(name))?.element.attribs.value ?? ""
}

/** Whether the form is of no second factor: it names no adapter, or ADFS' own for user and password. */
export const isOfNoAdapter = (form: FormOutline) => ["", "FormsAuthentication"].includes(adapterOf(form))
