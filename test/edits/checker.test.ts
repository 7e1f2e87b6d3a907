/** A checker that has seen a file before says what one that sees it for the first time says. */
import { applyEdits, check, createChecker, type Checked } from "tfmc";
import { describe, expect, test } from "vitest";
import { randomFrom, type Random } from "../fuzz/random.js";
import { projectFiles, readText } from "../tidy/files.js";
import { examplesOf } from "../spec/page.js";
import { layoutEdit, spread } from "./layout-edit.js";
import { randomEdit } from "./random-edit.js";

const examples = projectFiles.filter((path) => /^examples\/\w+\.tfm$/.test(path)).map(readText);

/** Two files: the second has a block, a function, a mask and an outer axis that the first uses. */
const shared = `outer group

## A block that passes on what is asked of it.
block Mix[d]{heads, rate, Norm: block = LayerNorm}(x: f32[.., d]) -> f32[.., d] {
  y = x |> norm: Norm |> split: Half{parts: heads} |> dropout(rate)
  return x + y |> scaled
}

block Half[d]{parts}(x: f32[.., d]) -> f32[.., d] where d % parts == 0 {
  param gain: f32[d / parts] = ones
  y = x |> rearrange[.. (p c) -> .. p c; p = parts]
  return y * gain |> rearrange[.. p c -> .. (p c)]
}

fn scaled(x: f32[..]) -> f32[..] = 0.5 * x

mask near = q - k < 3

block Wide = Half{parts: 4}
`;

const entry = `import { Mix, Wide, scaled, near } from "shared.tfm"

block Layer[seq, d]{heads, rate, ff}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  x += x |> mix: Mix{heads, rate} |> attn: Attention{heads}(mask: near & causal)
  x += x |> up: Linear{out: ff} |> scaled |> down: Linear{out: d} |> wide: Wide
  return x
}

model Net[seq]{vocab = 50, d = 24, heads = 4, depth = 2, rate = 0.1, ff = 3 * d}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
  x = ids |> word: Embedding{size: vocab, d}
  repeat i < depth { x = x |> h[i]: Layer{heads, rate, ff} }
  return x
}

task lm() on Net as x -> f32[batch, seq, vocab] {
  logits = dot[d](x, word.weight)
  loss cross_entropy[vocab](logits[seq: ..-1], ids[seq: 1..])
  return logits
}

task size() on Net as x -> f32[batch, d] {
  return x[seq: 0] |> pool: Linear{out: d}
}

config small = Net{}
config large = Net{d: 48, heads: 6}
check params(small.lm) == 100

weights Net from "some/net" {
  h[i].(up down) = "layer.{i}.{}"
  h[i].wide.gain = "gain.{i}"
  * = "{}"
  input ids = "input_ids"
}

generate small.lm over seq { stop: 3 }
`;

function told(checked: Checked, files: ReadonlyMap<string, string>): unknown {
  return { problems: checked.problems, shapes: [...files.keys()].map((name) => checked.shapes(name)) };
}

/** Edits the files again and again, now and then going back to ones that are right. */
function editAll(seed: number, first: ReadonlyMap<string, string>, edits: number): void {
  const random = randomFrom(seed);
  let files = new Map(first);
  const read = (path: string): string | undefined => files.get(path);
  const checker = createChecker(read);
  const [main = ""] = files.keys();
  for (let n = 0; n < edits; n++) {
    if (random.chance(0.3))
      files = new Map(random.chance(0.5) ? first : [...files].map(([name]) => [name, first.get(name) ?? ""]));
    for (let more = 0; more <= random.below(2); more++) edit(files, random);
    expect(told(checker.check(main), files), [...files.values()].join("\n-----\n")).toEqual(
      told(check(main, read), files),
    );
  }
}

function edit(files: Map<string, string>, random: Random): void {
  const name = random.pick([...files.keys()]);
  const text = files.get(name) ?? "";
  files.set(name, random.chance(0.2) ? renamed(text, random) : randomEdit(text, random, random.pick(examples)));
}

/** A declared name becomes another, everywhere or only where it is declared. */
function renamed(text: string, random: Random): string {
  const names = [...text.matchAll(/^(?:block|model|config|fn|mask|task)\s+(\w+)/gm)].map(([, name = ""]) => name);
  if (names.length === 0) return text;
  const name = random.pick(names);
  const pattern = new RegExp(`\\b${name}\\b`, random.chance(0.5) ? "g" : "");
  return text.replace(pattern, random.chance(0.5) ? `${name}2` : random.pick(names));
}

describe("after any edits the checker says what a new one would", () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed);
  test.each(seeds)("of a program of two files (%i)", (seed) => {
    editAll(
      seed,
      new Map([
        ["main.tfm", entry],
        ["shared.tfm", shared],
      ]),
      25,
    );
  });

  test.each(seeds.slice(0, 10))("of the examples (%i)", (seed) => {
    const random = randomFrom(seed);
    editAll(seed, new Map([["main.tfm", `${random.pick(examples)}\n${random.pick(examples)}`]]), 10);
  });
});

const pages = projectFiles.filter((path) => /^docs\/(errors|language)\/.*\.md$/.test(path));

test.each(pages)("after edits of the layout alone, of the programs with and without mistakes of %s", (page) => {
  const random = randomFrom(page.length);
  for (const example of examplesOf(readText(page))) {
    const files = new Map([...example.files].map(([name, text]) => [name, spread(text, random)]));
    const [main = ""] = files.keys();
    const read = (path: string): string | undefined => files.get(path);
    const checker = createChecker(read);
    checker.check(main);
    for (let n = 0; n < 8; n++) {
      for (const [name, text] of files) files.set(name, layoutEdit(layoutEdit(text, random), random));
      expect(told(checker.check(main), files), [...files.values()].join("\n-----\n")).toEqual(
        told(check(main, read), files),
      );
    }
  }
});

test("a mend takes no remark away that was written after it was made, and writes in none", () => {
  const first = "block A[d]{\n  p = q,\n  r = 1,\n  q = 2\n}(x: f32[.., d]) -> f32[.., d] { return x }\n";
  let text = first;
  const checker = createChecker(() => text);
  const mended = (): string[] => checker.check("main.tfm").problems.map(({ fixes }) => applyEdits(text, fixes));
  expect(mended()).toEqual([first.replace("p = q,\n  ", "").replace("q = 2", "q = 2, p = q")]);
  text = first.replace("q = 2", "\n  q = 2  # two");
  expect(mended()).toEqual([text.replace("p = q,\n  ", "").replace("q = 2", "q = 2, p = q")]);
  text = first.replace("p = q,", "p = q,  # as much");
  expect(mended()).toEqual([text]);
});

test("the programs that are edited are right", () => {
  const { problems } = check("main.tfm", (path) => (path === "main.tfm" ? entry : shared));
  expect(problems.map(({ code }) => code)).toEqual(["C501"]);
});
