export { type Kept, keptSessions } from "./kept.ts"
export { userOf } from "./key.ts"
export { type Obtained, sharedSession } from "./shared-session.ts"
