export { readCommandLine } from "./command-line.ts"
export type { Mode, Shell } from "./modes.ts"
export { type Environment, type Options, readOptions } from "./options.ts"
export type { ProfileOptions } from "./which-profiles.ts"
