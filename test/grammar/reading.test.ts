import { describe, expect, test } from "vitest";
import { inLedger, inText, parse, places, read, reread, type Reading } from "../../grammar/index.js";
import { layoutEdit, layoutEdits, linesOf } from "../edits/layout-edit.js";
import { randomEdit } from "../edits/random-edit.js";
import { randomFrom } from "../fuzz/random.js";
import { projectFiles, readText } from "../tidy/files.js";

const examples = projectFiles.filter((path) => /^(examples|compiler\/std)\/\w+\.tfm$/.test(path)).map(readText);

/** Everything that a reading says, with places in the text, as `parse` gives it. */
function saidBy(reading: Reading): unknown {
  const place = places(reading);
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== "object" || value === null) return value;
    if ("start" in value && "end" in value) return place({ start: Number(value.start), end: Number(value.end) });
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, moved(child)]));
  };
  const declarations = reading.sections.flatMap(({ declaration }) => declaration ?? []);
  return moved({ declarations, problems: reading.problems });
}

function parsed(text: string): unknown {
  const { file, problems } = parse(text);
  return { declarations: file.declarations, problems };
}

const trees = (reading: Reading): unknown[] => reading.sections.flatMap(({ declaration }) => declaration ?? []);

describe("reading a file again after an edit", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("gives what reading it anew gives (%i)", (seed) => {
    const random = randomFrom(seed);
    let text = Array.from({ length: 1 + random.below(3) }, () => random.pick(examples)).join("\n");
    let reading = read(text);
    for (let n = 0; n < 40; n++) {
      // Most edits start from a file that is right.
      const before = random.chance(0.3) ? text : random.pick(examples);
      if (before !== text) {
        text = `${random.pick(examples)}\n${before}`;
        reading = reread(reading, text);
      }
      text = randomEdit(text, random, random.pick(examples));
      reading = reread(reading, text);
      expect(saidBy(reading), JSON.stringify(text)).toEqual(parsed(text));
    }
  });

  test("keeps the trees of what was not touched", () => {
    const text = examples.join("\n");
    const before = read(text);
    const at = text.indexOf("mlp:");
    const after = reread(before, `${text.slice(0, at)}m${text.slice(at)}`);
    const kept = new Set(trees(before));
    expect(trees(after).filter((tree) => !kept.has(tree))).toHaveLength(1);
  });

  test("finds the tree of what an edit took back", () => {
    const text = examples.join("\n");
    const before = read(text);
    const at = text.indexOf("mlp:");
    const changed = reread(before, `${text.slice(0, at)}<${text.slice(at)}`);
    const longer = reread(changed, `${changed.text}\nconfig other = A{}\n`);
    const after = reread(reread(longer, changed.text), text);
    expect(trees(longer)).not.toEqual(trees(before));
    expect(trees(after).every((tree, n) => tree === trees(before)[n])).toBe(true);
    expect(saidBy(after)).toEqual(parsed(text));
  });

  test("does not remember more and more", () => {
    let reading = read("config a = A{}\n");
    for (let n = 0; n < 2_000; n++) reading = reread(reading, `${"# remark\n".repeat(n % 300)}config a = A{b: ${n}}\n`);
    expect(reading.ledger.length).toBeLessThan(1_100_000);
  });
});

describe("reading a file again after an edit of its layout alone", () => {
  test.each(Object.entries(layoutEdits))("keeps all trees, each where it is now: %s", (_, edit) => {
    const random = randomFrom(3);
    for (const text of examples) {
      const before = read(text);
      const edited = linesOf(text).flatMap((line) => edit(text, line, random) ?? []);
      for (let n = 0; n < 4 && edited.length > 0; n++) {
        const after = reread(before, random.pick(edited));
        expect(trees(after).length).toBe(trees(before).length);
        expect(trees(after).every((tree, m) => tree === trees(before)[m])).toBe(true);
        expect(saidBy(after), after.text).toEqual(parsed(after.text));
      }
    }
  });

  test.each(Array.from({ length: 20 }, (_, seed) => seed))(
    "and after any others gives what reading it anew gives (%i)",
    (seed) => {
      const random = randomFrom(seed);
      const first = `${random.pick(examples)}\n${random.pick(examples)}`;
      let reading = read(first);
      for (let n = 0; n < 60; n++) {
        const { text } = reading;
        const edited = random.chance(0.1)
          ? first
          : random.chance(0.2)
            ? randomEdit(text, random, first)
            : layoutEdit(text, random);
        reading = reread(reading, edited);
        expect(saidBy(reading), JSON.stringify(edited)).toEqual(parsed(edited));
      }
    },
  );

  test("keeps trees over many of them, and without a trace once they are taken back", () => {
    const random = randomFrom(5);
    const text = examples.join("\n");
    const before = read(text);
    let reading = before;
    for (let n = 0; n < 200; n++) reading = reread(reading, layoutEdit(reading.text, random));
    expect(trees(reading).every((tree, n) => tree === trees(before)[n])).toBe(true);
    expect(saidBy(reading)).toEqual(parsed(reading.text));
    const after = reread(reading, text);
    expect(trees(after).every((tree, n) => tree === trees(before)[n])).toBe(true);
    expect(after.sections.every(({ lines }) => lines === undefined)).toBe(true);
  });

  test("finds a tree whose declaration was wrong in between", () => {
    const before = read("fn f(x: f32[..]) -> f32[..] {\n  return x\n}\n");
    const wrong = reread(before, "fn f(x: f32[..]) -> f32[..] {\n  return x\n  |> |>\n}\n");
    const after = reread(wrong, "fn f(x: f32[..]) -> f32[..] {\n  return x\n\n}\n");
    expect(trees(wrong)).not.toEqual(trees(before));
    expect(trees(after)[0]).toBe(trees(before)[0]);
  });

  test("makes a new tree where a comment becomes documentation, or is of something else", () => {
    const before = read(
      "fn f(x: f32[..]) -> f32[..] = x\n\n## First.\n## Says.\nfn g(\n  x: f32[..]) -> f32[..] = x\n",
    );
    for (const [from, to] of [
      ["## Says.\n", "# Says.\n"],
      ["## First.\n", "## First.\n\n"],
      ["## Says.\n", "## Says.\n\n"],
      ["## Says.\n", "## Tells.\n"],
      ["  x:", " x:"],
      ["fn g(\n  x", "fn g(x"],
    ] as const) {
      const after = reread(before, before.text.replace(from, to));
      expect(trees(after)[0]).toBe(trees(before)[0]);
      expect(trees(after)[1], to).not.toBe(trees(before)[1]);
      expect(saidBy(after)).toEqual(parsed(after.text));
    }
  });

  test("knows where offsets are that are of no tree", () => {
    const before = read("mask near =  # old\n# gone\n  q - k < 3  # old\n");
    const [section] = reread(before, "mask near =\n\n  q - k < 3 # new\n").sections;
    if (!section) throw new Error("nothing was read");
    const moved = (text: string): number => inText(section, before.text.indexOf(text));
    // Behind the code of its line; what is gone, where the next line begins.
    expect(
      [moved("  # old"), moved("old"), moved("# gone"), moved("  q"), moved("3"), before.text.length].slice(0, 5),
    ).toEqual([11, 11, 13, 13, 23]);
    expect(inText(section, before.text.length)).toBe(section.at + section.length);
    expect([0, 5, 11, 12, 13, 24, 25, 27].map((offset) => inLedger(section, offset))).toEqual([
      0, 5, 11, 11.5, 26, 37, 37.5, 37.5,
    ]);
  });
});
