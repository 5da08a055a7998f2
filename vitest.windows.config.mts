import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/windows/**/*.test.ts"],
    maxWorkers: 2,
    pool: "threads",
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
