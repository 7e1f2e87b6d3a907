/** What was read for one config serves another only where that would be read the same. */
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { createReadings, noReadings, type Readings } from "../../compiler/2-check/readings.js";
import { instantiate, modelOf } from "../../compiler/3-lower/instantiate.js";
import { printModule } from "../../compiler/ir/print.js";
import { openWorkspace } from "../../compiler/workspace.js";

const folder = new URL("../../examples/", import.meta.url);
const examples = readdirSync(folder).filter((name) => name.endsWith(".tfm"));

const read = (path: string): string => readFileSync(new URL(path, folder), "utf8");

/** For each config of an example, and for others with one number changed: its graph, its weights, its problems. */
function readingsOf(entry: string, readingsFor: () => Readings): string[] {
  const { program } = openWorkspace(entry, read).look() ?? {};
  if (!program) throw new Error(`${entry} cannot be read`);
  const file = program.entry;
  return [...file.configs.values()].flatMap((config) => {
    const model = modelOf(program, file, config.model.name);
    if (!model) return [];
    const numbers = model.declaration.parameters.flatMap(({ name, fallback }) => {
      const written = config.settings.entries.find((each) => each.name.name === name.name)?.value ?? fallback;
      return written?.kind === "number" && !written.real ? [[name.name, written.value] as const] : [];
    });
    const others = numbers.flatMap(([name, number]) =>
      [number + 1, 2 * number].map((other) => new Map([[name, String(other)]])),
    );
    return [undefined, ...others].map((overrides) => {
      const { module, problems } = instantiate(program, file, config, model, { overrides, readings: readingsFor() });
      const said = problems.map(({ code, message, primary }) => `${code} ${message} ${primary?.span.start}`);
      return [...said, module ? printModule(module) : "none"].join("\n");
    });
  });
}

const shared = createReadings((make) => ({ of: make(), isStill: () => true }));

test.each(examples)("%s: each config is read as if it were the only one", { timeout: 120_000 }, (name) => {
  expect(readingsOf(name, () => shared)).toEqual(readingsOf(name, noReadings));
});
