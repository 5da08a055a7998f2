export { signIn } from "./adfs.ts"
export { askRolePage } from "./ask-role-page.ts"
export { openBrowser } from "./browser.ts"
