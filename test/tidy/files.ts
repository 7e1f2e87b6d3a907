import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = new URL("../../", import.meta.url);

/** The project's files, relative to the root: tracked ones, and new ones that are not ignored. */
export const projectFiles: readonly string[] = execFileSync(
  "git",
  ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
  { cwd: fileURLToPath(root), encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
)
  .split("\0")
  .filter((path) => path !== "" && existsSync(new URL(path, root)))
  .sort();

/** Sources of the product and around it, without the models and the generated files kept for comparison. */
export const sourceFiles: readonly string[] = projectFiles.filter((path) => /\.(ts|mjs|js)$/.test(path));

export function readText(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}
