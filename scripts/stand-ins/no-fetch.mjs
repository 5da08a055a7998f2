// Stands in for axios' fetch adapter, which this program does not use: looking for it makes Node.js load undici.
export const getFetch = () => undefined
