/**
 * What is wrong with a user name, as a hint; `undefined` if nothing is. The script of ADFS' login page has the same
 * rule. Control characters are refused because a value of a file can have several lines.
 */
export function usernameProblem(name: string): string | undefined {
  return /^[^\x00-\x1f\x7f]*[\\@][^\x00-\x1f\x7f]*$/.test(name)
    ? undefined
    : "write it as DOMAIN\\user or user@domain"
}
