import { PumError } from "../errors.ts"
import type { Found } from "./env-file.ts"
import type { Setting } from "./settings.ts"

/** The first that says anything; an empty value says nothing. */
export function firstOf<T>(setting: Setting<T>, candidates: readonly (Found | undefined)[]): T | undefined {
  const found = candidates.find(candidate => candidate !== undefined && candidate.text !== "")
  return found === undefined ? undefined : parsed(setting, found)
}

export function parsed<T>(setting: Setting<T>, { text, place }: Found): T {
  try {
    return setting.parse(text)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    throw new PumError("usage", `${place}: ${error.message}`, { hint: error.hint })
  }
}
