import { isText, typeOf } from "./controls.ts"
import { isErrorMarked } from "./error-marks.ts"
import {
  childText,
  controlTags,
  isElement,
  type Markup,
  type MarkupElement,
  type MarkupNode,
  parseMarkup,
  walk,
} from "./markup.ts"
import {
  type Clickable,
  type Control,
  type FormOutline,
  isInline,
  isRefresh,
  isSilent,
  type Outline,
} from "./outline.ts"
import { type HidingStyles, isHiding, isOffScreen, readHidingStyles } from "./visibility.ts"

/** Elements in which nothing can be sent or clicked. */
const inertTags = new Set(["noscript", "noframes", "noembed", "template", "script", "style", "iframe"])

/**
 * Parses a page and gathers what is in it.
 * @throws PumError `idpPage` if it exceeds the limits for pages
 */
export function readOutline(html: string, url: string): Outline {
  const page = parseMarkup(html)
  return new OutlineBuilder(page, url).build()
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

class OutlineBuilder {
  private readonly page: Markup
  private readonly url: string
  private readonly styles: HidingStyles
  private base: string
  private title = ""
  private refresh: string | undefined
  private hasFrame = false
  private readonly forms: (FormOutline & { controls: Control[] })[] = []
  private readonly controls: { control: Writable<Control>; owner: MarkupElement | string | undefined }[] = []
  private readonly byId = new Map<string, MarkupElement>()
  private readonly labels = new Map<string, MarkupElement>()
  private readonly clickables: Clickable[] = []
  private readonly scripts = { inline: [] as string[], external: [] as string[], handlers: [] as string[] }
  private readonly loadHandlers: string[] = []
  private readonly withControls = new Set<MarkupElement>()

  // How many open elements hide, silence, deactivate or disable what is in them.
  private hidden = 0
  private silent = 0
  private inert = 0
  private disabled = 0
  private form: MarkupElement | undefined
  private label: MarkupElement | undefined
  private block = ""
  private lastBlock = ""
  /** What had been read where an error began: an error is no label of the field behind it. */
  private readonly beforeErrors: { element: MarkupElement; block: string; lastBlock: string }[] = []
  /** A box or radio that waits for the text behind it. */
  private box: Writable<Control> | undefined

  constructor(page: Markup, url: string) {
    this.page = page
    this.url = url
    this.base = url
    this.styles = readHidingStyles(page)
  }

  build(): Outline {
    walk(
      this.page,
      node => this.enter(node),
      node => this.leave(node),
    )
    this.endBlock()
    const { external, handlers } = this.scripts
    return {
      page: this.page,
      url: this.url,
      base: this.base,
      title: this.title,
      forms: this.forms,
      looseControls: this.assignControls(),
      byId: this.byId,
      labels: this.labels,
      clickables: this.clickables,
      scripts: { inline: [...this.scripts.inline, ...this.loadHandlers], external, handlers },
      refresh: this.refresh,
      hasFrame: this.hasFrame,
      styles: this.styles,
      withControls: this.withControls,
    }
  }

  /** Gives controls to their forms: an attribute can name one behind the control. @returns those of no form */
  private assignControls(): readonly Control[] {
    const byElement = new Map(this.forms.map(({ element, controls }) => [element, controls]))
    const loose: Control[] = []
    for (const { control, owner } of this.controls) {
      const element = typeof owner === "string" ? this.byId.get(owner) : owner
      const own = element === undefined ? undefined : byElement.get(element)
      ;(own ?? loose).push(control)
    }
    return loose
  }

  private enter(node: MarkupNode): undefined {
    if (node.type === "text" && this.hidden + this.silent === 0) this.block += node.data
    if (!isElement(node)) return
    const { name, attribs } = node
    if (!isInline(node)) this.endBlock()
    if (attribs.id !== undefined && !this.byId.has(attribs.id)) this.byId.set(attribs.id, node)
    if (isErrorMarked(node)) {
      const { block, lastBlock } = this
      this.beforeErrors.push({ element: node, block, lastBlock })
    }
    if (isHiding(node, this.styles)) this.hidden++
    if (isSilent(node)) this.silent++
    if (name === "fieldset" && attribs.disabled !== undefined) this.disabled++
    if (this.inert === 0) this.take(node)
    if (inertTags.has(name)) this.inert++
  }

  private leave(node: MarkupNode): void {
    if (!isElement(node)) return
    const { name, attribs } = node
    if (!isInline(node)) this.endBlock()
    if (inertTags.has(name)) this.inert--
    if (isHiding(node, this.styles)) this.hidden--
    if (isSilent(node)) this.silent--
    if (name === "fieldset" && attribs.disabled !== undefined) this.disabled--
    const error = this.beforeErrors.at(-1)
    if (error?.element === node) {
      this.beforeErrors.pop()
      if (!this.withControls.has(node)) {
        this.block = error.block
        this.lastBlock = error.lastBlock
      }
    }
    if (node === this.form) this.form = undefined
    if (node === this.label) this.label = undefined
  }

  private take(element: MarkupElement): void {
    const { name, attribs } = element
    for (const [attribute, code] of Object.entries(attribs))
      if (attribute.startsWith("on")) this.scripts.handlers.push(code)
    if (name === "form" && this.form === undefined) {
      // A form in a form is none.
      this.form = element
      this.forms.push({ element, controls: [] })
    } else if (name === "label") this.takeLabel(element)
    else if (name === "script") this.takeScript(element)
    else if (name === "iframe") this.hasFrame ||= this.hidden === 0
    else if (name === "title") this.title ||= childText(element)
    else if (name === "base") this.takeBase(attribs.href)
    else if (isRefresh(element)) this.refresh ??= attribs.content
    else if (name === "body" && attribs.onload !== undefined) this.loadHandlers.push(attribs.onload)
    if (controlTags.has(name)) this.takeControl(element)
    const code = attribs.onclick ?? /^\s*javascript:(.*)$/is.exec(attribs.href ?? "")?.[1]
    if (code !== undefined && this.hidden === 0) this.clickables.push({ element, code, form: this.form })
  }

  private takeLabel(element: MarkupElement): void {
    this.label = element
    const { for: id } = element.attribs
    if (id !== undefined && !this.labels.has(id)) this.labels.set(id, element)
  }

  private takeScript(element: MarkupElement): void {
    const { src, type = "" } = element.attribs
    if (!/^\s*(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma)script.*)$/i.test(type)) return
    if (src === undefined) this.scripts.inline.push(childText(element))
    else this.scripts.external.push(src)
  }

  private takeBase(href: string | undefined): void {
    if (href === undefined || this.base !== this.url || !URL.canParse(href, this.url)) return
    const { href: base, protocol } = new URL(href, this.url)
    if (/^https?:$/.test(protocol)) this.base = base
  }

  private takeControl(element: MarkupElement): void {
    const { attribs } = element
    const type = typeOf(element)
    if (attribs.disabled !== undefined || this.disabled > 0) return
    const isVisible =
      type !== "hidden" && this.hidden === 0 && !(isText(type) && isOffScreen(element, this.styles))
    const control = {
      element,
      type,
      name: attribs.name ?? "",
      isVisible,
      label: this.label,
      textBefore: "",
      textAfter: "",
    }
    this.controls.push({ control, owner: attribs.form ?? this.form })
    if (!isVisible) return
    for (let parent = element.parent; parent !== null && isElement(parent); parent = parent.parent) {
      if (this.withControls.has(parent)) break
      this.withControls.add(parent)
    }
    this.endBox()
    control.textBefore = this.block.trim() === "" ? this.lastBlock : this.block
    this.block = ""
    this.lastBlock = ""
    if (type === "checkbox" || type === "radio") this.box = control
  }

  private endBlock(): void {
    if (this.block.trim() === "" || this.endBox()) return
    this.lastBlock = this.block
    this.block = ""
  }

  /** Gives the text behind a box or radio to it. @returns whether there was one, and text */
  private endBox(): boolean {
    const { box, block } = this
    if (box === undefined || block.trim() === "") return false
    box.textAfter = block
    this.box = undefined
    this.block = ""
    return true
  }
}
