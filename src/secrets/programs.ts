export { firstLineOf } from "./command.ts"
export { OnePasswordItem } from "./one-password.ts"
