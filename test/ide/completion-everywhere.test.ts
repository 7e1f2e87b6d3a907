/** Completion wherever a cursor can be: it never throws, and a name that stands there is offered. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeActions, complete, folding, selectionRanges } from "../../compiler/ide/index.js";
import { mutateText } from "../fuzz/mutate-text.js";
import { randomFrom } from "../fuzz/random.js";
import { rateOf } from "./completion-rate.js";
import { snapshotOf } from "./drawn.js";

const read = (name: string): string => readFileSync(`examples/${name}.tfm`, "utf8");

const share = (asked: number, missed: number): number => (asked - missed) / asked;

test.each(["gpt2", "bahdanau", "swin", "switch", "dalle"])("the names of %s are offered where they stand", (name) => {
  const { asked, missed } = rateOf(read(name), "whole", 1);
  expect(asked).toBeGreaterThan(100);
  expect(share(asked, missed.length), missed.join("\n")).toBeGreaterThan(0.97);
});

test.each(["without", "before"] as const)("names are offered in a text that stops there: %s", (written) => {
  const rates = ["gpt2", "llama"].map((name) => rateOf(read(name), written, 5));
  const missed = rates.flatMap((rate) => rate.missed);
  const asked = rates.reduce((all, rate) => all + rate.asked, 0);
  expect(asked).toBeGreaterThan(40);
  expect(share(asked, missed.length), missed.join("\n")).toBeGreaterThan(0.97);
});

const examples = readdirSync("examples").filter((name) => name.endsWith(".tfm"));

test("anywhere in an example", () => {
  for (const file of examples) {
    const text = readFileSync(`examples/${file}`, "utf8").slice(0, 3000);
    const snapshot = snapshotOf(text);
    for (let offset = 0; offset <= text.length; offset += 41) {
      const { replace } = complete(snapshot, "main.tfm", offset) ?? { replace: { start: offset, end: offset } };
      expect(replace.start <= offset && offset <= replace.end).toBe(true);
    }
  }
});

test.each([
  ["brackets in brackets", `block B(x: f32[]) -> f32[] {\n  return ${"(".repeat(50_000)}`],
  ["an address of many parts", `block B(x: f32[]) -> f32[] {\n  return a${".a".repeat(50_000)}.`],
  ["many names at once", `block B(x: f32[]) -> f32[] {\n  ${"a, ".repeat(50_000)}b = x\n  return `],
  ["groups of groups", `weights M from "x" {\n  ${"(a b).".repeat(60)}c = "x"\n  `],
])("too much of one thing: %s", (_, text) => {
  const snapshot = snapshotOf(text);
  expect(complete(snapshot, "main.tfm", text.length)?.replace).toEqual({ start: text.length, end: text.length });
  expect(selectionRanges(snapshot, "main.tfm", text.length).at(-1)).toEqual({ start: 0, end: text.length });
});

test("anywhere in a text that is none", () => {
  const random = randomFrom(7);
  for (let turn = 0; turn < 40; turn++) {
    const text = mutateText(read(random.pick(["gpt2", "bahdanau"])).slice(0, 2500), random);
    const snapshot = snapshotOf(text);
    for (let n = 0; n < 20; n++) {
      const offset = random.below(text.length + 1);
      const range = { start: offset, end: Math.min(text.length, offset + random.below(40)) };
      expect(() => {
        complete(snapshot, "main.tfm", offset);
        codeActions(snapshot, "main.tfm", range);
        selectionRanges(snapshot, "main.tfm", offset);
      }).not.toThrow();
    }
    expect(() => folding(snapshot, "main.tfm")).not.toThrow();
  }
});
