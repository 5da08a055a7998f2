import { parseObject } from "../domain/json.ts"

/* What this program's own files hold: JSON objects with a version. */

/** Files of version 0.1 have none. */
export const formatVersion = 1

/** The object in a file of this version; `undefined` for any other text. */
export function parseOwn(text: string): Readonly<Record<string, unknown>> | undefined {
  const object = parseObject(text)
  return object?.version === formatVersion ? object : undefined
}

/** Whether a later version of this program wrote the text. Its files are left alone. */
export function isOfLaterVersion(text: string): boolean {
  const version = parseObject(text)?.version
  return typeof version === "number" && version > formatVersion
}
