import { expect, test } from "vitest";
import { sourceFiles } from "./files.js";
import { folderOf, folderTable } from "./folders.js";
import { importsOf, type Import } from "./module-graph.js";

const table = folderTable();

function violations(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, specifier, files, package: name }) => {
    const folder = folderOf(from, table.keys());
    if (folder === undefined) return [];
    const targets = name === undefined ? files.map((file) => folderOf(file, table.keys()) ?? file) : [name];
    const refused = targets.filter((target) => target !== folder && !table.get(folder)?.has(target));
    return refused.map((target) => `${from} imports ${specifier}: ${folder} may not import ${target}`);
  });
}

test("the table of docs/architecture.md names every folder of the product, and nothing that is not there", () => {
  const folders = new Set(
    sourceFiles.flatMap(
      (path) => /^(grammar|compiler\/[^/]+|compiler|runtime|cli|language-server)(?=\/)/.exec(path)?.[0] ?? [],
    ),
  );
  expect([...folders].filter((folder) => !table.has(folder))).toEqual([]);
  expect([...table.keys()].filter((folder) => !sourceFiles.some((path) => path.startsWith(`${folder}/`)))).toEqual([]);
});

test("folders import only what the table allows", () => {
  expect(sourceFiles.flatMap((path) => violations(importsOf(path)))).toEqual([]);
});

test.each([
  ["compiler/2-check/a.ts", 'import { Project } from "ts-morph";'],
  ["compiler/shapes/a.ts", 'import type { File } from "../../grammar/ast.js";'],
  ["compiler/1-resolve/a.ts", 'export { readFile } from "node:fs/promises";'],
  ["runtime/a.ts", 'const { check } = await import("tfmc");'],
  ["grammar/a.ts", 'import "../compiler/diagnostics/problem.js";'],
])("%s may not have: %s", (path, text) => {
  expect(violations(importsOf(path, text))).toHaveLength(1);
});
