export { checkReceiver, forReceiver, handOver } from "./hand-over.ts"
