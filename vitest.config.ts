import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { Tally } from "./scripts/tally.js";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Tests run on the sources, through the package's own doors. `--mode full` adds the long ones, `*.full.test.ts`. */
export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [
      { find: /^tfmc$/, replacement: source("compiler/index.ts") },
      { find: /^tfmc\/grammar$/, replacement: source("grammar/index.ts") },
      { find: /^tfmc\/runtime$/, replacement: source("runtime/index.ts") },
      { find: /^#platform$/, replacement: source("runtime/platform/node.ts") },
    ],
  },
  test: {
    setupFiles: [source("test/random-seed.ts")],
    env: mode === "full" ? { TFMC_RANDOM: "new" } : {},
    include: ["test/**/*.test.ts"],
    exclude: mode === "full" ? [] : ["test/**/*.full.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default", new Tally()],
  },
}));
