/**
 * Of `WWW-Authenticate` and `Proxy-Authenticate`: the first word of each challenge (RFC 9110, 11.6.1), in lower case.
 * Connections and the sign-in both read them.
 */
export function schemesIn(challenges: string | readonly string[] | undefined): string[] {
  // Without texts in quotes: `Digest realm="Staff, basic"` offers no Basic.
  const texts = [challenges ?? []].flat().map(text => text.replace(/"(?:\\.|[^"\\])*"/g, '""'))
  const names = texts.flatMap(text => text.match(/(?<=^|,\s*)[a-z]+(?=\s|$|,)/gi) ?? [])
  return [...new Set(names.map(name => name.toLowerCase()))]
}
