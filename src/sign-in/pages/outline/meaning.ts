/** A text, as words of any language are looked for in it: in lower case, without the marks on letters. */
export interface Folded {
  readonly text: string
  /** Letters without anything between them. */
  readonly words: readonly string[]
}

/** Folds a text that a person reads. */
export function folded(shown: string): Folded {
  const text = foldedText(shown)
  return { text, words: text.match(/\p{L}+/gu) ?? [] }
}

/** Marks of Japanese make other letters, and stay. Each dash is written as a hyphen. */
function foldedText(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g, "")
    .normalize("NFC")
    .replace(/\p{Pd}/gu, "-")
    .toLowerCase()
    .replace(/\bone[-_ ]time/g, "onetime")
}

/** Folds a name of a field, or a label that may be one: `SmsCode` has two words. */
export function foldedName(name: string): Folded {
  return folded(name.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2"))
}

interface MeaningParts {
  /**
   * With commas between them. Looked for anywhere in a text: for languages whose words are not told apart by blanks, or
   * not by letters alone.
   */
  readonly parts?: string
  /** Words that do not have the meaning, although a pattern fits. */
  readonly except?: string
}

/** Words with one meaning, in many languages. They are folded when one is looked for: most pages ask for a few. */
export class Meaning {
  private readonly byLanguage: Readonly<Record<string, string>>
  private readonly given: MeaningParts
  private known: FoldedMeaning | undefined

  /** @param byLanguage words with blanks between them; in a word, `*` stands for any letters, `?` for one letter or none */
  constructor(byLanguage: Readonly<Record<string, string>>, given: MeaningParts = {}) {
    this.byLanguage = byLanguage
    this.given = given
  }

  /** @param word as `folded` gives it */
  isWord(word: string): boolean {
    const { exact, patterns, exceptions } = this.folded
    return exact.has(word) || (patterns.test(word) && !exceptions.test(word))
  }

  /** Whether a text is one of the words, and nothing else. */
  isAllOf({ text }: Folded): boolean {
    return this.isWord(text.trim())
  }

  /** Whether a text holds one of the parts. */
  isPartOf({ text }: Folded): boolean {
    return this.folded.parts.some(part => text.includes(part))
  }

  isIn(text: Folded): boolean {
    return text.words.some(word => this.isWord(word)) || this.isPartOf(text)
  }

  private get folded(): FoldedMeaning {
    this.known ??= foldMeaning(Object.values(this.byLanguage).join(" "), this.given)
    return this.known
  }
}

interface FoldedMeaning {
  readonly exact: ReadonlySet<string>
  readonly patterns: RegExp
  readonly exceptions: RegExp
  readonly parts: readonly string[]
}

function foldMeaning(words: string, { parts, except = "" }: MeaningParts): FoldedMeaning {
  const all = foldedText(words).split(" ")
  const isPattern = (word: string) => /[*?]/.test(word)
  return {
    exact: new Set(all.filter(word => !isPattern(word))),
    patterns: patternOf(all.filter(isPattern)),
    exceptions: patternOf(except.split(" ").filter(word => word !== "")),
    parts: parts === undefined ? [] : foldedText(parts).split(", "),
  }
}

function patternOf(words: readonly string[]): RegExp {
  const sources = words.map(word => word.replaceAll("?", ".?").replaceAll("*", ".*"))
  return words.length === 0 ? /(?!)/ : new RegExp(`^(?:${sources.join("|")})$`)
}
