import { defineConfig } from 'vitest/config';

/** Which of these run is decided by scripts/lib/mutation-tests.mjs. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['mutation/setup.ts'],
    // Two mutants at a time, their tests instrumented, on a machine that is not idle.
    testTimeout: 60_000,
  },
});
