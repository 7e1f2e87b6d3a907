import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "../../grammar/index.js";
import { isHardKeyword, isMark, isSoftKeyword } from "../../grammar/tokens.js";

const page = readFileSync(new URL("../../grammar/grammar.md", import.meta.url), "utf8");
const rules = /```ebnf\n([\s\S]*?)```/.exec(page)?.[1]?.replace(/\(\*.*?\*\)/g, "") ?? "";

function words(heading: string): string[] {
  return new RegExp(`\\*\\*${heading}\\*\\*[^\`]*\`([^\`]*)\``).exec(page)?.[1]?.split(/\s+/) ?? [];
}

describe("grammar.md", () => {
  it("uses no terminal that is no token, and all that are", () => {
    const terminals = new Set([...rules.matchAll(/"([^"]+)"/g)].map(([, terminal]) => terminal ?? ""));
    const isToken = (text: string): boolean => isHardKeyword(text) || isSoftKeyword(text) || isMark(text);
    expect([...terminals].filter((terminal) => !isToken(terminal))).toEqual([]);
    for (const keyword of [...words("Hard keywords"), ...words("Soft keywords")]) expect(terminals).toContain(keyword);
  });

  it("lists the keywords", () => {
    expect(words("Hard keywords").length).toBe(16);
    expect(words("Hard keywords").filter((word) => !isHardKeyword(word))).toEqual([]);
    expect(words("Soft keywords").length).toBe(32);
    expect(words("Soft keywords").filter((word) => !isSoftKeyword(word))).toEqual([]);
  });

  it("defines every rule that it uses", () => {
    const defined = new Set([...rules.matchAll(/^(\w+) += /gm)].map(([, rule]) => rule));
    const used = rules.replace(/"[^"]*"/g, "").match(/\b[a-z]\w*\b/g) ?? [];
    expect(used.filter((rule) => rule !== "id" && !defined.has(rule))).toEqual([]);
  });

  it("has examples that parse", () => {
    for (const [, example = ""] of page.matchAll(/```tfm\n([\s\S]*?)```/g)) expect(parse(example).problems).toEqual([]);
  });
});
