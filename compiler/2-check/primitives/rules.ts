/** The checker's rule for each primitive that is neither elementwise nor a reduction. */
import type { SpecialName } from "../../ops/index.js";
import { callArgmax, callArgsort, callCumsum, callRoll } from "./along-axis.js";
import type { Rule } from "./call.js";
import { callConv } from "./conv.js";
import { callDropout, callInt, callReal, callSelect, passOn } from "./convert.js";
import { callDot } from "./dot.js";
import { callConcat, callStack } from "./join.js";
import { callExpand, callFullLike, callOneHot, callRange } from "./new-axes.js";
import { callSoftmax } from "./softmax.js";

export const rules: Readonly<Record<SpecialName, Rule>> = {
  dot: callDot,
  conv: callConv,
  softmax: callSoftmax,
  log_softmax: callSoftmax,
  select: callSelect,
  real: callReal,
  int: callInt,
  dropout: callDropout,
  id: passOn,
  stop_gradient: passOn,
  concat: callConcat,
  stack: callStack,
  expand: callExpand,
  full_like: callFullLike,
  range: callRange,
  one_hot: callOneHot,
  roll: callRoll,
  cumsum: callCumsum,
  argsort: callArgsort,
  argmax: callArgmax,
};
