import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,test,scripts}/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Decoding and networks use the cores inside a test already.
    maxWorkers: 2,
    reporters: ['default', './scripts/countReporter.ts'],
  },
});
