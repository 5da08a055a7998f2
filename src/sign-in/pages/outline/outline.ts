import type { Markup, MarkupElement } from "./markup.ts"
import type { HidingStyles } from "./visibility.ts"

/** A control of a form: `input`, `select`, `textarea` or `button`. */
export interface Control {
  readonly element: MarkupElement
  /** `text`, `hidden`, `select`, `submit` … */
  readonly type: string
  /** Empty if it has none: then it is not sent. */
  readonly name: string
  /** Whether the user sees it. */
  readonly isVisible: boolean
  /** The label around it. */
  readonly label: MarkupElement | undefined
  /** The visible text before it, as far as the control or the block before. */
  readonly textBefore: string
  /** For boxes and radios: the visible text behind it, as far as the next control. */
  readonly textAfter: string
}

export interface FormOutline {
  readonly element: MarkupElement
  /** In document order; without disabled controls and those of templates. */
  readonly controls: readonly Control[]
}

/** Something that a script makes clickable, or a link. */
export interface Clickable {
  readonly element: MarkupElement
  /** Its `onclick`, or its `javascript:` address. */
  readonly code: string
  readonly form: MarkupElement | undefined
}

/** Scripts that the browser would run when the page is loaded. */
export interface PageScripts {
  /** Their texts, those of `<body onload>` last. */
  readonly inline: readonly string[]
  /** Their addresses as they are written. */
  readonly external: readonly string[]
  /** Attributes `on…` of elements in the page. */
  readonly handlers: readonly string[]
}

/** What of a page a reader needs to know, gathered in one pass over it. */
export interface Outline {
  readonly page: Markup
  /** The page's own address. */
  readonly url: string
  /** What relative addresses are relative to. */
  readonly base: string
  readonly title: string
  /** As `document.forms` has them. */
  readonly forms: readonly FormOutline[]
  /** Controls in no form. */
  readonly looseControls: readonly Control[]
  readonly byId: ReadonlyMap<string, MarkupElement>
  /** Labels by the id of what they label. */
  readonly labels: ReadonlyMap<string, MarkupElement>
  readonly clickables: readonly Clickable[]
  readonly scripts: PageScripts
  /** `<meta http-equiv="refresh">`. */
  readonly refresh: string | undefined
  /** Whether there is an `<iframe>` that the user sees. */
  readonly hasFrame: boolean
  readonly styles: HidingStyles
  /** Elements with a visible control somewhere in them. */
  readonly withControls: ReadonlySet<MarkupElement>
}

/** Without the form behind the links to other adapters, which is on every page. */
export function visitableForms({ forms }: Outline): readonly FormOutline[] {
  return forms.filter(({ element }) => element.attribs.id !== "options")
}

/** Those of all forms, then those of none. */
export function allControls({ forms, looseControls }: Outline): readonly Control[] {
  return [...forms.flatMap(({ controls }) => controls), ...looseControls]
}

/** Those that the user sees. */
export function visibleControls(outline: Outline): readonly Control[] {
  return allControls(outline).filter(({ isVisible }) => isVisible)
}

/** Elements whose text is no part of the page's own words. */
const silentTags = new Set(
  "head title script style noscript template iframe svg object select textarea button datalist".split(" "),
)
const inlineTags = new Set(
  "a abbr b bdi bdo big cite code dfn em font i img input kbd label mark q s samp small span strong sub sup tt u var wbr".split(
    " ",
  ),
)

export const isSilent = ({ name }: MarkupElement) => silentTags.has(name)
export const isInline = ({ name }: MarkupElement) => inlineTags.has(name)

/** Whether a `meta` element has the page load another one, or itself again. */
export const isRefresh = ({ name, attribs }: MarkupElement) =>
  name === "meta" && attribs["http-equiv"]?.toLowerCase() === "refresh"

/** Whether the server that sent the page sends the address, too. */
export function isSameOrigin(address: string, { url }: Outline): boolean {
  return new URL(address).origin === new URL(url).origin
}

/** Scripts of ADFS' own are on every page. */
export function hasOwnScriptFile({ scripts }: Outline): boolean {
  return scripts.external.some(address => !/^\/adfs\/portal\/script\b/i.test(address.trim()))
}
