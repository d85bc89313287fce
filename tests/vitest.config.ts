import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['tests/**/*.test.{ts,tsx}'],
    globalSetup: ['tests/support/global-setup.ts'],
    // Processes of their own: a test may stop servers, change its clock or kill what it started.
    pool: 'forks',
    maxWorkers: 2,
    // For what hangs. A busy machine is slow, and that is no failure.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
