import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,test,scripts}/**/*.test.ts'],
    testTimeout: 60_000,
    // Two workers: decoding and networks use the cores inside a test already.
    maxWorkers: 2,
  },
});
