import { createRequire } from "node:module"
import type { KeychainRequest } from "./keychain.ts"

/*
 * A process of its own (dist/keychain.js): reads one request on stdin, asks the system's keychain, and writes one line
 * on stdout. It is killed once that line was read, or after its limit; if the process that asked is gone, it ends itself.
 */

/** The part of `@napi-rs/keyring` that is used. */
interface KeyringModule {
  readonly AsyncEntry: new (
    service: string,
    name: string,
    options: { readonly linux: { readonly store: string } },
  ) => {
    getPassword(): Promise<string | null | undefined>
    setPassword(secret: string): Promise<void>
    deletePassword(): Promise<boolean>
  }
}

async function serve(self: NodeJS.Process): Promise<void> {
  const { stdin, stdout } = self
  let text = ""
  for await (const part of stdin.setEncoding("utf8")) text += part
  const request = JSON.parse(text) as KeychainRequest
  // A call that blocks a thread keeps the process from ending in any other way.
  setTimeout(() => self.kill(self.pid, "SIGKILL"), request.limit)
  const answer = await answerTo(request).catch(error => ({ trouble: troubleIn(error, request) }))
  stdout.write(`${JSON.stringify(answer)}\n`)
}

async function answerTo({ module, action, name, secret = "" }: KeychainRequest) {
  const { AsyncEntry } = createRequire(module)(module) as KeyringModule
  // Without a named store, a secret would go into the Linux kernel's keyring where there is no Secret Service.
  const entry = new AsyncEntry("pum-aws", name, { linux: { store: "secret-service" } })
  switch (action) {
    case "get":
      return { secret: (await entry.getPassword()) ?? undefined }
    case "set":
      await entry.setPassword(secret)
      return {}
    default:
      await entry.deletePassword()
      return {}
  }
}

/** Words of the keychain, unless they quote the secret (Rust does so with escapes like those of JSON). */
function troubleIn(error: unknown, { secret }: KeychainRequest): string {
  const words = error instanceof Error ? error.message : "unknown error"
  const escaped = JSON.stringify(secret)?.slice(1, -1)
  const isQuoted = [secret, escaped].some(text => text && words.includes(text))
  return isQuoted ? "the keychain failed" : `the keychain failed: ${words}`
}

void serve(process)
