export { checkReceiver, forReceiver, type GivingMode, handOver } from "./hand-over.ts"
export { listOf } from "./list.ts"
export { type Served, statusOf } from "./status.ts"
