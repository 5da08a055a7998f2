import { vi } from "vitest"

// Before each test file: it loads modules of its own, so that no lock, cache or clean-up of another file is in them.
vi.resetModules()
