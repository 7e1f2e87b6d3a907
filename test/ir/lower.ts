import { readFileSync } from "node:fs";
import { lowerFile } from "../../compiler/compile.js";
import { hasErrors } from "../../compiler/diagnostics/problem.js";
import type { Lowered, Selection } from "../../compiler/lower.js";

/** The graph of a file's first config, or of the one selected. @throws Error with the problems where it has errors. */
export function lowerText(text: string, selection: Selection = {}): Lowered {
  const { problems, lowered } = lowerFile("test.tfm", () => text, selection);
  if (!lowered || hasErrors(problems))
    throw new Error(problems.map(({ code, message }) => `${code} ${message}`).join("\n"));
  return lowered;
}

/** As `lowerText`, of a file in `examples/`, with some config entries changed. */
export function lowerExample(
  name: string,
  set: Readonly<Record<string, number | boolean>> = {},
  selection: Selection = {},
): Lowered {
  const text = readFileSync(new URL(`../../examples/${name}.tfm`, import.meta.url), "utf8");
  return lowerText(text, {
    ...selection,
    set: new Map(Object.entries(set).map(([entry, value]) => [entry, String(value)])),
  });
}
