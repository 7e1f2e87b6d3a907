/** One function of the graph as one function of TypeScript. Every tensor it makes is freed at its last use. */
import type { Function, Node, RepeatNode, Value, WeightPath } from "../ir/graph.js";
import { nodesOf } from "../ir/functions.js";
import { outsOf, usesOf } from "../ir/operands.js";
import { countUses } from "../4-optimize/count-uses.js";
import { asAtom, atomsOf, type Dim } from "../shapes/index.js";
import { createFrame, type Emission, type Frame, type Text } from "./frame.js";
import { operationText } from "./operations.js";
import { tensorType } from "./sizes.js";

export interface FunctionText {
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  readonly result: string;
  readonly statements: readonly string[];
}

export function emitFunction(emission: Emission, made: Function): FunctionText {
  const prelude: string[] = [];
  const frame = createFrame(
    emission,
    made.parameters.map((value) => ({ value, name: value.name })),
    prelude,
  );
  const leaf = nodesOf(made).every(({ op }) => op !== "call" && op !== "repeat" && op !== "attend");
  const writing: Writing = { frame, leaf, uses: countUses(made), owned: new Set(), roots: new Map() };
  emitNodes(writing, made.body, [made.result]);
  const result = textOf(frame, made.result);
  const weights = emission.weightTypes.get(made);
  return {
    parameters: [
      ...(weights === undefined ? [] : [{ name: "weights", type: weights, optional: false }]),
      ...made.parameters.map((value) => ({
        name: textOf(frame, value).code,
        type: tensorType(value.type, emission.aliases),
        optional: false,
      })),
      ...(emission.cached.has(made) ? [{ name: "cache", type: "Cache", optional: true }] : []),
    ],
    result: tensorType(made.result.type, emission.aliases),
    statements: finish(
      [...prelude, ...frame.lines],
      given(writing, made.result),
      leaf && (frame.lines.length > 0 || result.hidden),
    ),
  };
}

/** One run of nodes: which tensors it owns, and the tensor behind each rename. */
interface Writing {
  readonly frame: Frame;
  /** Whether the function makes tensors only by plain operations: one tidy then frees them all. */
  readonly leaf: boolean;
  readonly uses: ReadonlyMap<Value, number>;
  readonly owned: Set<Value>;
  readonly roots: Map<Value, Value>;
}

function finish(lines: readonly string[], last: string, tidy: boolean): string[] {
  if (!tidy) return [...lines, `return ${last};`];
  if (lines.length === 0) return [`return tf.tidy(() => ${last});`];
  return [`return tf.tidy(() => {`, ...lines, `return ${last};`, `});`];
}

/** The expression that gives a tensor away: what was made here as it is, what was passed in as a second handle. */
function given(writing: Writing, value: Value): string {
  const text = textOf(writing.frame, value);
  if (text.kind === "number") return `tf.scalar(${text.code}${value.type.dtype === "i32" ? ', "int32"' : ""})`;
  if (text.kind === "fresh") return text.hidden && !writing.leaf ? `tf.tidy(() => ${text.code})` : text.code;
  return writing.owned.has(rootOf(writing, value)) ? text.code : `${text.code}.clone()`;
}

/** The value whose tensor this one is, through renames. */
const rootOf = ({ roots }: Writing, value: Value): Value => roots.get(value) ?? value;

function textOf(frame: Frame, value: Value): Text {
  const text = frame.values.get(value);
  if (!text) throw new Error(`${value.name} is read before it is made`);
  return text;
}

const elementwise: ReadonlySet<Node["op"]> = new Set([
  "map",
  "reduce",
  "expand",
  "softmax",
  "activation",
  "take",
  "slice",
  "positions",
]);

function emitNodes(writing: Writing, body: readonly Node[], results: readonly Value[]): void {
  const { frame, owned, roots, leaf } = writing;
  for (const node of body) if (node.op === "rename") roots.set(node.out, rootOf(writing, node.operand));
  const lastUse = lastUses(writing, body, results);
  const held = new Map<Value, ReadonlySet<Value>>();
  const readers = new Map<Value, number>();
  body.forEach((node, at) => usesOf(node).forEach((value) => readers.set(value, at)));
  for (const [at, node] of body.entries()) {
    if (node.op === "repeat") emitRepeat(writing, node, lastUse, at);
    else {
      const text = operationText(frame, node, (value) => textOf(frame, value));
      const reader = readerOf(writing.uses, body, readers, node.out);
      if (text.kind !== "fresh" || node.op === "rename") frame.values.set(node.out, text);
      else if (isNested(writing, node, reader === undefined ? undefined : body[reader], results, text)) {
        frame.values.set(node.out, text);
        // What it reads, itself or through others written inside it, must live until the expression around it is evaluated.
        const reads = new Set(
          [...usesOf(node)].flatMap((value) => [rootOf(writing, value), ...(held.get(value) ?? [])]),
        );
        held.set(node.out, reads);
        for (const value of reads) lastUse.set(value, Math.max(lastUse.get(value) ?? 0, reader ?? at));
      } else {
        bind(frame, node.out, text, leaf);
        owned.add(node.out);
      }
    }
    if (!leaf) free(writing, lastUse, at);
  }
}

/** The node that reads a value, past renames that are its only use. */
function readerOf(
  uses: Writing["uses"],
  body: readonly Node[],
  readers: ReadonlyMap<Value, number>,
  value: Value,
): number | undefined {
  const at = readers.get(value);
  const reader = at === undefined ? undefined : body[at];
  return reader?.op === "rename" && uses.get(value) === 1 ? readerOf(uses, body, readers, reader.out) : at;
}

/**
 * A value that is used once may stand where it is used: always in a leaf, elsewhere for elementwise arithmetic, and as
 * the result where nothing has to be freed after it.
 */
function isNested(
  { leaf, owned, uses, roots }: Writing,
  node: Node,
  reader: Node | undefined,
  results: readonly Value[],
  text: Text,
): boolean {
  const [out] = outsOf(node);
  if (!out || uses.get(out) !== 1 || text.code.length > 110) return false;
  if (results.some((result) => (roots.get(result) ?? result) === out))
    return leaf || ![...usesOf(node)].some((value) => owned.has(roots.get(value) ?? value));
  if (!reader || reader.op === "repeat" || reader.op === "attend" || reader.op === "call" || reader.op === "rename")
    return false;
  return leaf || (elementwise.has(node.op) && elementwise.has(reader.op));
}

function bind(frame: Frame, value: Value, text: Text, leaf: boolean): void {
  const name = frame.names.claim(value.name);
  frame.lines.push(`const ${name} = ${!leaf && text.hidden ? `tf.tidy(() => ${text.code})` : text.code};`);
  frame.values.set(value, { code: name, kind: "borrowed", hidden: false });
}

/** For each tensor, the last node that reads it under any of its names. */
function lastUses(writing: Writing, body: readonly Node[], results: readonly Value[]): Map<Value, number> {
  const last = new Map<Value, number>();
  body.forEach((node, at) => usesOf(node).forEach((value) => last.set(rootOf(writing, value), at)));
  for (const result of results) last.set(rootOf(writing, result), Infinity);
  return last;
}

function free({ frame, owned }: Writing, lastUse: ReadonlyMap<Value, number>, at: number): void {
  const dead = [...owned].filter((value) => lastUse.get(value) === at);
  if (dead.length === 0) return;
  for (const value of dead) owned.delete(value);
  const names = dead.map((value) => textOf(frame, value).code);
  frame.lines.push(names.length === 1 ? `${names[0]}.dispose();` : `tf.dispose([${names.join(", ")}]);`);
}

/** `for (const layer of weights.h) { ... }`, or over a counter where something else needs it. */
function emitRepeat(writing: Writing, node: RepeatNode, lastUse: ReadonlyMap<Value, number>, at: number): void {
  const { frame, owned } = writing;
  const variables = node.carried.map(({ initial, parameter, next }) => {
    const root = rootOf(writing, initial);
    const start = textOf(frame, initial);
    const movable = owned.has(root) && lastUse.get(root) === at;
    const name = movable ? start.code : frame.names.claim(parameter.name);
    if (movable) makeVariable(frame, name, tensorType(parameter.type, frame.emission.aliases));
    else
      frame.lines.push(`let ${name}: ${tensorType(parameter.type, frame.emission.aliases)} = ${start.code}.clone();`);
    if (movable) owned.delete(root);
    frame.values.set(parameter, { code: name, kind: "borrowed", hidden: false });
    return { name, next };
  });
  const header = loopHeader(frame, node);
  const outer = frame.lines.splice(0);
  const inside: Writing = { ...writing, owned: new Set(), roots: new Map(writing.roots) };
  emitNodes(
    inside,
    node.body,
    variables.map(({ next }) => next),
  );
  const body = frame.lines.splice(0);
  const turns = variables.map(({ name, next }, n) => {
    const made = frame.names.claim(`next${variables.length > 1 ? n + 1 : ""}`);
    return { make: `const ${made} = ${given(inside, next)};`, turn: [`${name}.dispose();`, `${name} = ${made};`] };
  });
  frame.lines.push(
    ...outer,
    header,
    ...body,
    ...turns.map(({ make }) => make),
    ...turns.flatMap(({ turn }) => turn),
    "}",
  );
  node.outs.forEach((out, n) => {
    frame.values.set(out, { code: variables[n]?.name ?? "", kind: "borrowed", hidden: false });
    owned.add(out);
  });
}

/** The value that a loop carries on becomes its variable: `const x = ...` becomes `let x: ... = ...`. */
function makeVariable(frame: Frame, name: string, type: string): void {
  const at = frame.lines.findLastIndex((line) => line.startsWith(`const ${name} = `));
  if (at >= 0) frame.lines[at] = frame.lines[at]?.replace(`const ${name} = `, `let ${name}: ${type} = `) ?? "";
}

function loopHeader(frame: Frame, node: RepeatNode): string {
  const paths = nodesOf(node).flatMap((inside) =>
    inside.op === "weight" ? [inside.path] : inside.op === "call" ? [inside.weights] : [],
  );
  const own = paths.filter((path) => path.some((part) => isIndex(part, node)));
  const lists = new Set(own.map((path) => labelsBefore(path, node)));
  const [list] = lists;
  const counter = frame.names.claim(node.index.name);
  frame.loops.set(node.index, counter);
  const elsewhere = nodesOf(node).some((inside) => mentions(inside, node));
  if (
    lists.size !== 1 ||
    list === undefined ||
    elsewhere ||
    own.some((path) => path.slice(0, -1).some((part, n) => n > 0 && typeof part !== "string" && !isIndex(part, node)))
  ) {
    return `for (let ${counter} = 0; ${counter} < ${frame.size(node.count)}; ${counter}++) {`;
  }
  const element = frame.names.claim(
    list === "h" || list.length < 2 ? "layer" : singular(list.split(".").at(-1) ?? "layer"),
  );
  frame.weights.set(`.${list}[${counter}]`, element);
  return `for (const ${element} of weights.${list}) {`;
}

/** The labels of a path up to the loop's own index: `h`. */
function labelsBefore(path: WeightPath, node: RepeatNode): string {
  const labels = path.slice(
    0,
    path.findIndex((part) => isIndex(part, node)),
  );
  return labels.filter((part) => typeof part === "string").join(".");
}

const singular = (list: string): string =>
  list.endsWith("s") && !list.endsWith("ss") ? list.slice(0, -1) : `${list}_`;

const isIndex = (part: string | Dim, node: RepeatNode): boolean =>
  typeof part !== "string" && asAtom(part) === node.index;

/** Whether a node uses the loop's counter for anything but to find weights. */
function mentions(node: Node, loop: RepeatNode): boolean {
  return node.op === "size" && atomsOf(node.size).includes(loop.index);
}
