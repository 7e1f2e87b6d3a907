/** Where the body of a model ends and its tasks begin, and what a task can see there. */
import type { BlockDeclaration, TaskDeclaration } from "../../grammar/ast.js";
import type { Axis, Value } from "../ir/graph.js";
import type { WeightEntry } from "../ir/find-weight.js";
import {
  atomsOf,
  atomsOfCondition,
  conditionKey,
  dimKey,
  type Atom,
  type Condition,
  type Dim,
  type Facts,
} from "../shapes/index.js";
import { isChoice } from "./choice.js";
import { isComputed, isPlainEntry } from "./entries.js";
import { layerText } from "./layer-label.js";
import type { Application, Meaning } from "./meaning.js";
import type { Scope } from "./scope.js";
import { idOf, namesIn } from "./use-key.js";

export interface Ending {
  readonly scope: Scope;
  readonly facts: Facts;
}

/**
 * A text that two endings of a model share only if they are the same to the task, but for the symbols that they have: each
 * reading makes its own. Undefined where that cannot be told.
 */
export function sightOf(
  { scope, facts }: Ending,
  task: TaskDeclaration,
  { results }: BlockDeclaration,
): string | undefined {
  const seen: Seen = { atoms: new Set(), values: [], meanings: new Map(), isClear: true };
  const parts = [
    `${idOf(scope.context.outer)} ${facts.contradictory}`,
    ...facts.conditions.map((each) => conditionText(seen, each)),
  ];
  for (const [name, size] of scope.sizes) parts.push(`${name}: ${dimText(seen, size)}`);
  parts.push(axesText(seen, scope.rest));
  const names = new Set([task, results].flatMap(namesIn));
  for (const name of names) {
    const tree = scope.tree.entries.get(name);
    parts.push(name, sizeText(seen, scope.axes.get(name)));
    if (tree) parts.push(treeText(seen, tree));
    const own = scope.names.get(name);
    for (const meaning of [...(own ? [own] : []), ...listed(scope, name)]) {
      parts.push(meaningText(seen, meaning));
      // A layer that is applied again is read again.
      if (meaning.kind === "label")
        for (const other of meaning.application.settings ? namesIn(meaning.application.settings) : []) names.add(other);
    }
  }
  const text = renumbered(seen, parts.join("\n"));
  return seen.isClear ? text : undefined;
}

/** The layers of a list that a name may mean. */
const listed = ({ names }: Scope, name: string): Meaning[] =>
  [...names].flatMap(([key, meaning]) => (key.startsWith(`${name}[`) ? [meaning] : []));

interface Seen {
  readonly atoms: Set<Atom>;
  readonly values: Value[];
  readonly meanings: Map<Meaning, number>;
  /** Whether the text tells all. */
  isClear: boolean;
}

function unclear(seen: Seen): "?" {
  seen.isClear = false;
  return "?";
}

/** Stands on both sides of the number of a symbol, and in no text that someone wrote. */
const border = "\u0001";

const marked = (key: string): string => key.replace(/\ba(\d+)\b/g, `${border}$1${border}`);

function dimText(seen: Seen, dim: Dim): string {
  for (const each of atomsOf(dim)) seen.atoms.add(each);
  return dimKey(dim).includes("?") ? unclear(seen) : marked(dimKey(dim));
}

/** Of a name that may be a size's, or an axis's. */
const sizeText = (seen: Seen, size: Dim | "ambiguous" | undefined): string =>
  size === undefined || size === "ambiguous" ? String(size) : dimText(seen, size);

function conditionText(seen: Seen, condition: Condition): string {
  for (const each of atomsOfCondition(condition)) seen.atoms.add(each);
  return conditionKey(condition).includes("?") ? unclear(seen) : marked(conditionKey(condition));
}

const axesText = (seen: Seen, axes: readonly Axis[]): string =>
  axes.map(({ label, dim }) => `${label}:${dimText(seen, dim)}`).join();

/** Symbols by their age, as they stand in sizes, with what is known of each. */
function renumbered(seen: Seen, text: string): string {
  const lines = [text];
  for (const each of seen.atoms) {
    const { id, role, name, min, max } = each;
    if (isChoice(each) || (role === "entry" && !isPlainEntry(each))) unclear(seen);
    const kind = isComputed(each) ? "computed" : role;
    lines.push(`${border}${id}${border} ${kind} ${name} ${min} ${max ? dimText(seen, max) : ""}`);
  }
  const numbers = new Map([...seen.atoms].sort((a, b) => a.id - b.id).map(({ id }, n) => [String(id), String(n)]));
  const all = lines.join("\n");
  return all.replace(new RegExp(`${border}(\\d+)${border}`, "g"), (_, id: string) => `<${numbers.get(id)}>`);
}

function meaningText(seen: Seen, meaning: Meaning): string {
  const known = seen.meanings.get(meaning);
  if (known !== undefined) return `= ${known}`;
  seen.meanings.set(meaning, seen.meanings.size);
  return `${meaning.kind} ${contentText(seen, meaning)}`;
}

function contentText(seen: Seen, meaning: Meaning): string {
  switch (meaning.kind) {
    case "tensor": {
      const { value, index, truth } = meaning;
      if (!seen.values.includes(value)) seen.values.push(value);
      const { dtype, axes } = value.type;
      const traces = [index && dimText(seen, index), truth && conditionText(seen, truth)];
      return [seen.values.indexOf(value), value.name, dtype, axesText(seen, axes), ...traces].join(" ");
    }
    case "int": {
      const { dim, label, literal, below } = meaning;
      return [dimText(seen, dim), label, literal, below && dimText(seen, below)].join(" ");
    }
    case "bool":
      return conditionText(seen, meaning.condition);
    case "real":
    case "text":
      return JSON.stringify(meaning.value) ?? "any";
    case "function": {
      const { target, axes, given, scope } = meaning;
      if (axes.some(({ amount }) => amount)) return unclear(seen);
      const what = target === "any" ? target : idOf("declaration" in target ? target.declaration : target);
      const head = `${what} [${axes.map(({ name }) => name).join()}]`;
      return given.length === 0 ? head : scope ? writtenText(seen, head, given, scope) : unclear(seen);
    }
    case "lambda":
      return meaning.outside ? unclear(seen) : writtenText(seen, meaning.of, [meaning.expression], meaning.scope);
    case "block": {
      const { name = "any", settings, scope } = meaning;
      return settings ? writtenText(seen, name, [settings], scope) : name;
    }
    case "label":
      return layer(seen, meaning.application);
    case "settings":
      return [...meaning.entries].map(([name, entry]) => `${name}: ${meaningText(seen, entry)}`).join("; ");
    case "several":
      return meaning.meanings.map((each) => meaningText(seen, each)).join("; ");
    case "unknown":
      return "";
    default:
      return unclear(seen);
  }
}

function layer(seen: Seen, { block, settings, file, path, tree, labels }: Application): string {
  const address = path.map((part) => (typeof part === "string" ? part : dimText(seen, part)));
  const given = settings ? file.text.slice(settings.span.start, settings.span.end) : "";
  return [file.name, block, given, address.join("."), treeText(seen, tree), ...[...labels].map(String)].join(" ");
}

function treeText(seen: Seen, entry: WeightEntry): string {
  switch (entry.kind) {
    case "weight": {
      const { type, initial, block } = entry;
      return `${block} ${type.dtype}[${axesText(seen, type.axes)}] ${JSON.stringify(initial)}`;
    }
    case "tree": {
      const entries = [...entry.entries].map(([name, child]) => `${name}=${treeText(seen, child)}`);
      return `${layerText(entry)} {${entries.join()}}`;
    }
    case "repeated":
      return `${dimText(seen, entry.count)} * ${treeText(seen, entry.each)}`;
    case "listed":
      return `${entry.isCounted} [${entry.items.map((each) => treeText(seen, each)).join()}]`;
  }
}

/** What was written elsewhere, with what its names mean there. */
function writtenText(
  seen: Seen,
  head: string,
  nodes: readonly { readonly span: { readonly start: number; readonly end: number } }[],
  { file, names, sizes, axes, rest }: Scope,
): string {
  const mentioned = [...new Set(nodes.flatMap(namesIn))].flatMap((name) => {
    const meaning = names.get(name);
    const known = [sizes.get(name), axes.get(name)].map((each) => sizeText(seen, each));
    return meaning ? [`${name}=${meaningText(seen, meaning)}`, ...known] : known;
  });
  const texts = nodes.map(({ span }) => file.text.slice(span.start, span.end));
  return [head, file.name, ...texts, axesText(seen, rest), ...mentioned].join("; ");
}
