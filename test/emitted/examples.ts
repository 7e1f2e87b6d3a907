import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The systems of `examples/`, by name. */
export const examples: readonly string[] = readdirSync(`${root}/examples`)
  .filter((name) => name.endsWith(".tfm"))
  .map((name) => name.slice(0, -".tfm".length))
  .sort();

/** Reads a file by its path below the repository, as the compiler's host does. */
export function sourceOf(path: string): string | undefined {
  try {
    return readFileSync(`${root}/${path}`, "utf8");
  } catch {
    return undefined;
  }
}
