import { plain } from "../errors.ts"

/** The texts that must not be shown. */
export class Secrets {
  private readonly texts = new Set<string>()

  add(secret: string): void {
    // A short ordinary word also stands in our own messages: redacting it there would tell what the secret is.
    const isOrdinary = secret.length < 4 || (secret.length < 10 && /^[a-z]*$/i.test(secret))
    // In a server's words white space is folded.
    if (!isOrdinary) for (const form of [secret, plain(secret)]) this.texts.add(form)
  }

  redact(text: string): string {
    let redacted = text
    for (const secret of this.texts) redacted = redacted.replaceAll(secret, "[redacted]")
    return redacted
  }
}
