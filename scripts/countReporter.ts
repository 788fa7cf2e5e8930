import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one line that people and programs read alike: how many tests passed, failed, were skipped. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) for (const test of module.children.allTests()) counts[test.result().state] += 1;
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
    console.log(`tests: ${counts.passed} passed, ${counts.failed + broken} failed, ${counts.skipped} skipped`);
  }
}
