/**
 * The decode step: where the output depends on an axis at most causally, one new entry needs only itself, the keys and
 * values of what came before, and what a recurrence carried so far. Marks attends and scans to keep theirs and positions to
 * start where the last step ended, and sets apart what does not depend on the axis, to be computed once; or names the
 * operation that mixes along the axis.
 */
import type { Function, Module, Node, Port, Region, Task, Value } from "../ir/graph.js";
import { operandsOf, outsOf } from "../ir/operands.js";
import { asAtom, atomsOf, type Atom, type Dim } from "../shapes/index.js";
import { ownEntry } from "./align-positions.js";
import { levels, type Level } from "./level.js";
import { setApart } from "./set-apart.js";

/**
 * `label`: the axis that holds the entries, empty where the value does not have them. There is none in a step of a scan along
 * the axis, which sees one entry.
 */
interface Dependence {
  readonly level: Level;
  readonly label: string | undefined;
  /** What mixes, in the source's terms, and the labels that lead to it. */
  readonly blame?: string;
  readonly path?: readonly string[];
}

export type Decoding =
  | { readonly possible: false; readonly blame: string }
  | {
      readonly possible: true;
      readonly axis: Atom;
      /** The input that holds the tokens: i32[batch, axis]. */
      readonly prompt: Port;
      /** Whether there are other inputs that must be given. */
      readonly others: boolean;
      /** Whether the task's own function works entry by entry, so that only the last entry need be computed. */
      readonly lastOnly: boolean;
    };

const constant: Dependence = { level: "constant", label: "" };
const fixed: Dependence = { level: "fixed", label: "" };

/** Whether a value has something for each entry of the axis. */
const grows = ({ level }: Dependence): boolean => level === "pointwise" || level === "causal";
const worse = (a: Dependence, b: Dependence): Dependence =>
  levels.indexOf(a.level) >= levels.indexOf(b.level) ? a : b;
const mixing = (blame: string): Dependence => ({ level: "mixing", label: "", blame });

export type Derived = Extract<Decoding, { readonly possible: true }>;

/** Decides whether `task` can be decoded over `axis`, and marks the graph where it can. */
export function deriveDecoding(module: Module, task: Task, axis: Atom): Decoding {
  const marks: (() => void)[] = [];
  const analysis = createAnalysis(axis, marks);
  const inputs = module.body.parameters.map((parameter) => analysis.ofInput(parameter));
  const hidden = analysis.ofFunction(module.body, inputs);
  const rest = task.forward.parameters.slice(hidden.length).map((parameter) => analysis.ofInput(parameter));
  const [output = constant, other] = analysis.ofFunction(task.forward, [...hidden, ...rest]);
  const refuse = (blame: string): Decoding => ({ possible: false, blame });
  if (other) return refuse("several outputs: which to go on from is not said");
  if (!grows(output)) return refuse(blameText(output) ?? `an output without the axis \`${axis.name}\``);
  const read = new Set(task.forward.parameters.map(({ name }) => name));
  const required = [...module.inputs, ...task.inputs.filter(({ value }) => read.has(value.name))].filter(
    ({ fallback }) => fallback === undefined,
  );
  const [prompt, another] = required.filter(({ value }) => grows(analysis.ofInput(value)));
  if (!prompt || another || !isTokens(prompt.value, axis))
    return refuse(`no input of tokens alone along \`${axis.name}\``);
  marks.forEach((mark) => mark());
  setApart([module.body, task.forward], analysis.levelOf);
  const own = createAnalysis(axis, []);
  const given = hidden.map((each): Dependence => (grows(each) ? { level: "pointwise", label: each.label } : each));
  const [pointwise = constant] = own.ofFunction(task.forward, [...given, ...rest]);
  return {
    possible: true,
    axis,
    prompt,
    others: required.length > 1,
    lastOnly: pointwise.level === "pointwise" && task.forward.parameters.length === 1 && hidden.length === 1,
  };
}

const isTokens = ({ type: { dtype, axes } }: Value, axis: Atom): boolean =>
  dtype === "i32" && axes.length === 2 && axes[1] !== undefined && asAtom(axes[1].dim) === axis;

function blameText({ blame, path = [] }: Dependence): string | undefined {
  return blame === undefined || path.length === 0 ? blame : `${blame}, in ${path.join(" > ")}`;
}

/** Nodes that run no others but regions of their own. */
type Plain = Exclude<Node, { op: "repeat" | "scan" | "once" | "call" | "store" }>;

interface Analysis {
  ofInput(value: Value): Dependence;
  ofFunction(made: Function, inputs: readonly Dependence[]): Dependence[];
  /** What a node depends on, wherever it runs; undefined where it never does. */
  readonly levelOf: (node: Node) => Level | undefined;
}

function createAnalysis(axis: Atom, marks: (() => void)[]): Analysis {
  const isAxis = (dim: Dim): boolean => asAtom(dim) === axis;
  const ownLabel = (value: Value): string | undefined => value.type.axes.find(({ dim }) => isAxis(dim))?.label;

  const found = new Map<Node, Level>();

  const readsSize = (node: Node): boolean => node.op === "size" && atomsOf(node.size).includes(axis);

  const ofInput = (value: Value): Dependence => {
    const label = ownLabel(value);
    return label === undefined ? fixed : { level: "pointwise", label };
  };

  const ofFunction = (made: Function, inputs: readonly Dependence[]): Dependence[] => {
    const known = new Map<Value, Dependence>();
    made.parameters.forEach((parameter, n) => {
      known.set(parameter, relabelled(inputs[n] ?? constant, parameter));
    });
    walk(made.body, known);
    return made.results.map((result) => known.get(result) ?? constant);
  };

  /** Past a call the axis goes by another label, at the place where the sizes agree. */
  const relabelled = (given: Dependence, value: Value): Dependence =>
    grows(given) && given.label !== undefined ? { ...given, label: ownLabel(value) ?? "" } : given;

  const walk = (body: readonly Node[], known: Map<Value, Dependence>): void => {
    for (const node of body) {
      visit(node, known);
      const before: Dependence = { level: found.get(node) ?? "constant", label: "" };
      const { level } = outsOf(node).reduce((worst, out) => worse(worst, known.get(out) ?? constant), before);
      found.set(node, level);
    }
  };

  const visit = (node: Node, known: Map<Value, Dependence>): void => {
    const get = (value: Value): Dependence => known.get(value) ?? constant;
    switch (node.op) {
      case "store":
        return;
      case "once":
        return walk(node.body, known);
      case "repeat":
        settle(node, known);
        node.carried.forEach(({ parameter }, n) => known.set(node.outs[n] as Value, get(parameter)));
        return;
      case "scan":
        known.set(node.out, ofScan(node, known));
        return;
      case "call": {
        // What already mixes is not the callee's doing.
        const given = node.operands.map(get);
        const worst = given.reduce(worse, constant);
        const inside = worst.level === "mixing" ? undefined : ofFunction(node.callee, given);
        node.outs.forEach((out, n) => known.set(out, inside ? fromCallee(node, inside[n] ?? constant, out) : worst));
        return;
      }
      default:
        known.set(node.out, ofNode(node, get));
    }
  };

  /** Along the axis itself, a step knows what was carried so far; along others it is what its body is. */
  const ofScan = (node: Extract<Node, { op: "scan" }>, known: Map<Value, Dependence>): Dependence => {
    const get = (value: Value): Dependence => known.get(value) ?? constant;
    const isAlong = ({ operand, axis: at }: (typeof node.scanned)[number]): boolean =>
      grows(get(operand)) && get(operand).label === operand.type.axes[at]?.label;
    const isStepwise = node.scanned.some(isAlong);
    const oneEntry: Dependence = { level: "causal", label: undefined };
    for (const each of node.scanned) known.set(each.parameter, isAlong(each) ? oneEntry : get(each.operand));
    settle(node, known, isStepwise ? oneEntry : undefined);
    const inside = [get(node.step), ...node.carried.map(({ parameter }) => get(parameter))];
    const worst = inside.reduce(worse, constant);
    if (!isStepwise || worst.level === "mixing") return isStepwise ? worst : get(node.step);
    if (inside.some((each) => grows(each) && each.label !== undefined))
      return mixing(`\`scan\` along \`${axis.name}\``);
    marks.push(() => void (node.cache = true));
    return { level: "causal", label: node.out.type.axes[node.axis]?.label };
  };

  /** Levels only rise, so turns come to a fixed point. */
  const settle = (
    node: Extract<Node, { op: "repeat" | "scan" }>,
    known: Map<Value, Dependence>,
    least: Dependence = constant,
  ): void => {
    const get = (value: Value): Dependence => known.get(value) ?? constant;
    node.carried.forEach(({ initial, parameter }) => known.set(parameter, worse(least, get(initial))));
    for (let changed = true; changed;) {
      walk(node.body, known);
      changed = false;
      for (const { parameter, next } of node.carried) {
        const after = worse(get(next), get(parameter));
        if (after.level !== get(parameter).level) changed = true;
        known.set(parameter, after);
      }
    }
  };

  const join = (node: Plain, values: readonly Dependence[]): Dependence => {
    const worst = values.reduce(worse, constant);
    const labels = new Set(values.filter(grows).map(({ label }) => label));
    if (worst.level === "mixing" || labels.size < 2) return worst;
    return mixing(`\`${node.out.name}\` combines every entry with every other`);
  };

  const ofNode = (node: Plain, get: (value: Value) => Dependence): Dependence => {
    const reads = (...values: readonly (Value | undefined)[]): Dependence[] =>
      values.flatMap((value) => (value ? [get(value)] : []));
    const touches = (value: Value, axes: readonly (string | number)[]): boolean => {
      const given = get(value);
      return grows(given) && axes.some((a) => (typeof a === "number" ? value.type.axes[a]?.label : a) === given.label);
    };
    const mixed = (what: string): Dependence => mixing(`${what} along \`${axis.name}\``);
    switch (node.op) {
      case "weight":
      case "constant":
        return constant;
      case "state":
        // A step is a call: the cell would change with each of them.
        return mixing("`state`");
      case "size":
        return atomsOf(node.size).includes(axis) ? mixed("a size") : constant;
      case "positions": {
        const [own] = node.out.type.axes;
        if (!own || !isAxis(own.dim)) return constant;
        marks.push(() => void (node.offset = true));
        return { level: "pointwise", label: own.label };
      }
      case "table": {
        const at = node.out.type.axes.findIndex(({ dim }) => isAxis(dim));
        if (node.body.some(readsSize)) return mixed("a size");
        if (at < 0) return constant;
        if (node.out.type.axes.filter(({ dim }) => isAxis(dim)).length > 1)
          return mixed("a table that combines every entry with every other");
        marks.push(() => void (node.offsets[at] = true));
        return { level: "pointwise", label: node.out.type.axes[at]?.label ?? "" };
      }
      case "map":
      case "stack":
        return join(node, reads(...node.operands));
      case "expand": {
        const [own, other] = node.out.type.axes.filter(({ dim }) => isAxis(dim));
        if (own && other) return mixed("`expand`");
        // The same at every position is one entry for each.
        const given = get(node.operand);
        return own && (given.level === "constant" || given.level === "fixed")
          ? { level: "pointwise", label: own.label }
          : given;
      }
      case "activation":
        return get(node.operand);
      case "layer-norm":
        return touches(node.operand, [node.operand.type.axes.length - 1])
          ? mixed("a normalisation")
          : get(node.operand);
      case "linear":
        return touches(node.operand, [node.operand.type.axes.length - 1]) ? mixed("a product") : get(node.operand);
      case "reduce":
        return touches(node.operand, node.axes) ? mixed(`\`${node.name}\``) : get(node.operand);
      case "softmax":
        return touches(node.operand, [node.axis]) ? mixed("`softmax`") : get(node.operand);
      case "along":
        if (node.name === "cumsum" && touches(node.operand, [node.axis])) {
          marks.push(() => void (node.cache = true));
          return { ...get(node.operand), level: "causal" };
        }
        return touches(node.operand, [node.axis]) ? mixed(`\`${node.name}\``) : get(node.operand);
      case "roll":
        return touches(node.operand, [node.axis]) ? mixed("`roll`") : get(node.operand);
      case "conv": {
        // All but the leading axes go into every sum.
        const { axes } = node.operand.type;
        const summed = axes.map((_, n) => n).slice(1 - node.weight.type.axes.length);
        return touches(node.operand, summed) ? mixed("`conv`") : get(node.operand);
      }
      case "contract":
        if (node.axes.some(({ left, right }) => touches(node.left, [left]) || touches(node.right, [right])))
          return mixed("`dot`");
        return join(node, reads(node.left, node.right));
      case "view": {
        const given = get(node.operand);
        if (!grows(given) || given.label === undefined) return given;
        const at = node.operand.type.axes.findIndex(({ label }) => label === given.label);
        const [part, more] = node.split[at] ?? [];
        const into = node.merge.findIndex((names) => names.length === 1 && names[0] === part?.label);
        if (!part || more || into < 0) return mixed("`rearrange`");
        return { ...given, label: node.out.type.axes[into]?.label ?? "" };
      }
      case "rename": {
        const given = get(node.operand);
        const at = node.operand.type.axes.findIndex(({ label }) => grows(given) && label === given.label);
        return at < 0 ? given : { ...given, label: node.out.type.axes[at]?.label ?? "" };
      }
      case "slice":
      case "take":
        return touches(node.operand, [node.axis]) ? mixed("a slice") : get(node.operand);
      case "concat":
        return node.operands.some((operand) => touches(operand, [node.axis]))
          ? mixed("`concat`")
          : join(node, reads(...node.operands));
      case "gather":
        // What already mixes is not the look-up's doing.
        if (!touches(node.table, node.axes) || node.indices.some((index) => get(index).level === "mixing"))
          return join(node, reads(node.table, ...node.indices));
        return mixed("a look-up");
      case "attend":
        return ofAttend(node, get, mixed);
    }
  };

  const fromCallee = (node: Extract<Node, { op: "call" }>, inside: Dependence, out: Value): Dependence => {
    const path = [...(node.weights.length > 0 ? [pathText(node.weights)] : []), ...(inside.path ?? [])];
    return { ...relabelled(inside, out), ...(inside.blame !== undefined && { path }) };
  };

  const ofAttend = (
    node: Extract<Node, { op: "attend" }>,
    get: (value: Value) => Dependence,
    mixed: (what: string) => Dependence,
  ): Dependence => {
    const [query, key, values] = [get(node.query), get(node.key), get(node.value)];
    const regions = [node.mask, node.score].flatMap((region) => region ?? []);
    const captured = regions.flatMap((region) => outsideOf(region).map(get));
    const all = [query, key, values, ...captured];
    const worst = all.reduce(worse, constant);
    if (worst.level === "mixing") return worst;
    if (regions.some(({ body }) => body.some(readsSize))) return mixed("`attend` with a mask or score of a size");
    if (all.every((each) => !grows(each) || each.label === undefined)) return worst;
    // A query brings the data of its own position along; a key's would have to be kept with it.
    const isOfData = regions.some((region) =>
      outsideOf(region).some((value) => grows(get(value)) && !(grows(query) && goesWithQueries(region, value, node.i))),
    );
    if (!grows(key) && !grows(values)) {
      if (isOfData) return mixed("a mask of data");
      if (query.label === node.i && regions.some(readsQuery)) marks.push(() => void (node.offset = true));
      return { ...query, level: worst.level };
    }
    if (key.label !== node.j || values.label !== node.j || query.label !== node.i) return mixed("`attend`");
    if (!node.mask || !impliesCausal(node.mask)) return mixed("`attend` without a causal mask");
    if (isOfData) return mixed("`attend` with a mask or score of data");
    marks.push(() => void (node.cache = true));
    return { level: "causal", label: node.i };
  };

  return { ofInput, ofFunction, levelOf: (node) => found.get(node) };
}

const pathText = (path: readonly (string | Dim)[]): string => path.filter((part) => typeof part === "string").join(".");

/** The values that a region reads from outside it. */
function outsideOf({ body, parameters, result }: Region): Value[] {
  const inside = new Set<Value>(parameters);
  const outside: Value[] = [];
  for (const node of body) {
    outside.push(...operandsOf(node).filter((value) => !inside.has(value)));
    for (const out of outsOf(node)) inside.add(out);
  }
  return inside.has(result) ? outside : [...outside, result];
}

/** Whether a region takes a value only as what each query has of it. */
function goesWithQueries(region: Region, value: Value, i: string): boolean {
  const { body, parameters, result } = region;
  const isOwn = (node: Node): boolean =>
    node.op === "rename"
      ? node.out.type.axes.some(({ label }) => label === i)
      : ownEntry(region, node)?.position === parameters.at(-2);
  return value !== result && body.filter((node) => operandsOf(node).includes(value)).every(isOwn);
}

/** Whether a mask or a score asks for the query's position. */
function readsQuery({ body, parameters, result }: Region): boolean {
  const query = parameters.at(-2);
  return result === query || body.some((node) => operandsOf(node).some((value) => value === query));
}

/** Whether a mask holds only where k <= q: it says so, or is a conjunction of which one part does. */
export function impliesCausal(mask: Region): boolean {
  const [q, k] = mask.parameters;
  const made = new Map(mask.body.flatMap((node) => (node.op === "map" ? [[node.out, node] as const] : [])));
  const implies = (value: Value): boolean => {
    const node = made.get(value);
    if (!node) return false;
    const [a, b] = node.operands;
    if (node.name === "and") return node.operands.some(implies);
    if (node.name === "or") return node.operands.every(implies);
    return (node.name === "less-equal" || node.name === "less") && a === k && b === q;
  };
  return implies(mask.result);
}
