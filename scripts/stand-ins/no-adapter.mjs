// Stands in for axios' adapters that this program does not use: looking for fetch makes Node.js load undici.
export const getFetch = () => undefined
/** That for browsers: not supported here. */
export default false
