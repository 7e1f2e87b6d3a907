/** One function of the graph as one function of TypeScript. Every tensor it makes is freed at its last use. */
import type { Function, Node, OnceNode, RepeatNode, ScanNode, StoreNode, Value, WeightPath } from "../ir/graph.js";
import { nodesOf } from "../ir/functions.js";
import { outsOf, usesOf } from "../ir/operands.js";
import { sizesIn } from "../ir/sizes-in.js";
import { countUses } from "../4-optimize/count-uses.js";
import { asAtom, atomsOf, variable, type Dim } from "../shapes/index.js";
import { batchText, createFrame, stepsText, use, type Emission, type Frame, type Text } from "./frame.js";
import { operationText } from "./operations.js";
import { tensorType, typesText } from "./sizes.js";

export interface FunctionText {
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  readonly result: string;
  readonly statements: readonly string[];
}

export function emitFunction(emission: Emission, made: Function): FunctionText {
  const prelude: string[] = [];
  const passed = emission.passed.get(made) ?? [];
  const uses = countUses(made);
  const frame = createFrame(
    emission,
    // A task may leave out what its model gives it; the name says so.
    made.parameters.map((value) => ({ value, name: uses.has(value) ? value.name : `_${value.name}` })),
    passed,
    prelude,
  );
  const leaf = nodesOf(made).every(({ op }) => !["call", "repeat", "scan", "once", "attend", "store"].includes(op));
  const writing: Writing = { frame, leaf, uses, owned: new Set(), roots: new Map() };
  emitNodes(writing, made.body, made.results);
  const isHidden = made.results.some((result) => textOf(frame, result).hidden);
  const weights = emission.weightTypes.get(made);
  return {
    parameters: [
      ...(weights === undefined ? [] : [{ name: "weights", type: weights, optional: false }]),
      ...made.parameters.map((value) => ({
        name: textOf(frame, value).code,
        type: tensorType(value.type, emission.aliases),
        optional: false,
      })),
      ...passed.map((atom) => ({ name: frame.size(variable(atom)), type: "number", optional: false })),
      ...(emission.cached.has(made) ? [{ name: "cache", type: "Cache", optional: true }] : []),
      ...(emission.stateful.has(made) ? [{ name: "state", type: "State", optional: true }] : []),
    ],
    result: typesText(made.results, emission.aliases),
    statements: finish(
      [...prelude, ...frame.lines],
      givenAll(writing, made.results),
      leaf && (frame.lines.length > 0 || isHidden),
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

/** What stands twice is given once as it is, then as further handles. */
function eachGiven(writing: Writing, values: readonly Value[]): string[] {
  const roots = values.map((value) => rootOf(writing, value));
  return values.map((value, n) => {
    const isTwice = roots.indexOf(roots[n] as Value) < n;
    return isTwice ? handle(textOf(writing.frame, value), value) : given(writing, value);
  });
}

/** One tensor, or several in brackets. */
function givenAll(writing: Writing, values: readonly Value[]): string {
  const texts = eachGiven(writing, values);
  const [only = ""] = texts;
  return texts.length === 1 ? only : `[${texts.join(", ")}]`;
}

/** The expression that gives a tensor away: what was made here as it is, what was passed in as a second handle. */
function given(writing: Writing, value: Value): string {
  const text = textOf(writing.frame, value);
  if (text.kind === "number") return scalarText(text, value.type.dtype);
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
    const [out, another] = outsOf(node);
    if (node.op === "repeat") emitRepeat(writing, node, lastUse, at);
    else if (node.op === "once") emitOnce(writing, node);
    else if (node.op === "scan") emitScan(writing, node, lastUse, at);
    else if (node.op === "store") emitStore(writing, node);
    else if (!out || another) emitSeveral(writing, node, lastUse, at);
    else {
      const text = operationText(frame, node, (value) => textOf(frame, value));
      const reader = readerOf(writing.uses, body, readers, out);
      // What it reads, itself or through others written inside it.
      const operands = [...usesOf(node)].map((value) => rootOf(writing, value));
      const reads = new Set(operands.flatMap((value) => [value, ...(held.get(value) ?? [])]));
      if (text.kind !== "fresh" || node.op === "rename") frame.values.set(out, text);
      else if (isNested(writing, node, reader === undefined ? undefined : body[reader], results, text, reads)) {
        frame.values.set(out, text);
        // That must live until the expression around it is evaluated.
        held.set(out, reads);
        for (const value of reads) lastUse.set(value, Math.max(lastUse.get(value) ?? 0, reader ?? at));
      } else {
        bind(frame, out, text, leaf);
        owned.add(out);
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
  const isOnlyRead = (each: Value): boolean => uses.get(each) === 1;
  return reader?.op === "rename" && isOnlyRead(value) && isOnlyRead(reader.out)
    ? readerOf(uses, body, readers, reader.out)
    : at;
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
  reads: ReadonlySet<Value>,
): boolean {
  const [out] = outsOf(node);
  if (!out || uses.get(out) !== 1 || text.code.length > 110) return false;
  if (results.some((result) => (roots.get(result) ?? result) === out))
    return leaf || ![...reads].some((value) => owned.has(value));
  if (!reader || ["repeat", "scan", "once", "attend", "call", "rename", "store"].includes(reader.op)) return false;
  return leaf || (elementwise.has(node.op) && elementwise.has(reader.op));
}

/** `const [h, c] = cell(...)`; what nothing reads is freed at once. */
function emitSeveral(
  { frame, owned }: Writing,
  node: Exclude<Node, { op: "repeat" | "scan" | "once" | "store" }>,
  lastUse: Map<Value, number>,
  at: number,
): void {
  const text = operationText(frame, node, (value) => textOf(frame, value));
  const outs = outsOf(node);
  const names = outs.map(({ name }) => frame.names.claim(name));
  frame.lines.push(`const [${names.join(", ")}] = ${text.hidden ? `tf.tidy(() => ${text.code})` : text.code};`);
  for (const [n, out] of outs.entries()) {
    frame.values.set(out, { code: names[n] ?? "", kind: "borrowed", hidden: false });
    owned.add(out);
    if (!lastUse.has(out)) lastUse.set(out, at);
  }
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

function emitStore({ frame }: Writing, { path, operand }: StoreNode): void {
  use(frame, "store");
  const text = textOf(frame, operand);
  const value = text.kind === "number" ? scalarText(text, operand.type.dtype) : text.code;
  frame.lines.push(`store(state, [${stepsText(frame, path)}], ${value});`);
}

/** `for (const layer of weights.h) { ... }`, or over a counter where something else needs it. */
function emitRepeat(writing: Writing, node: RepeatNode, lastUse: ReadonlyMap<Value, number>, at: number): void {
  const { frame, owned } = writing;
  const variables = startRound(writing, node.carried, lastUse, at);
  const header = loopHeader(frame, node);
  const { lines, inside } = emitBody(writing, node.body, nextOf(node.carried));
  const texts = eachGiven(inside, nextOf(node.carried));
  frame.lines.push(header, ...lines, ...turnRound(frame, variables, texts), "}");
  node.outs.forEach((out, n) => {
    frame.values.set(out, { code: variables[n] ?? "", kind: "borrowed", hidden: false });
    owned.add(out);
  });
}

/** `const [memory] = once(cache, () => { ... return [memory]; })` */
function emitOnce(writing: Writing, node: OnceNode): void {
  const { frame, owned } = writing;
  const alone = { ...writing, frame: { ...frame, cache: "undefined" } as const };
  const { lines, inside } = emitBody(alone, node.body, node.outs);
  const texts = eachGiven(inside, node.outs);
  const names = node.outs.map(({ name }) => frame.names.claim(name));
  use(frame, "once");
  frame.lines.push(
    `const [${names.join(", ")}] = once(cache, () => {`,
    ...lines,
    `return [${texts.join(", ")}];`,
    `}${batchText(frame.emission, node.outs)});`,
  );
  for (const [n, out] of node.outs.entries()) {
    frame.values.set(out, { code: names[n] ?? "", kind: "borrowed", hidden: false });
    owned.add(out);
  }
}

/** A loop over the entries of an axis, whose steps are joined at the end. */
function emitScan(writing: Writing, node: ScanNode, lastUse: ReadonlyMap<Value, number>, at: number): void {
  const { frame, owned, uses } = writing;
  const variables = startRound(writing, node.carried, lastUse, at);
  const resumes = node.cache === true && variables.length > 0;
  if (resumes) use(frame, "resume", "carry");
  const steps = frame.names.claim("steps");
  const [counter, results] = [frame.names.claim("t"), [...nextOf(node.carried), node.step]];
  const entries = node.scanned.filter(({ parameter }) => uses.has(parameter));
  use(frame, "take", "stack");
  const taken = entries.map(({ operand, axis, parameter }) => {
    const name = frame.names.claim(parameter.name);
    frame.values.set(parameter, { code: name, kind: "borrowed", hidden: false });
    return `const ${name} = take(${textOf(frame, operand).code}, ${axis}, ${counter});`;
  });
  const made = new Set(entries.map(({ parameter }) => parameter));
  // What runs for each entry is no step of decoding.
  const each: Writing = node.cache ? { ...writing, frame: { ...frame, cache: "undefined" } } : writing;
  const { lines, inside } = emitBody(each, node.body, results, made);
  const texts = eachGiven(inside, results);
  const step = texts.pop() ?? "";
  const out = frame.names.claim(node.out.name);
  frame.lines.push(
    ...(resumes ? [`[${variables.join(", ")}] = resume(cache, [${variables.join(", ")}]);`] : []),
    `const ${steps}: ${tensorType(node.step.type, frame.emission.aliases)}[] = [];`,
    `for (let ${counter} = 0; ${counter} < ${frame.size(node.length)}; ${counter}++) {`,
    ...taken,
    ...lines,
    `${steps}.push(${step});`,
    ...turnRound(frame, variables, texts),
    "}",
    ...(resumes ? [`carry(cache, [${variables.join(", ")}]${batchText(frame.emission, nextOf(node.carried))});`] : []),
    `const ${out} = stack(${steps}, ${node.axis});`,
    `tf.dispose([${[`...${steps}`, ...variables].join(", ")}]);`,
  );
  frame.values.set(node.out, { code: out, kind: "borrowed", hidden: false });
  owned.add(node.out);
}

type Carried = RepeatNode["carried"];

const nextOf = (carried: Carried): Value[] => carried.map(({ next }) => next);

/** A variable for each value that goes round, and its name. */
function startRound(
  { frame, owned, roots }: Writing,
  carried: Carried,
  lastUse: ReadonlyMap<Value, number>,
  at: number,
): string[] {
  return carried.map(({ initial, parameter }) => {
    const root = roots.get(initial) ?? initial;
    const start = textOf(frame, initial);
    const type = tensorType(parameter.type, frame.emission.aliases);
    const movable = owned.has(root) && lastUse.get(root) === at;
    const name = movable ? start.code : frame.names.claim(parameter.name);
    if (movable) makeVariable(frame, name, type);
    else frame.lines.push(`let ${name}: ${type} = ${handle(start, initial)};`);
    if (movable) owned.delete(root);
    frame.values.set(parameter, { code: name, kind: "borrowed", hidden: false });
    return name;
  });
}

/** A tensor of one's own, beside whatever else holds it. */
function handle(text: Text, { type }: Value): string {
  if (text.kind === "number") return scalarText(text, type.dtype);
  return text.kind === "fresh" ? text.code : `${text.code}.clone()`;
}

const scalarText = ({ code }: Text, dtype: Value["type"]["dtype"]): string =>
  `tf.scalar(${code}${dtype === "i32" ? ', "int32"' : ""})`;

/** The lines of a loop's body. `made`: what is made before them and freed among them. */
function emitBody(
  writing: Writing,
  body: readonly Node[],
  results: readonly Value[],
  made: ReadonlySet<Value> = new Set(),
): { lines: string[]; inside: Writing } {
  const { frame } = writing;
  const outer = frame.lines.splice(0);
  const inside: Writing = { ...writing, owned: new Set(made), roots: new Map(writing.roots) };
  emitNodes(inside, body, results);
  const lines = frame.lines.splice(0);
  frame.lines.push(...outer);
  return { lines, inside };
}

/** All new values are made before any old one is freed. */
function turnRound(frame: Frame, variables: readonly string[], texts: readonly string[]): string[] {
  const names = variables.map((_, n) => frame.names.claim(`next${variables.length > 1 ? n + 1 : ""}`));
  return [
    ...names.map((name, n) => `const ${name} = ${texts[n]};`),
    ...variables.flatMap((variable, n) => [`${variable}.dispose();`, `${variable} = ${names[n]};`]),
  ];
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
  const elsewhere = nodesOf(node).some((inside) => mentions(frame, inside, node));
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
function mentions({ emission }: Frame, node: Node, loop: RepeatNode): boolean {
  const findsWeights = node.op === "weight" || (node.op === "call" && !emission.stateful.has(node.callee));
  const sizes = findsWeights ? [] : sizesIn(node);
  const axes = outsOf(node).flatMap(({ type }) => type.axes.map(({ dim }) => dim));
  if (node.op === "call" && emission.passed.get(node.callee)?.includes(loop.index)) return true;
  return [...sizes, ...axes].some((dim) => atomsOf(dim).includes(loop.index));
}
