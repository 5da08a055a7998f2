export { controllingTerminal } from "./controlling.ts"
export { findDevice } from "./device.ts"
export { type OwnedTerminal, openTerminal, type Terminal } from "./terminal.ts"
