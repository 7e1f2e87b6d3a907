/**
 * The decode step: where the output depends on an axis at most causally, one new entry needs only itself and the keys and
 * values of what came before. Marks attends to keep theirs and positions to start where the last step ended; or names the
 * operation that mixes along the axis.
 */
import type { Function, Module, Node, Region, Task, Value } from "../ir/graph.js";
import { operandsOf, outsOf } from "../ir/operands.js";
import { asAtom, atomsOf, type Atom, type Dim } from "../shapes/index.js";

/** `label`: the axis that holds the entries, empty where the value does not have them. */
interface Dependence {
  readonly level: "absent" | "pointwise" | "causal" | "mixing";
  readonly label: string;
  /** What mixes, in the source's terms, and the labels that lead to it. */
  readonly blame?: string;
  readonly path?: readonly string[];
}

export interface Decoding {
  readonly possible: boolean;
  readonly blame: string | undefined;
  /** Whether the task's own function works entry by entry, so that only the last entry need be computed. */
  readonly lastOnly: boolean;
}

const absent: Dependence = { level: "absent", label: "" };
const order = ["absent", "pointwise", "causal", "mixing"] as const;

const worse = (a: Dependence, b: Dependence): Dependence => (order.indexOf(a.level) >= order.indexOf(b.level) ? a : b);
const mixing = (blame: string): Dependence => ({ level: "mixing", label: "", blame });

/** Decides whether `task` can be decoded over `axis`, and marks the graph where it can. */
export function deriveDecoding(module: Module, task: Task, axis: Atom): Decoding {
  const marks: (() => void)[] = [];
  const analysis = createAnalysis(axis, marks);
  const inputs = module.body.parameters.map((parameter) => analysis.ofInput(parameter));
  const hidden = analysis.ofFunction(module.body, inputs);
  const rest = task.forward.parameters.slice(hidden.length).map((parameter) => analysis.ofInput(parameter));
  const [output = absent, other] = analysis.ofFunction(task.forward, [...hidden, ...rest]);
  if (other) return { possible: false, blame: "several outputs: which to go on from is not said", lastOnly: false };
  if (output.level === "mixing" || output.level === "absent") {
    return { possible: false, blame: blameText(output) ?? `the output has no axis \`${axis.name}\``, lastOnly: false };
  }
  marks.forEach((mark) => mark());
  const own = createAnalysis(axis, []);
  const given = hidden.map(({ label }): Dependence => ({ level: "pointwise", label }));
  const [pointwise = absent] = own.ofFunction(task.forward, [...given, ...rest]);
  return {
    possible: true,
    blame: undefined,
    lastOnly: pointwise.level === "pointwise" && task.forward.parameters.length === 1 && hidden.length === 1,
  };
}

function blameText({ blame, path = [] }: Dependence): string | undefined {
  return blame === undefined || path.length === 0 ? blame : `${blame}, in ${path.join(" > ")}`;
}

interface Analysis {
  ofInput(value: Value): Dependence;
  ofFunction(made: Function, inputs: readonly Dependence[]): Dependence[];
}

function createAnalysis(axis: Atom, marks: (() => void)[]): Analysis {
  const isAxis = (dim: Dim): boolean => asAtom(dim) === axis;
  const ownLabel = (value: Value): string | undefined => value.type.axes.find(({ dim }) => isAxis(dim))?.label;

  const readsSize = (node: Node): boolean => node.op === "size" && atomsOf(node.size).includes(axis);

  const ofInput = (value: Value): Dependence => {
    const label = ownLabel(value);
    return label === undefined ? absent : { level: "pointwise", label };
  };

  const ofFunction = (made: Function, inputs: readonly Dependence[]): Dependence[] => {
    const known = new Map<Value, Dependence>();
    made.parameters.forEach((parameter, n) => {
      const given = inputs[n] ?? absent;
      // Inside, the axis goes by the callee's label, at the place where the sizes agree.
      known.set(parameter, given.level === "absent" ? given : { ...given, label: ownLabel(parameter) ?? "" });
    });
    walk(made.body, known);
    return made.results.map((result) => known.get(result) ?? absent);
  };

  const walk = (body: readonly Node[], known: Map<Value, Dependence>): void => {
    const get = (value: Value): Dependence => known.get(value) ?? absent;
    for (const node of body) {
      if (node.op === "repeat") {
        settle(node, known);
        node.carried.forEach(({ parameter }, n) => known.set(node.outs[n] as Value, get(parameter)));
        continue;
      }
      if (node.op === "store") continue;
      if (node.op === "scan") {
        known.set(node.out, ofScan(node, known));
        continue;
      }
      if (node.op === "call") {
        // What already mixes is not the callee's doing.
        const given = node.operands.map(get);
        const worst = given.reduce(worse, absent);
        const inside = worst.level === "mixing" ? undefined : ofFunction(node.callee, given);
        node.outs.forEach((out, n) => known.set(out, inside ? fromCallee(node, inside[n] ?? absent, out) : worst));
        continue;
      }
      known.set(node.out, ofNode(node, get));
    }
  };

  /** Along its own axis a step depends on all before it; along others it is what its body is. */
  const ofScan = (node: Extract<Node, { op: "scan" }>, known: Map<Value, Dependence>): Dependence => {
    const get = (value: Value): Dependence => known.get(value) ?? absent;
    for (const { operand, axis: at, parameter } of node.scanned) {
      const given = get(operand);
      if (given.level !== "absent" && given.label === operand.type.axes[at]?.label)
        return given.level === "mixing" ? given : mixing(`\`scan\` along \`${axis.name}\``);
      known.set(parameter, given);
    }
    settle(node, known);
    return get(node.step);
  };

  /** Levels only rise, so turns come to a fixed point. */
  const settle = (node: Extract<Node, { op: "repeat" | "scan" }>, known: Map<Value, Dependence>): void => {
    const get = (value: Value): Dependence => known.get(value) ?? absent;
    node.carried.forEach(({ initial, parameter }) => known.set(parameter, get(initial)));
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

  const join = (
    node: Exclude<Node, { op: "repeat" | "scan" | "call" | "store" }>,
    values: readonly Dependence[],
  ): Dependence => {
    const worst = values.reduce(worse, absent);
    const labels = new Set(values.filter((v) => v.level === "pointwise" || v.level === "causal").map((v) => v.label));
    if (worst.level === "mixing" || labels.size < 2) return worst;
    return mixing(`\`${node.out.name}\` combines every entry with every other`);
  };

  const ofNode = (
    node: Exclude<Node, { op: "repeat" | "scan" | "call" | "store" }>,
    get: (value: Value) => Dependence,
  ): Dependence => {
    const reads = (...values: readonly (Value | undefined)[]): Dependence[] =>
      values.flatMap((value) => (value ? [get(value)] : []));
    const touches = (value: Value, axes: readonly (string | number)[]): boolean => {
      const { level, label } = get(value);
      return level !== "absent" && axes.some((a) => (typeof a === "number" ? value.type.axes[a]?.label : a) === label);
    };
    const mixed = (what: string): Dependence => mixing(`${what} along \`${axis.name}\``);
    switch (node.op) {
      case "weight":
      case "constant":
        return absent;
      case "state":
        // A step is a call: the cell would change with each of them.
        return mixing("`state`");
      case "size":
        return atomsOf(node.size).includes(axis) ? mixed("a size") : absent;
      case "positions": {
        const [own] = node.out.type.axes;
        if (!own || !isAxis(own.dim)) return absent;
        marks.push(() => void (node.offset = true));
        return { level: "pointwise", label: own.label };
      }
      case "table": {
        const at = node.out.type.axes.findIndex(({ dim }) => isAxis(dim));
        if (node.body.some(readsSize)) return mixed("a size");
        if (at < 0) return absent;
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
        return own && get(node.operand).level === "absent"
          ? { level: "pointwise", label: own.label }
          : get(node.operand);
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
        if (given.level === "absent" || given.level === "mixing") return given;
        const at = node.operand.type.axes.findIndex(({ label }) => label === given.label);
        const [part, more] = node.split[at] ?? [];
        const into = node.merge.findIndex((names) => names.length === 1 && names[0] === part?.label);
        if (!part || more || into < 0) return mixed("`rearrange`");
        return { ...given, label: node.out.type.axes[into]?.label ?? "" };
      }
      case "rename": {
        const given = get(node.operand);
        const at = node.operand.type.axes.findIndex(({ label }) => label === given.label);
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
        return touches(node.table, node.axes) ? mixed("a look-up") : join(node, reads(node.table, ...node.indices));
      case "attend":
        return ofAttend(node, get, mixed);
    }
  };

  const fromCallee = (node: Extract<Node, { op: "call" }>, inside: Dependence, out: Value): Dependence => {
    if (inside.level === "absent") return inside;
    const path = [...(node.weights.length > 0 ? [pathText(node.weights)] : []), ...(inside.path ?? [])];
    return {
      level: inside.level,
      label: ownLabel(out) ?? "",
      ...(inside.blame !== undefined && { blame: inside.blame, path }),
    };
  };

  const ofAttend = (
    node: Extract<Node, { op: "attend" }>,
    get: (value: Value) => Dependence,
    mixed: (what: string) => Dependence,
  ): Dependence => {
    const [query, key, values] = [get(node.query), get(node.key), get(node.value)];
    const worst = [query, key, values].reduce(worse, absent);
    if (worst.level === "mixing") return worst;
    const captured = [node.mask, node.score].some(
      (region) => region && (readsEntries(region, get) || region.body.some(readsSize)),
    );
    if (key.level === "absent" && values.level === "absent")
      return captured && query.level !== "absent" ? mixed("a mask of data") : query;
    if (key.label !== node.j || values.label !== node.j || query.label !== node.i) return mixed("`attend`");
    if (!node.mask || !impliesCausal(node.mask)) return mixed("`attend` without a causal mask");
    if (captured) return mixed("`attend` with a mask or score of data");
    marks.push(() => void (node.cache = true));
    return { level: "causal", label: node.i };
  };

  return { ofInput, ofFunction };
}

const pathText = (path: readonly (string | Dim)[]): string => path.filter((part) => typeof part === "string").join(".");

/** Whether a region reads, from outside, a value that has an entry for each position: a cache does not keep those. */
function readsEntries({ body, parameters, result }: Region, get: (value: Value) => Dependence): boolean {
  const inside = new Set<Value>(parameters);
  const grows = (value: Value): boolean => !inside.has(value) && get(value).level !== "absent";
  for (const node of body) {
    if (operandsOf(node).some(grows)) return true;
    for (const out of outsOf(node)) inside.add(out);
  }
  return grows(result);
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
