import { defineConfig } from 'vitest/config';

/** Folders whose tests open a GPU device. On a software adapter one file already fills every core. */
const GPU_FOLDERS = ['gpu', 'kernels', 'selftest', 'models', 'rl', 'doctor', 'trainer', 'cli', 'node', 'testing'].map(
  (folder) => `src/${folder}/**/*.test.{ts,tsx}`,
);

export default defineConfig({
  test: {
    environment: 'node',
    globalSetup: ['scripts/lib/vitest-adapter.mjs'],
    // Processes, not threads: a native GPU driver that crashes then takes one test file along and not the whole run.
    pool: 'forks',
    // Cold shader caches on a software adapter: compiling one kernel can take seconds.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,bench/src,scripts}/**/*.test.{ts,tsx,mjs}'],
          exclude: GPU_FOLDERS,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'gpu', include: GPU_FOLDERS, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
