import { existsSync, realpathSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { Failure } from "./failure.js";
import { readSource } from "./files.js";

/**
 * Reads a file that another file names; undefined where nothing is there. Its path is below `root`; what a link on the way
 * leads to must be too, so that checking someone's model reads nothing but models of that project.
 */
export function readImport(path: string, root: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const real = realpathSync(path);
  const inside = relative(realpathSync(root === "" ? "." : root), real);
  if (inside.startsWith("..") || isAbsolute(inside) || !real.endsWith(".tfm"))
    throw new Failure(`cannot read ${path}: it links to ${real}, which is no .tfm file of the project`);
  return readSource(path);
}
