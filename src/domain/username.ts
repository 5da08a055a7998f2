const forms = "write it as DOMAIN\\user or user@domain"

/** What is wrong with an answer that holds U+FFFD: decoding makes that of a letter that is not UTF-8. */
export const notUtf8 =
  "it holds a letter that is not UTF-8: set the terminal, or the program that gives it, to UTF-8"

/**
 * What is wrong with a user name, as a hint; `undefined` if nothing is. The script of ADFS' login page has the same
 * rule for `\\` and `@`. Control characters are refused because a value of a file can have several lines. A name within
 * quotes comes from a shell that knows no such quotes (`cmd` has no single ones) or from a tool that adds its own. Windows
 * allows none of `<>;:,` in a name: they come with a paste from a mail (`Aly <aly@visma.com>`, `mailto:`).
 */
export function usernameProblem(name: string): string | undefined {
  if (!/^[^\x00-\x1f\x7f]*[\\@][^\x00-\x1f\x7f]*$/.test(name))
    return /^[^/]+\/[^/]+$/.test(name) && !/[\x00-\x1f\x7f]/.test(name)
      ? `write it with a backslash: ${name.replace("/", "\\")}`
      : forms
  if (name.includes('"') || /^'.*'$/.test(name)) return "write it without quotes: DOMAIN\\user"
  if (/\s[#;]/.test(name)) return "a comment stands on a line of its own"
  if (name.includes("\ufffd")) return notUtf8
  // ADFS would count what follows as a wrong password.
  if (/^[\\@]|[\\@]$|[<>;:,]|@.*@/.test(name)) return forms
  return name.includes("\\\\") ? `write it with one backslash: ${name.replace(/\\+/g, "\\")}` : undefined
}
