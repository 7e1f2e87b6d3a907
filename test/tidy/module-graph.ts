import { builtinModules } from "node:module";
import { posix } from "node:path";
import ts from "typescript";
import { readText, sourceFiles } from "./files.js";

/** The doors of the package, as the sources they open. */
const doors: Readonly<Record<string, readonly string[]>> = {
  tfmc: ["compiler/index.ts"],
  "tfmc/grammar": ["grammar/index.ts"],
  "tfmc/runtime": ["runtime/index.ts"],
  "#platform": ["runtime/platform/node.ts", "runtime/platform/browser.ts"],
};

export interface Import {
  readonly from: string;
  /** As it is written. */
  readonly specifier: string;
  /** The project's files that it may load; none for a package. */
  readonly files: readonly string[];
  /** `node`, or the package's name; absent for the project's own files. */
  readonly package?: string;
}

/** Every import of a file: of values and types, re-exports, and `import()` of a literal. */
export function importsOf(from: string, text: string = readText(from)): readonly Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName: specifier }) => {
    const door = doors[specifier];
    if (door) return { from, specifier, files: door };
    if (specifier.startsWith(".")) {
      const path = posix.join(posix.dirname(from), specifier).replace(/\.js$/, ".ts");
      return { from, specifier, files: [sourceFiles.includes(path) ? path : path.replace(/\.ts$/, ".js")] };
    }
    return { from, specifier, files: [], package: packageOf(specifier) };
  });
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:") || builtinModules.includes(specifier)) return "node";
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
