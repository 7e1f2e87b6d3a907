import { alignAxes } from "../align.js";
import type { ActivationNode, DType, ExpandNode, MapName, MapNode, Value } from "../graph.js";
import { printType } from "../print/type.js";
import { expectAxes, expectDType, type Problems } from "./problems.js";
import type { Sizes } from "./sizes.js";

/** Dtypes of the operands in order, and of the result; `same` is the one dtype that those operands share. */
interface Signature {
  readonly operands: readonly (readonly DType[] | "same")[];
  /** What `same` can be. */
  readonly same: readonly DType[];
  readonly result: DType | "same";
}

const numbers: readonly DType[] = ["f32", "i32"];
const real = (arity: number): Signature => ({
  operands: new Array<"same">(arity).fill("same"),
  same: ["f32"],
  result: "same",
});
const numeric = (arity: number): Signature => ({ ...real(arity), same: numbers });
const logical = (arity: number): Signature => ({ ...real(arity), same: ["bool"] });

const signatures: Readonly<Record<MapName, Signature>> = {
  add: numeric(2),
  subtract: numeric(2),
  multiply: numeric(2),
  divide: real(2),
  "floor-divide": numeric(2),
  modulo: numeric(2),
  power: numeric(2),
  minimum: numeric(2),
  maximum: numeric(2),
  negate: numeric(1),
  absolute: numeric(1),
  exp: real(1),
  log: real(1),
  sqrt: real(1),
  rsqrt: real(1),
  sin: real(1),
  cos: real(1),
  tanh: real(1),
  sigmoid: real(1),
  erf: real(1),
  floor: real(1),
  relu: numeric(1),
  equal: { operands: ["same", "same"], same: ["f32", "i32", "bool"], result: "bool" },
  "not-equal": { operands: ["same", "same"], same: ["f32", "i32", "bool"], result: "bool" },
  less: { operands: ["same", "same"], same: numbers, result: "bool" },
  "less-equal": { operands: ["same", "same"], same: numbers, result: "bool" },
  and: logical(2),
  or: logical(2),
  not: logical(1),
  select: { operands: [["bool"], "same", "same"], same: ["f32", "i32", "bool"], result: "same" },
  "to-real": { operands: [["i32", "bool"]], same: [], result: "f32" },
  "to-int": { operands: [["f32", "bool"]], same: [], result: "i32" },
};

export function* mapRule({ name, operands, out }: MapNode, sizes: Sizes): Problems {
  const { operands: due, same, result } = signatures[name];
  if (operands.length !== due.length) {
    yield `has ${operands.length} operands, ${due.length} are due`;
    return;
  }
  const shared = operands.find((_, n) => due[n] === "same")?.type.dtype;
  for (const [n, operand] of operands.entries()) {
    const wanted = due[n];
    if (wanted !== "same") yield* expectDType(operand, wanted ?? []);
    else yield* expectDType(operand, operand.type.dtype === shared ? same : shared ? [shared] : []);
  }
  const dtype = result === "same" ? shared : result;
  if (out.type.dtype !== dtype) yield `gives ${out.type.dtype}, ${dtype} is due`;
  yield* broadcastRule(operands, out, sizes);
  const found = new Set(operands.flatMap((operand) => alignAxes(operand.type.axes, out.type.axes) ?? []));
  if (found.size < out.type.axes.length) yield `gives ${printType(out.type)}, of which some axis is in no operand`;
}

export function* expandRule({ operand, out }: ExpandNode, sizes: Sizes): Problems {
  if (out.type.dtype !== operand.type.dtype) yield `turns ${operand.type.dtype} into ${out.type.dtype}`;
  yield* broadcastRule([operand], out, sizes);
}

/** Each operand's axes are among the result's, of the same sizes: size 1 never stretches. */
function* broadcastRule(operands: readonly Value[], out: Value, sizes: Sizes): Problems {
  for (const operand of operands) {
    const positions = alignAxes(operand.type.axes, out.type.axes);
    const fits = positions?.every((position, n) => {
      const [own, other] = [operand.type.axes[n], out.type.axes[position]];
      return own && other && sizes.same(own.dim, other.dim);
    });
    if (!fits) yield `cannot broadcast ${operand.name}, ${printType(operand.type)}, to ${printType(out.type)}`;
  }
}

export function* activationRule({ operand, out }: ActivationNode, sizes: Sizes): Problems {
  yield* expectDType(operand, ["f32"]);
  yield* expectAxes(out, "f32", operand.type.axes, sizes);
}
