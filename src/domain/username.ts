/** What is wrong with a user name, if anything. The page script of ADFS asks for the same. */
export function checkUsername(name: string): string | undefined {
  // One line: what a file holds may be several.
  return /^[^\x00-\x1f\x7f]*[\\@][^\x00-\x1f\x7f]*$/.test(name)
    ? undefined
    : "write it as DOMAIN\\user or user@domain"
}
