/** All steps, those that a program should have more of several times. */
import { alongLast, anyOrAll, cumsum, expand, keepTop, oneHot, places, roll } from "./along.js";
import { attend, attention } from "./attention.js";
import { callBlock, callFunction } from "./calls.js";
import { branch, conditional, repeat, sizeAsReal } from "./control.js";
import { addTo, binary, choose, compare, logic, unary } from "./elementwise.js";
import { convert, integers, integerTest, positions } from "./integers.js";
import { again, heads, linear, nameAxis, sameShape, tied, weight } from "./layers.js";
import { addedPositions, cell, conv, experts, patchEmbed, shaw } from "./library.js";
import { byNumber, byPosition, each, embedding, learnedPositions } from "./lookups.js";
import { concat, rename, slice, stack, take } from "./pieces.js";
import { dot, outerProduct } from "./products.js";
import { merge, split, transpose } from "./rearranges.js";
import { scan, state } from "./recurrence.js";
import { reduce, softmax } from "./reductions.js";
import type { Step } from "./step.js";

const twice = (...steps: readonly Step[]): Step[] => [...steps, ...steps];

export const steps: readonly Step[] = [
  ...twice(linear, sameShape, attention, callBlock, repeat, binary, embedding, learnedPositions, dot, split, merge),
  ...[attend, callFunction, branch, conditional, sizeAsReal, addTo, choose, compare, logic, unary],
  ...[convert, integers, integerTest, positions, again, heads, nameAxis, tied, weight],
  ...[scan, state, alongLast, anyOrAll, cumsum, expand, keepTop, oneHot, places, roll],
  ...[addedPositions, cell, conv, experts, patchEmbed, shaw, byNumber],
  ...[byNumber, byPosition, each, concat, rename, slice, stack, take, outerProduct, transpose, reduce, softmax],
];
