import { expect, test } from "vitest";
import { sourceFiles } from "./files.js";
import { importsOf } from "./module-graph.js";

/** The import cycles that a walk through all files meets, each once, as paths that end where they begin. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start !== -1) cycles.push([...path.slice(start), file]);
    if (start !== -1 || done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}

/** Checking an expression checks the expressions in it, whatever their kind: these files are one recursive function. */
const recursive = "compiler/2-check/";

test("no file imports itself through others, not even its types", () => {
  const graph = new Map(sourceFiles.map((path) => [path, importsOf(path).flatMap(({ files }) => files)]));
  expect(graph.size).toBeGreaterThan(50);
  const cycles = cyclesOf(graph).filter((cycle) => !cycle.every((path) => path.startsWith(recursive)));
  expect(cycles.map((cycle) => cycle.join(" -> "))).toEqual([]);
});

test("a cycle is found", () => {
  const graph = new Map([
    ["a", ["b", "c"]],
    ["b", ["c"]],
    ["c", ["d", "b"]],
    ["d", []],
  ]);
  expect(cyclesOf(graph)).toEqual([["b", "c", "b"]]);
});
