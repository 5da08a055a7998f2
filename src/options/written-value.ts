import { PumError } from "../errors.ts"
import type { OptionDefinition } from "./option-definition.ts"

/** A value as the user wrote it. */
export interface WrittenValue {
  readonly text: string
  /** Where it stands, for messages: `--role`, `PUM_ROLE`, `~/.pum-aws line 3, role`. */
  readonly source: string
}

/**
 * What the text means to this option.
 * @throws PumError `usage` that names the source
 */
export function parseWritten({ parse }: OptionDefinition, { text, source }: WrittenValue): unknown {
  try {
    return parse?.(text)
  } catch (error) {
    if (!(error instanceof PumError)) throw error
    throw new PumError("usage", `${source}: ${error.message}`, { hint: error.hint })
  }
}
