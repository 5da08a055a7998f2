export { checkCommand, runCommand } from "./command.ts"
