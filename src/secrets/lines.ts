/**
 * The lines of a stream, each as soon as it is there: a script may send the code long after the password.
 * A last line needs no line end; of `\r\n` nothing stays.
 */
export async function* linesOf(
  stream: AsyncIterable<Buffer | string>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const chunk of stream) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true })
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield rest.slice(0, end).replace(/\r$/, "")
      rest = rest.slice(end + 1)
    }
  }
  if (rest !== "") yield rest
}
