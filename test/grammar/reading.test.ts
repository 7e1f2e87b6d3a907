import { describe, expect, test } from "vitest";
import { parse, places, read, reread, type Reading } from "../../grammar/index.js";
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
    const trees = (reading: Reading): unknown[] => reading.sections.map(({ declaration }) => declaration);
    const kept = new Set(trees(before));
    expect(trees(after).filter((tree) => !kept.has(tree))).toHaveLength(1);
  });

  test("finds the tree of what an edit took back", () => {
    const text = examples.join("\n");
    const trees = (reading: Reading): unknown[] => reading.sections.map(({ declaration }) => declaration);
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
