import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { check, hasErrors, lowerFile } from "tfmc";
import { checkpoints, examples, withSmallConfig } from "../../playground/examples/index.js";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const textOf = (name: string): string =>
  read(own.some((each) => each.name === name) ? `playground/examples/${name}.tfm` : `examples/${name}.tfm`);

const own = examples.filter(({ name }) =>
  existsSync(new URL(`../../playground/examples/${name}.tfm`, import.meta.url)),
);

it.each(own)("$name is as it should be", ({ name }) => {
  const text = textOf(name);
  expect(hasErrors(check("model.tfm", () => text).problems)).toBe(name === "mistake");
});

it.each(examples.filter(({ small }) => small !== undefined))("$name has a small config", (example) => {
  const text = withSmallConfig(textOf(example.name), example);
  const { lowered } = lowerFile("model.tfm", () => text, { config: "small" });
  expect(lowered?.module.configName).toBe("small");
});

it("shows models that are there", () => {
  const missing = examples
    .filter((example) => !own.includes(example))
    .filter(({ name }) => !existsSync(new URL(`../../examples/${name}.tfm`, import.meta.url)));
  expect(missing).toEqual([]);
});

it.each([...checkpoints])("the weights of %s are those that its config has", (name, folder) => {
  const text = textOf(name);
  const { lowered } = lowerFile("model.tfm", () => text, { config: name });
  const { n_embd, n_layer, n_head, n_positions, vocab_size } = JSON.parse(
    read(`playground/${folder}/config.json`),
  ) as Record<string, number>;
  const config = new Map(lowered?.module.config.map((entry) => [entry.name, entry.value]));
  expect(Object.fromEntries(config)).toMatchObject({
    d: n_embd,
    depth: n_layer,
    heads: n_head,
    ctx: n_positions,
    vocab: vocab_size,
  });
});
