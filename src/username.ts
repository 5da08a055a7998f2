/** What is wrong with a user name, if anything. The page script of ADFS asks for the same. */
export function checkUsername(name: string): string | undefined {
  return /[\\@]/.test(name) ? undefined : "write it as DOMAIN\\user or user@domain"
}
