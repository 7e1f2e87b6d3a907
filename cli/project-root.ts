import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";

/** What a project's top folder holds. `.tfmc` is for those that have nothing else; it may be empty. */
const markers = ["package.json", ".git", ".tfmc"];

/**
 * The folder that imports stay inside of: the nearest one around the file that is marked as a project's, or the file's own.
 * Named as the file is, absolutely or from the current folder.
 */
export function projectRoot(file: string): string {
  const own = dirname(resolve(file));
  let folder = own;
  while (!markers.some((marker) => existsSync(join(folder, marker)))) {
    if (dirname(folder) === folder) return named(file, own);
    folder = dirname(folder);
  }
  return named(file, folder);
}

const named = (file: string, folder: string): string =>
  isAbsolute(file) ? folder : relative(process.cwd(), folder).replaceAll("\\", "/");
