/** A text that two uses of a block share only if its body reads the same in both. */
import type { Span } from "../../grammar/ast.js";
import type { Axis, Value, ValueType } from "../ir/graph.js";
import { atomsOf, atomsOfCondition, conditionKey, dimKey, type Atom } from "../shapes/index.js";
import { concreteCondition } from "./decide.js";
import { isChosen, isComputed, isData, sourceOfEntry } from "./entries.js";
import type { FunctionMeaning, Meaning, TensorMeaning } from "./meaning.js";
import type { Scope } from "./scope.js";

export interface Use {
  readonly isLabelled: boolean;
  /** The block's inputs that are parameters of its function. */
  readonly parameters: ReadonlySet<Value> | ReadonlyMap<Value, Value>;
}

/**
 * The text, and the values of enclosing functions that were mentioned on the way, which it numbers in this order. `body` is the
 * block's scope, its entries and inputs bound. Undefined where that cannot be told.
 */
export function useKey(
  body: Scope,
  declaration: object,
  { isLabelled, parameters }: Use,
): { readonly key: string; readonly mentioned: readonly Value[] } | undefined {
  const facts = body.context.facts.conditions.map(conditionKey).join();
  const parts = [`${idOf(declaration)} ${facts} ${isLabelled} ${body.inLoss}`, sizesKey(body)];
  const mentioned: Value[] = [];
  const own = new Map<Value, string>();
  const entries = new Map<Atom, string>();
  const known = new Set(body.context.facts.conditions.flatMap(atomsOfCondition));
  for (const [name, meaning] of body.names)
    if (meaning.kind === "tensor" && body.builder.owned.has(meaning.value)) own.set(meaning.value, name);
  for (const [name, meaning] of body.names) {
    if (meaning.kind === "settings") continue; // Its entries stand here by themselves.
    const key = meaningKey({ body, own, mentioned, entries, known }, meaning);
    if (key === undefined) return undefined;
    const isParameter = meaning.kind === "tensor" && parameters.has(meaning.value);
    parts.push(`${name}${isParameter ? ":" : "="}${key}`);
  }
  return { key: parts.join("\n"), mentioned };
}

const ids = new WeakMap<object, number>();
let count = 0;

/** A number that no other object has. */
export function idOf(object: object): number {
  const known = ids.get(object) ?? count++;
  ids.set(object, known);
  return known;
}

const axesKey = (axes: readonly Axis[]): string => axes.map(({ label, dim }) => `${label}:${dimKey(dim)}`).join();

const typeKey = ({ dtype, axes }: ValueType): string => `${dtype}[${axesKey(axes)}]`;

/** What a block was given, and the values that it made of that: its own, which are others in each use. */
interface Entered {
  readonly body: Scope;
  readonly own: ReadonlyMap<Value, string>;
  readonly mentioned: Value[];
  /** The entries that were met, with what they are called here. */
  readonly entries: Map<Atom, string>;
  /** What the facts speak of is what it is. */
  readonly known: ReadonlySet<Atom>;
}

function tensorKey(entered: Entered, { value, index, truth }: TensorMeaning): string | undefined {
  const { body, own, mentioned } = entered;
  const isOwn = body.builder.owned.has(value);
  if (!isOwn && !mentioned.includes(value)) mentioned.push(value);
  const name = isOwn ? own.get(value) : `%${mentioned.indexOf(value)} ${value.name}`;
  const traces = [index && renamed(entered, dimKey(index), atomsOf(index))];
  if (truth) traces.push(renamed(entered, conditionKey(truth), atomsOfCondition(truth)));
  return name && [name, typeKey(value.type), ...traces].join(" ");
}

/**
 * A key in which entries that are positions, computed, or data from outside, are told apart by what is known of them and not by
 * their symbols, which are others at each use.
 */
function renamed({ entries, known }: Entered, key: string, atoms: readonly Atom[]): string {
  const own = atoms.filter((each) => each.role === "entry" && !isChosen(each) && !known.has(each));
  if (own.length === 0) return key;
  for (const each of own) {
    const kind = isComputed(each) ? "computed" : isData(each) ? `from ${sourceOfEntry(each).id}` : each.max?.key;
    if (!entries.has(each) && kind !== undefined) entries.set(each, `<${entries.size} ${each.min} ${kind}>`);
  }
  const byId = new Map(own.map((each) => [String(each.id), entries.get(each)]));
  return key.replace(/\ba(\d+)\b/g, (whole, id: string) => byId.get(id) ?? whole);
}

function sizesKey({ sizes, axes, rest }: Scope): string {
  const ofSizes = [...sizes].map(([name, dim]) => `${name}:${dimKey(dim)}`);
  const ofAxes = [...axes].map(([name, dim]) => `${name}:${dim === "ambiguous" ? "?" : dimKey(dim)}`);
  return [ofSizes.join(), ofAxes.join(), axesKey(rest)].join(" ");
}

function meaningKey(entered: Entered, meaning: Meaning): string | undefined {
  switch (meaning.kind) {
    case "tensor":
      return tensorKey(entered, meaning);
    case "int":
      return ["int", dimKey(meaning.dim), meaning.label, meaning.literal, meaning.below && dimKey(meaning.below)].join(
        " ",
      );
    case "real":
      return meaning.value === undefined ? undefined : `real ${meaning.value}`;
    case "bool":
      return `bool ${conditionKey(concreteCondition(entered.body.context, meaning.condition))}`;
    case "text":
      return meaning.value === undefined ? undefined : JSON.stringify(meaning.value);
    case "function":
      return functionKey(entered, meaning);
    case "lambda":
      return meaning.outside ? undefined : writtenKey(entered, meaning.of, [], [meaning.expression], meaning.scope);
    case "block": {
      const { name, settings, scope } = meaning;
      return name === undefined
        ? undefined
        : writtenKey(entered, `block ${name}`, [name], settings ? [settings] : [], scope);
    }
    case "settings":
      return joined([...meaning.entries].map(([name, entry]) => [name, meaningKey(entered, entry)]));
    default:
      return undefined;
  }
}

function functionKey(entered: Entered, { target, axes, given, scope }: FunctionMeaning): string | undefined {
  if (target === "any" || axes.some(({ amount }) => amount)) return undefined;
  const head = `fn ${idOf("declaration" in target ? target.declaration : target)}[${axes.map(({ name }) => name).join()}]`;
  if (given.length === 0) return head;
  return scope && writtenKey(entered, head, [], given, scope);
}

interface Written {
  readonly span: Span;
}

/** What was written elsewhere, with what its names mean there. */
function writtenKey(
  entered: Entered,
  head: string,
  names: readonly string[],
  nodes: readonly Written[],
  scope: Scope,
): string | undefined {
  if (scope.yields || scope.order) return undefined;
  const all = new Set([...names, ...nodes.flatMap(namesIn)]);
  const meanings = [...all].flatMap((name): [string, string | undefined][] => {
    const meaning = scope.names.get(name);
    return meaning ? [[name, meaningKey(entered, meaning)]] : [];
  });
  const key = joined(meanings);
  return (
    key &&
    [
      head,
      scope.file.name,
      ...nodes.map(({ span }) => scope.file.text.slice(span.start, span.end)),
      sizesKey(scope),
      key,
    ].join("; ")
  );
}

/** Undefined where one of them is. */
function joined(meanings: readonly (readonly [string, string | undefined])[]): string | undefined {
  if (meanings.some(([, key]) => key === undefined)) return undefined;
  return `{${meanings.map(([name, key]) => `${name}=${key}`).join("; ")}}`;
}

const named = new WeakMap<object, readonly string[]>();

/** Every name in a tree. */
export function namesIn(tree: object): readonly string[] {
  const known = named.get(tree);
  if (known) return known;
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      if (key === "name" && typeof child === "string") names.add(child);
      else if (key !== "span") visit(child);
    }
  };
  visit(tree);
  const found = [...names];
  named.set(tree, found);
  return found;
}
