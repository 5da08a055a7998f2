import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Tests wait for the programs they start more than they compute.
    maxWorkers: 2,
    // A forked worker does not end once it has opened a pseudo-terminal.
    pool: "threads",
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
