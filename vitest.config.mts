import { defineConfig } from "vitest/config"

// A forked worker does not end once it has opened a pseudo-terminal.
const test = {
  pool: "threads",
  testTimeout: 30_000,
  hookTimeout: 30_000,
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
} as const

export default defineConfig({
  test: {
    // Tests wait for the programs they start more than they compute.
    maxWorkers: 2,
    projects: [
      // Needs Node.js and a POSIX system.
      {
        test: {
          ...test,
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/systems/**", "test/windows/**"],
          // A worker starts, and loads the packages, once for all of its files; each has modules of its own.
          isolate: false,
          setupFiles: ["test/support/own-modules.ts"],
        },
      },
      // Those of "node" that many processes take part in, which are more here: PUM_TEST_MANY.
      {
        test: {
          ...test,
          name: "many",
          include: ["test/e2e/{aws-files,kept-sessions,remembered-processes,single-flight}.test.ts"],
          testTimeout: 180_000,
          env: { ...test.env, PUM_TEST_MANY: "1" },
        },
      },
      // Needs what scripts/install-systems.sh installs.
      { test: { ...test, name: "systems", include: ["test/systems/**/*.test.ts"] } },
      // Needs what scripts/install-windows.sh installs.
      {
        test: {
          ...test,
          name: "windows",
          include: ["test/windows/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
