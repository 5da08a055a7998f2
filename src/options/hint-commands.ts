import { endOfOptions, quoteWord } from "../platform/quoting.ts"
import { definitions, type Given, isSetting } from "./given.ts"

/* Command lines that hints tell the user to type. */

export const exampleCommand = `${endOfOptions()} aws sts get-caller-identity`

/** A first use of credentials that a profile has now. */
export function exampleOfUse(profile: string): string {
  return `aws${profile === "default" ? "" : ` --profile ${profile}`} s3api list-buckets`
}

/** The command line that gets the session of this --credential-process call in a terminal, where it can ask. */
export function commandInTerminal(given: Given): string {
  const values: Readonly<Record<string, string | true | readonly string[] | undefined>> = given
  const words = definitions.flatMap(([name, definition]) => {
    const value = values[name]
    if (value === undefined || !(isSetting(definition) || name === "envFile")) return []
    const texts = value === true ? [undefined] : [value].flat()
    return texts.flatMap(text => [definition.long ?? "", ...(text === undefined ? [] : [quoteWord(text)])])
  })
  return ["pum-aws", ...words, exampleCommand].join(" ")
}
