import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { root } from "./files.js";

test("runtime/kernels/wasm/binary.ts is what its AssemblyScript gives; `npm run update` writes it", () => {
  const check = (): string =>
    execFileSync(process.execPath, ["scripts/build-kernels.mjs", "--check"], {
      cwd: fileURLToPath(root),
      encoding: "utf8",
    });
  expect(check).not.toThrow();
});
