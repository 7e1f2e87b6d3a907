/** Address rules by what they begin with: of thousands only a few have to be compared with an address. */
import type { AddressRule, Segment } from "../../grammar/ast.js";
import type { Step } from "./addresses.js";

/** The rules that may fit an address with this first step, in their order. */
export type RuleIndex = (first: Step | undefined) => readonly AddressRule[];

export function indexRules(rules: readonly AddressRule[]): RuleIndex {
  const places = new Map<string, number[]>();
  for (const [place, { address }] of rules.entries()) {
    for (const key of keysOf(address[0])) {
      const there = places.get(key);
      if (there) there.push(place);
      else places.set(key, [place]);
    }
  }
  const known = new Map<string, readonly AddressRule[]>();
  return (first) => {
    const keys = first ? [...keysOfStep(first), "*"] : ["*"];
    const name = keys.join();
    const kept = known.get(name);
    if (kept) return kept;
    const found = keys.flatMap((key) => places.get(key) ?? []).sort((a, b) => a - b);
    const fitting = found.flatMap((place) => rules[place] ?? []);
    known.set(name, fitting);
    return fitting;
  };
}

function keysOf(first: Segment | undefined): string[] {
  switch (first?.kind) {
    case undefined:
      return [];
    case "any":
      return ["*"];
    case "group":
      return first.names.map(({ name }) => name);
    case "label":
      if (!first.index) return [first.name.name];
      return [`${first.name.name}[${first.index.kind === "number" ? first.index.text : "*"}]`];
  }
}

const keysOfStep = ({ name, index }: Step): string[] =>
  index === undefined ? [name] : [`${name}[${index}]`, `${name}[*]`];
