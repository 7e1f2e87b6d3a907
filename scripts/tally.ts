import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Ends the output of a test run with one line, `12 passed, 0 failed`.
 *
 * A file that could not be loaded, and an error outside of any test, count as failed: neither may pass unseen.
 */
export class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        if (state === "failed") failed++;
      }
    }
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}
