/** One operation of the graph as one expression of tfjs or the runtime. */
import type { Axis, MapName, Node, Value } from "../ir/graph.js";
import { operandsOf } from "../ir/operands.js";
import { convText } from "./conv.js";
import { gatherText } from "./gather.js";
import { asConstant, printDim, variable } from "../shapes/index.js";
import { batchText, fresh, stateText, stepsText, use, weightText, type Frame, type Text } from "./frame.js";
import { alignText } from "./align.js";
import { maskText, scoreText } from "./masks.js";
import { createNames, identifier } from "./names.js";

type Expressible = Exclude<Node, { op: "repeat" | "scan" | "once" | "store" }>;

const functions: Partial<Record<MapName, string>> = {
  add: "add", subtract: "sub", multiply: "mul", divide: "div", "floor-divide": "floorDiv", modulo: "mod", power: "pow",
  minimum: "minimum", maximum: "maximum", negate: "neg", absolute: "abs", exp: "exp", log: "log", sqrt: "sqrt", rsqrt: "rsqrt",
  sin: "sin", cos: "cos", tanh: "tanh", sigmoid: "sigmoid", erf: "erf", floor: "floor", relu: "relu", equal: "equal",
  "not-equal": "notEqual", less: "less", "less-equal": "lessEqual", and: "logicalAnd", or: "logicalOr", not: "logicalNot", select: "where",
}; // prettier-ignore

/** `text` gives the expression of a value that the node reads. */
export function operationText(frame: Frame, node: Expressible, text: (value: Value) => Text): Text {
  const one = (value: Value): [string, Text] => [text(value).code, text(value)];
  switch (node.op) {
    case "weight":
      return { code: weightText(frame, node.path), kind: "borrowed", hidden: false };
    case "state": {
      use(frame, "recall");
      const { dtype, axes } = node.out.type;
      const shape = `[${axes.map(({ dim }) => frame.size(dim)).join(", ")}]`;
      const kind = dtype === "f32" ? "" : `, "${dtype === "i32" ? "int32" : "bool"}"`;
      return fresh(`recall(state, [${stepsText(frame, node.path)}], ${shape}, ${Number(node.initial)}${kind})`);
    }
    case "constant":
      return { code: numberText(node.value), kind: "number", hidden: false };
    case "size":
      return { code: frame.size(node.size), kind: "number", hidden: false };
    case "positions": {
      const [axis] = node.out.type.axes;
      use(frame, "positions");
      const count = axis ? frame.size(axis.dim) : "1";
      return fresh(node.offset ? `positions(${count}, cache)` : `positions(${count})`);
    }
    case "table":
      return tableText(frame, node);
    case "map":
      return mapText(node.name, node.operands, node.out, text);
    case "rename":
      return text(node.operand);
    case "expand": {
      const [code, from] = one(node.operand);
      const shape = `[${node.out.type.axes.map(({ dim }) => frame.size(dim)).join(", ")}]`;
      const dtype = node.out.type.dtype === "f32" ? "" : `, "${node.out.type.dtype === "i32" ? "int32" : "bool"}"`;
      if (from.kind === "number") return fresh(`tf.fill(${shape}, ${code}${dtype})`);
      return fresh(`tf.broadcastTo(${code}, ${shape})`, from);
    }
    case "reduce": {
      const [code, from] = one(node.operand);
      const axes = positionsOf(node.operand.type.axes, node.axes);
      const all = axes.length === node.operand.type.axes.length;
      return fresh(
        `tf.${node.name}(${code}${all ? "" : `, ${axes.length === 1 ? axes[0] : `[${axes.join(", ")}]`}`})`,
        from,
      );
    }
    case "softmax": {
      const [code, from] = one(node.operand);
      const [axis = -1] = positionsOf(node.operand.type.axes, [node.axis]);
      const rank = node.operand.type.axes.length;
      const name = node.log ? "logSoftmax" : "softmax";
      if (axis === rank - 1) return fresh(`tf.${name}(${code})`, from);
      // tfjs knows it along the last axis only: the axis changes places with that one, and back.
      const order = `[${Array.from({ length: rank }, (_, n) => (n === axis ? rank - 1 : n === rank - 1 ? axis : n)).join(", ")}]`;
      return { ...fresh(`tf.transpose(tf.${name}(tf.transpose(${code}, ${order})), ${order})`, from), hidden: true };
    }
    case "along": {
      const [code, from] = one(node.operand);
      use(frame, node.name);
      const sofar = node.cache ? `, cache${batchText(frame.emission, [node.out])}` : "";
      return fresh(`${node.name}(${code}, ${node.axis}${sofar})`, from);
    }
    case "roll": {
      const [code, from] = one(node.operand);
      use(frame, "roll");
      return fresh(`roll(${code}, ${node.axis}, ${frame.size(node.by)})`, from);
    }
    case "conv":
      return convText(frame, node, text);
    case "linear": {
      const name = node.transposed ? "linearTransposed" : "linear";
      use(frame, name);
      const operands = [node.operand, node.weight, ...(node.bias ? [node.bias] : [])].map(text);
      return fresh(`${name}(${operands.map(({ code }) => code).join(", ")})`, ...operands);
    }
    case "contract": {
      use(frame, "contract");
      const [left, right] = [text(node.left), text(node.right)];
      const spec = contractSpec(node.left.type.axes, node.right.type.axes, node.out.type.axes, node.axes);
      return fresh(`contract(${left.code}, ${right.code}, ${JSON.stringify(spec)})`, left, right);
    }
    case "layer-norm": {
      const name = node.kind === "layer" ? "layerNorm" : "rmsNorm";
      use(frame, name);
      const operands = [node.operand, node.gain, ...(node.bias ? [node.bias] : [])].map(text);
      return fresh(`${name}(${operands.map(({ code }) => code).join(", ")}, ${numberText(node.epsilon)})`, ...operands);
    }
    case "activation": {
      const name = { gelu: "gelu", "gelu-tanh": "geluTanh", silu: "silu", "quick-gelu": "quickGelu" }[node.name];
      use(frame, name);
      const [code, from] = one(node.operand);
      return fresh(`${name}(${code})`, from);
    }
    case "view":
      return viewText(frame, node, text(node.operand));
    case "slice": {
      const [code, from] = one(node.operand);
      use(frame, "slice");
      return fresh(`slice(${code}, ${node.axis}, ${frame.size(node.from)}, ${frame.size(node.to)})`, from);
    }
    case "take": {
      const [code, from] = one(node.operand);
      use(frame, "take");
      return fresh(`take(${code}, ${node.axis}, ${frame.size(node.index)})`, from);
    }
    case "gather":
      return gatherText(frame, node, text);
    case "concat":
    case "stack": {
      const operands = node.operands.map(text);
      const axis = node.op === "concat" ? node.axis : node.out.type.axes.length - 1;
      use(frame, node.op);
      return fresh(`${node.op}([${operands.map(({ code }) => code).join(", ")}], ${axis})`, ...operands);
    }
    case "attend": {
      use(frame, "attend");
      const operands = [node.query, node.key, node.value].map(text);
      const options = [
        ...(node.scale === 1 ? [] : [`scale: ${node.scale}`]),
        ...(node.mask ? [`mask: ${maskText(frame, node.mask, scoreAxes(node), operationText)}`] : []),
        ...(node.score ? [`score: ${scoreText(frame, node.score, scoreAxes(node), operationText)}`] : []),
        ...(node.cache ? ["cache"] : []),
        ...(node.offset ? ["start: cache?.length"] : []),
      ];
      return fresh(
        `attend(${operands.map(({ code }) => code).join(", ")}${options.length > 0 ? `, { ${options.join(", ")} }` : ""})`,
        ...operands,
      );
    }
    case "call": {
      const { emission } = frame;
      const operands = node.operands.map(text);
      const parts = [
        ...(emission.weightTypes.has(node.callee) ? [weightText(frame, node.weights)] : []),
        ...operands.map(({ code }) => code),
        ...(emission.passed.get(node.callee) ?? []).map((atom) => frame.size(variable(atom))),
        ...(emission.cached.has(node.callee) ? [frame.cache] : []),
        ...(emission.stateful.has(node.callee) ? [stateText(frame, node.weights)] : []),
      ];
      return fresh(`${emission.functionNames.get(node.callee)}(${parts.join(", ")})`, ...operands);
    }
  }
}

/** The axes of the scores: those of the queries but the channels, then the keys'. */
function scoreAxes(node: Extract<Node, { op: "attend" }>): readonly Axis[] {
  const keys = node.key.type.axes.find(({ label }) => label === node.j);
  return [...node.query.type.axes.slice(0, -1), ...(keys ? [keys] : [])];
}

export function numberText(value: number | boolean): string {
  if (value === Infinity) return "Infinity";
  if (value === -Infinity) return "-Infinity";
  const small = typeof value === "number" && value !== 0 && Math.abs(value) < 1e-3;
  return small ? value.toExponential() : String(value);
}

const positionsOf = (axes: readonly Axis[], labels: readonly string[]): number[] =>
  labels.length === 0 ? axes.map((_, n) => n) : labels.map((label) => axes.findIndex((axis) => axis.label === label));

/** Elementwise: operands are brought to the result's axes, so that tfjs broadcasts them as the labels say. */
export function mapText(name: MapName, operands: readonly Value[], out: Value, text: (value: Value) => Text): Text {
  const aligned = operands.map((operand) => alignText(text(operand), operand.type.axes, out.type.axes));
  const codes = aligned.map(({ code }) => code);
  if (name === "to-real" || name === "to-int")
    return fresh(`tf.cast(${codes[0]}, "${name === "to-real" ? "float32" : "int32"}")`, ...aligned);
  // tfjs makes a tensor of every bare number, which has to be freed too.
  const hasNumber = aligned.some(({ kind }) => kind === "number");
  const asTensors = codes.map((code, n) =>
    operands[n]?.type.dtype === "i32" && aligned[n]?.kind === "number" ? `tf.scalar(${code}, "int32")` : code,
  );
  return {
    ...fresh(`tf.${functions[name]}(${asTensors.join(", ")})`, ...aligned),
    hidden: hasNumber || aligned.some(({ kind, hidden }) => kind === "fresh" || hidden),
  };
}

/** `table([seq, 32], (n, h) => Math.cos(n * 10000 ** (-2 * h / 64)))` */
function tableText(frame: Frame, node: Extract<Node, { op: "table" }>): Text {
  use(frame, "table");
  const names = createNames(["start", "config"]);
  const values = new Map<Value, string>();
  const parameters = node.indices.map((index, n) => {
    const name = names.claim(identifier(index.name));
    values.set(index, node.offsets[n] ? `(start + ${name})` : name);
    return name;
  });
  const uses = new Map<Value, number>();
  for (const inside of node.body)
    for (const operand of operandsOf(inside)) uses.set(operand, (uses.get(operand) ?? 0) + 1);
  const lines: string[] = [];
  for (const inside of node.body) {
    if (inside.op === "constant") values.set(inside.out, numberText(inside.value));
    else if (inside.op === "size") values.set(inside.out, `(${frame.size(inside.size)})`);
    else if (inside.op === "map") {
      const code = scalarText(
        inside.name,
        inside.operands.map((operand) => values.get(operand) ?? "NaN"),
      );
      const isShared = (uses.get(inside.out) ?? 0) > 1 && /[*/+-]/.test(code);
      const name = isShared ? names.claim(inside.out.name) : code;
      if (isShared) lines.push(`const ${name} = ${unwrapped(code)};`);
      values.set(inside.out, name);
    }
  }
  const sizes = node.out.type.axes.map(({ dim }) => frame.size(dim)).join(", ");
  const start = node.offsets.some(Boolean) ? ", cache" : "";
  const result = unwrapped(values.get(node.result) ?? "NaN");
  const body = lines.length > 0 ? `{ ${lines.join(" ")} return ${result}; }` : result;
  return fresh(`table([${sizes}], (${[...parameters, ...(start ? ["start"] : [])].join(", ")}) => ${body}${start})`);
}

/** Without the parentheses around the whole. */
const unwrapped = (code: string): string =>
  code.replace(/^\((.*)\)$/, (whole, inner: string) => (isBalanced(inner) ? inner : whole));

/** Whether every parenthesis closes what was opened within. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === "(") depth++;
    else if (letter === ")" && --depth < 0) return false;
  }
  return depth === 0;
}

/** One number from numbers, in JavaScript. */
function scalarText(name: MapName, [a = "NaN", b = "NaN", c = "NaN"]: readonly string[]): string {
  const infix: Partial<Record<MapName, string>> = { add: "+", subtract: "-", multiply: "*", divide: "/", power: "**", less: "<", "less-equal": "<=", equal: "===", "not-equal": "!==", and: "&&", or: "||" }; // prettier-ignore
  const called: Partial<Record<MapName, string>> = { minimum: "min", maximum: "max", absolute: "abs", exp: "exp", log: "log", sqrt: "sqrt", sin: "sin", cos: "cos", tanh: "tanh", floor: "floor", "to-int": "trunc" }; // prettier-ignore
  const operator = infix[name];
  if (operator) return name === "power" && a.startsWith("-") ? `((${a}) ** ${b})` : `(${a} ${operator} ${b})`;
  const method = called[name];
  if (method) return name === "minimum" || name === "maximum" ? `Math.${method}(${a}, ${b})` : `Math.${method}(${a})`;
  switch (name) {
    case "to-real":
      return a;
    case "negate":
      return `(-${a})`;
    case "not":
      return `!${a}`;
    case "rsqrt":
      return `(1 / Math.sqrt(${a}))`;
    case "relu":
      return `Math.max(${a}, 0)`;
    case "sigmoid":
      return `(1 / (1 + Math.exp(-${a})))`;
    case "floor-divide":
      return `Math.floor(${a} / ${b})`;
    case "modulo":
      return `(${a} - ${b} * Math.floor(${a} / ${b}))`;
    case "select":
      return `(${a} ? ${b} : ${c})`;
    default:
      throw new Error(`${name} of positions alone is not emitted`);
  }
}

const letter = (n: number): string => `a${n}`;

/** `rearrange(x, "batch seq (heads c) -> batch heads seq c", { heads: config.heads })` */
function viewText(frame: Frame, node: Extract<Node, { op: "view" }>, from: Text): Text {
  use(frame, "rearrange");
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const nameOf = (label: string): string => {
    const known = names.get(label);
    if (known !== undefined) return known;
    let name = label === "" ? letter(names.size) : identifier(label);
    while (taken.has(name)) name += "_";
    taken.add(name);
    names.set(label, name);
    return name;
  };
  const isOne = ({ dim }: Axis): boolean => asConstant(dim) === 1;
  const ones = new Set(
    node.split
      .flat()
      .filter(isOne)
      .map(({ label }) => label),
  );
  const group = (labels: readonly string[]): string => {
    const left = labels.filter((label) => !ones.has(label)).map(nameOf);
    return left.length === 0 ? "1" : left.length === 1 ? (left[0] as string) : `(${left.join(" ")})`;
  };
  const left = node.split.map((parts) => group(parts.map(({ label }) => label)));
  const right = node.merge.map(group);
  const sizes = node.split.flatMap((parts) =>
    parts
      .filter(({ label }) => !ones.has(label))
      .slice(0, -1)
      .map(({ label, dim }) => `${nameOf(label)}: ${frame.size(dim)}`),
  );
  const options = sizes.length > 0 ? `, { ${sizes.join(", ")} }` : "";
  return fresh(`rearrange(${from.code}, ${JSON.stringify(`${left.join(" ")} -> ${right.join(" ")}`)}${options})`, from);
}

/** `"a b, b c -> a c"`: one letter an axis. */
function contractSpec(
  left: readonly Axis[],
  right: readonly Axis[],
  out: readonly Axis[],
  pairs: readonly { left: number; right: number }[],
): string {
  const leftNames = left.map((_, n) => String.fromCharCode(97 + n));
  const rightNames = right.map((axis, n) => {
    const pair = pairs.find((p) => p.right === n);
    if (pair) return leftNames[pair.left] as string;
    const batch = left.findIndex(
      ({ label }, m) => label !== "" && label === axis.label && !pairs.some((p) => p.left === m),
    );
    return batch >= 0 ? (leftNames[batch] as string) : String.fromCharCode(110 + n);
  });
  const kept = [
    ...leftNames.filter((_, n) => !pairs.some((p) => p.left === n)),
    ...rightNames.filter((name) => !leftNames.includes(name)),
  ];
  if (kept.length !== out.length)
    throw new Error(`a contraction to ${out.map(({ dim }) => printDim(dim)).join(" ")} keeps ${kept.join(" ")}`);
  return `${leftNames.join(" ")}, ${rightNames.join(" ")} -> ${kept.join(" ")}`;
}
