export { signIn } from "./adfs.ts"
export { openBrowser } from "./browser.ts"
