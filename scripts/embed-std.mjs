// Writes compiler/std/index.ts from compiler/std/*.tfm, so that the compiler has its standard library without a file system.
// `--check` writes nothing and fails where the file is out of date.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = new URL("../compiler/std/", import.meta.url);

/** The text that compiler/std/index.ts ought to have. */
export function embedded() {
  const names = readdirSync(folder).filter((name) => name.endsWith(".tfm"));
  const entries = names.sort().map((name) => {
    const text = readFileSync(new URL(name, folder), "utf8").replaceAll("\r\n", "\n");
    return `  [\n    "std/${name}",\n    \`${text.replace(/[\\`]|\$\{/g, "\\$&")}\`,\n  ],\n`;
  });
  return [
    "// long: holds the text of compiler/std/*.tfm. Written by scripts/embed-std.mjs; `npm run update` writes it again.\n\n",
    "/** The standard library's files by the name that messages give them, for instance `std/layers.tfm`. */\n",
    `export const standardLibrary: ReadonlyMap<string, string> = new Map([${entries.length ? "\n" : ""}`,
    ...entries,
    "]);\n",
  ].join("");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const target = new URL("index.ts", folder);
  const stale = !existsSync(target) || readFileSync(target, "utf8") !== embedded();
  if (stale && process.argv.includes("--check")) {
    console.error(`${fileURLToPath(target)} is out of date: run \`npm run update\`.`);
    process.exitCode = 1;
  } else if (stale) {
    writeFileSync(target, embedded());
  }
}
