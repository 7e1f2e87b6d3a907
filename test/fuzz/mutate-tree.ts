/** Changes of a program as a tree: a node is replaced by one of its kind from this or another program. Most results parse. */
import { parse } from "../../grammar/index.js";
import type { Random } from "./random.js";

/** What may stand for each other. */
type Sort =
  "expression" | "statement" | "declaration" | "type" | "axis" | "input" | "setting" | "item" | "rule" | "body";

const sortOf: Readonly<Record<string, Sort>> = {
  ...of(
    "expression",
    "number string boolean name position list unary binary conditional member subscript call apply pipe",
  ),
  ...of("expression", "attend scan"),
  ...of("statement", "assign weight repeat if effect return"),
  ...of("declaration", "import outer block alias task function index config check weights run compression"),
  ...of("type", "type"),
  ...of("axis", "axis rest"),
  ...of("input", "input parameter"),
  ...of("setting", "setting argument"),
  ...of("item", "slice-item index-item rename-item expression-item"),
  ...of(
    "rule",
    "layout-rule leaf-rule ignore-rule prefix-rule port-rule type-rule class-rule config-rule expect-rule address-rule compression-rule",
  ),
  ...of("body", "body"),
};

function of(sort: Sort, kinds: string): Record<string, Sort> {
  return Object.fromEntries(kinds.split(" ").map((kind) => [kind, sort]));
}

interface Part {
  readonly sort: Sort;
  readonly start: number;
  readonly end: number;
}

export function mutateTree(text: string, other: string, random: Random): string {
  const parts = partsOf(text);
  if (parts.length === 0) return text;
  const part = random.pick(parts);
  const donor = random.chance(0.5) ? text : other;
  const found = (donor === text ? parts : partsOf(donor)).filter(({ sort }) => sort === part.sort);
  if (found.length === 0) return text;
  const { start, end } = random.pick(found);
  const piece = donor.slice(start, end);
  const [before, own, after] = [text.slice(0, part.start), text.slice(part.start, part.end), text.slice(part.end)];
  if (part.sort === "expression") return before + wrapped(own, piece, random) + after;
  const separator = separators[part.sort];
  if (random.chance(0.3)) return `${before}${own}${separator}${piece}${after}`;
  if (random.chance(0.2)) return before + after;
  return before + piece + after;
}

/** In place of the expression, or around it. */
function wrapped(own: string, piece: string, random: Random): string {
  return random.pick([
    piece,
    piece,
    piece,
    `(${piece})`,
    `(${own} |> ${piece})`,
    `(${own} + ${piece})`,
    `(${own} * ${piece})`,
    `(${own} / ${piece})`,
    `(${own} // (${piece}))`,
    `(if ${own} then ${piece} else ${own})`,
    `-(${own})`,
    `(${own})[${piece}]`,
    `(${own})(${piece})`,
  ]);
}

const separators: Readonly<Record<Sort, string>> = {
  ...{ expression: ", ", statement: "\n", declaration: "\n", type: " ", axis: ", ", input: ", ", setting: ", " },
  ...{ item: ", ", rule: "\n", body: " " },
};

const kept = new Map<string, readonly Part[]>();

/** Every node of the text that has a sort; programs of the corpus are read once. */
function partsOf(text: string): readonly Part[] {
  const known = kept.get(text);
  if (known) return known;
  const parts: Part[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    const { kind, span } = node as { kind?: unknown; span?: { start: number; end: number } };
    const sort = typeof kind === "string" ? sortOf[kind] : undefined;
    if (sort && span && span.end > span.start) parts.push({ sort, start: span.start, end: span.end });
    Object.values(node).forEach(visit);
  };
  visit(parse(text).file.declarations);
  if (kept.size > 500) kept.clear();
  kept.set(text, parts);
  return parts;
}
