/** What is legal for each kind of node, of its own type and those of its operands. */
import type { ConstantNode, DType, Node, PositionsNode, SizeNode, StateNode, TableNode, Value } from "../graph.js";
import { printType } from "../print/type.js";
import { attendRule } from "./attend-rule.js";
import { alongRule, rollRule } from "./along-rules.js";
import { callRule, repeatRule } from "./control-rules.js";
import { convRule } from "./conv-rule.js";
import { activationRule, expandRule, mapRule } from "./elementwise-rules.js";
import { scanRule } from "./scan-rule.js";
import { concatRule, gatherRule, renameRule, sliceRule, stackRule, takeRule, viewRule } from "./movement-rules.js";
import type { Problems } from "./problems.js";
import { contractRule, layerNormRule, linearRule } from "./product-rules.js";
import { reduceRule, softmaxRule } from "./reduction-rules.js";
import type { Sizes } from "./sizes.js";

export function nodeRule(node: Node, sizes: Sizes): Problems {
  switch (node.op) {
    case "once":
      return nothing();
    case "weight":
      return nothing(); // The tree has the type: see verify-weights.
    case "state":
      return stateRule(node);
    case "store":
      return nothing();
    case "constant":
      return constantRule(node);
    case "size":
      return sizeRule(node);
    case "positions":
      return positionsRule(node);
    case "table":
      return tableRule(node);
    case "map":
      return mapRule(node, sizes);
    case "expand":
      return expandRule(node, sizes);
    case "reduce":
      return reduceRule(node, sizes);
    case "softmax":
      return softmaxRule(node, sizes);
    case "along":
      return alongRule(node, sizes);
    case "roll":
      return rollRule(node, sizes);
    case "conv":
      return convRule(node, sizes);
    case "contract":
      return contractRule(node, sizes);
    case "view":
      return viewRule(node, sizes);
    case "rename":
      return renameRule(node, sizes);
    case "slice":
      return sliceRule(node, sizes);
    case "take":
      return takeRule(node, sizes);
    case "gather":
      return gatherRule(node, sizes);
    case "concat":
      return concatRule(node, sizes);
    case "stack":
      return stackRule(node, sizes);
    case "attend":
      return attendRule(node, sizes);
    case "call":
      return callRule(node, sizes);
    case "repeat":
      return repeatRule(node, sizes);
    case "scan":
      return scanRule(node, sizes);
    case "layer-norm":
      return layerNormRule(node, sizes);
    case "activation":
      return activationRule(node, sizes);
    case "linear":
      return linearRule(node, sizes);
  }
}

function* nothing(): Problems {}

/** Every entry begins as that one number. */
function* stateRule({ initial, out }: StateNode): Problems {
  yield* entryRule(initial, out.type.dtype);
}

function* constantRule({ value, out }: ConstantNode): Problems {
  const { dtype, axes } = out.type;
  yield* entryRule(value, dtype);
  if (axes.length > 0) yield `gives ${printType(out.type)}, a scalar is due`;
}

function* entryRule(value: number | boolean, dtype: DType): Problems {
  if ((typeof value === "boolean") !== (dtype === "bool")) yield `is ${value}, as ${dtype}`;
  if (dtype === "i32" && typeof value === "number" && (value | 0) !== value) yield `is ${value}, as i32`;
}

function* sizeRule({ out }: SizeNode): Problems {
  if (out.type.dtype !== "i32" || out.type.axes.length > 0) yield `gives ${printType(out.type)}, i32[] is due`;
}

function* positionsRule({ out }: PositionsNode): Problems {
  if (out.type.dtype !== "i32" || out.type.axes.length !== 1)
    yield `gives ${printType(out.type)}, i32 of one axis is due`;
}

function* tableRule({ indices, body, result, offsets, out }: TableNode): Problems {
  const { length } = out.type.axes;
  if (indices.length !== length || offsets.length !== length)
    yield `has ${indices.length} indices for ${printType(out.type)}`;
  const isScalar = (value: Value): boolean => value.type.axes.length === 0;
  if (indices.some((index) => index.type.dtype !== "i32" || !isScalar(index))) yield "has an index that is not i32[]";
  if (result.type.dtype !== out.type.dtype || !isScalar(result)) yield `has entries ${printType(result.type)}`;
  const stray = body.find((node) => !["constant", "size", "map"].includes(node.op));
  if (stray) yield `computes an entry by ${stray.op}`;
}
