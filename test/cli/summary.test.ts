import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { here } from "./here.js";

const file = (name: string): string => fileURLToPath(new URL(`../../examples/${name}.tfm`, import.meta.url));

interface Amount {
  readonly formula: string;
  readonly value: number;
}

interface Report {
  readonly parameters: Amount;
  readonly weightBytes: Amount;
  readonly groups: readonly (Amount & { readonly address: string; readonly depth: number })[];
  readonly tasks: readonly {
    readonly name: string;
    readonly flopsPerToken: Amount;
    readonly cacheBytesPerToken?: Amount;
  }[];
}

async function report(name: string, ...options: string[]): Promise<Report> {
  const { status, stdout, stderr } = await here("summary", file(name), "--json", ...options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as Report;
}

/** A formula's value, by JavaScript's own arithmetic. */
function valueOf(formula: string, numbers: Readonly<Record<string, number>>): number {
  const source = formula.replaceAll("^", "**").replace(/[a-z_]+/g, (name) => String(numbers[name]));
  expect(source).toMatch(/^[\d+*/ ().-]+$/);
  return Number(runInNewContext(source));
}

const gpt2 = { vocab: 50257, ctx: 1024, d: 768, depth: 12, heads: 12, seq: 100 };

test("GPT-2's numbers are the published ones, and the formulas give them", async () => {
  const { parameters, weightBytes, groups, tasks } = await report("gpt2", "--seq", "100");
  expect(parameters.value).toBe(124_439_808);
  expect(weightBytes.value).toBe(4 * 124_439_808);
  expect(groups.map(({ address }) => address)).toEqual([
    "wte",
    "wpe",
    "h[0..11]",
    "h[0..11].ln_1",
    "h[0..11].attn",
    "h[0..11].ln_2",
    "h[0..11].mlp",
    "ln_f",
  ]);
  const sum = (depth: number): number =>
    groups.filter((group) => group.depth === depth).reduce((all, { value }) => all + value, 0);
  expect(sum(0)).toBe(parameters.value);
  expect(12 * sum(1)).toBe(groups[2]?.value);
  const [lm] = tasks;
  // Keys and values, 768 numbers of 4 bytes each, in 12 layers.
  expect(lm?.cacheBytesPerToken?.value).toBe(2 * 768 * 4 * 12);
  for (const amount of [parameters, weightBytes, ...groups]) expect(valueOf(amount.formula, gpt2)).toBe(amount.value);
});

test("FLOPs are twice the weights that multiply, and attention's two products", async () => {
  const { vocab, d, depth, seq } = gpt2;
  const due = 2 * (vocab * d + depth * 12 * d * d) + depth * 4 * seq * d;
  const [lm] = (await report("gpt2", "--seq", "100")).tasks;
  expect(lm?.flopsPerToken.value).toBe(due);
  expect(valueOf(lm?.flopsPerToken.formula ?? "", gpt2)).toBe(due);
});

test("fewer key heads keep less, and rotations are no products", async () => {
  const { parameters, tasks } = await report("llama", "--config", "llama3_8b", "--seq", "1");
  expect(parameters.value).toBe(8_030_261_248);
  expect(tasks[0]?.cacheBytesPerToken?.value).toBe(2 * 8 * 128 * 4 * 32);
  const multiplied = 32 * (4096 * 4096 * 2 + 2 * 4096 * 1024 + 3 * 4096 * 14336) + 128256 * 4096;
  expect(tasks[0]?.flopsPerToken.value).toBe(2 * multiplied + 32 * 4 * 4096);
});

test("the table is aligned, and config values can be changed", async () => {
  const { stdout } = await here("summary", file("gpt2"), "--set", "depth=3");
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("GPT2, config gpt2");
  expect(stdout).toMatch(/^h\[0\.\.2\] +21,263,616 {2}12\*d\^2\*depth \+ 13\*d\*depth$/m);
  expect(stdout).toMatch(/^ {2}attn +2,362,368 {2}4\*d\^2 \+ 4\*d$/m);
  const ends = lines
    .slice(2, 10)
    .map((line) => /[\d,]+(?= {2})/.exec(line.slice(10)))
    .map((match) => match && match.index + match[0].length);
  expect(new Set(ends).size).toBe(1);
});
