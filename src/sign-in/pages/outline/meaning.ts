/** A text, as words of any language are looked for in it: in lower case, without the marks on letters. */
export interface Folded {
  readonly text: string
  /** Split at everything but letters. */
  readonly words: readonly string[]
}

/** Folds a text that a person reads. Marks of Japanese make other letters, and stay. */
export function folded(shown: string): Folded {
  const text = shown
    .normalize("NFD")
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/\bone[-_ ]time/g, "onetime")
  return { text, words: text.split(/[^\p{L}]+/u) }
}

/** Folds a name of a field, or a label that may be one: `OneTimePassword` has three words. */
export function foldedName(name: string): Folded {
  return folded(name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2"))
}

interface MeaningParts {
  /** Looked for anywhere in a text: for languages whose words are not told apart by blanks, or not by letters alone. */
  readonly parts?: string
  /** Words that do not have the meaning, although a pattern fits. */
  readonly except?: string
}

/** Words with one meaning, in many languages. */
export class Meaning {
  private readonly exact = new Set<string>()
  private readonly patterns: RegExp
  private readonly exceptions: RegExp
  private readonly parts: readonly string[]

  /**
   * @param byLanguage words with blanks between them; in a word, `*` stands for any letters, `?` for one letter or none
   * @param parts with commas between them
   */
  constructor(byLanguage: Readonly<Record<string, string>>, { parts = "", except = "" }: MeaningParts = {}) {
    const words = folded(Object.values(byLanguage).join(" ")).text.split(" ")
    for (const word of words) if (!/[*?]/.test(word)) this.exact.add(word)
    this.patterns = patternOf(words.filter(word => !this.exact.has(word)))
    this.exceptions = patternOf(except.split(" "))
    this.parts = parts.split(", ").flatMap(part => (part === "" ? [] : [folded(part).text]))
  }

  /** @param word as `folded` gives it; or a whole text */
  isWord(word: string): boolean {
    return this.exact.has(word) || (this.patterns.test(word) && !this.exceptions.test(word))
  }

  /** Whether a text holds one of the parts. */
  isPartOf({ text }: Folded): boolean {
    return this.parts.some(part => text.includes(part))
  }

  isIn(text: Folded): boolean {
    return text.words.some(word => this.isWord(word)) || this.isPartOf(text)
  }
}

function patternOf(words: readonly string[]): RegExp {
  const sources = words.map(word => word.replaceAll("?", "\\p{L}?").replaceAll("*", "\\p{L}*"))
  return new RegExp(`^(?:${sources.join("|")})$`, "u")
}
