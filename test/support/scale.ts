/** A number of processes: `few` for `npm test`, `many` for `npm run test:systems`, whose project "many" sets the variable. */
export const atScale = (few: number, many: number) => (process.env.PUM_TEST_MANY ? many : few)
