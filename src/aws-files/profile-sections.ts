import type { IniDocument } from "./ini-text.ts"

/**
 * The section of the config file that AWS tools read this profile from: the last one whose name says so
 * (botocore, `build_profile_map`). Nothing where there is none.
 */
export function configSectionOf(config: IniDocument, profile: string): string | undefined {
  let found: string | undefined
  for (const name of config.sections.keys()) if (profileOf(name) === profile) found = name
  return found
}

/** The name of the section to add for a profile that the config file does not know. */
export function newConfigSection(profile: string): string {
  return profile === "default" ? "default" : `profile ${profile}`
}

/** `[profile name]`, `[profile "a name"]`, `[default]`. botocore looks at how many words there are, not at the first. */
function profileOf(section: string): string | undefined {
  if (!section.startsWith("profile")) return section === "default" ? section : undefined
  const words = shellWords(section)
  return words?.length === 2 ? words[1] : undefined
}

/**
 * The words of a line as Python's `shlex.split()` gives them. Nothing where it fails: a quote that is not closed,
 * a backslash at the end.
 */
export function shellWords(text: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    const next = text.charAt(at + 1)
    if (char === quote) {
      quote = undefined
    } else if (char === "\\" && quote !== "'") {
      if (next === "") return undefined
      // Within double quotes a backslash stands for itself, unless it is before a quote or another backslash.
      const escapes = quote === undefined || next === quote || next === "\\"
      word = (word ?? "") + (escapes ? next : char + next)
      at++
    } else if (quote !== undefined) {
      word = (word ?? "") + char
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ""
    } else if (" \t\r\n".includes(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? "") + char
    }
  }
  if (quote !== undefined) return undefined
  if (word !== undefined) words.push(word)
  return words
}
