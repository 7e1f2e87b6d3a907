/** What ids from outside must be, by all that they are used to look up. */
import { dimKey, evaluate, type Dim } from "../shapes/index.js";
import { answered, type Bounding } from "./answers.js";
import type { Context } from "./scope.js";

/** Found where it is read. */
export function noteBound(context: Context, bounding: Bounding): void {
  context.readings.answers?.bounds.push(bounding);
  bind(context, bounding);
}

/** The tightest size holds for all; a value is left out only where all leave it out. */
export function bind(context: Context, { data, size, except }: Bounding): void {
  const known = context.bounds.get(data);
  context.bounds.set(data, {
    below: known === undefined || isLess(context, size, known.below) ? size : known.below,
    except: known && known.except !== except ? undefined : except,
  });
}

/** Sizes that only a call knows are no bound of what comes before it. */
function isLess(context: Context, a: Dim, b: Dim): boolean {
  const put = ({ numbers }: Context): boolean => {
    const [left, right] = [a, b].map((dim) => evaluate(dim, (atom) => numbers.get(atom)) ?? Infinity);
    return left !== undefined && right !== undefined && left < right;
  };
  return answered(context, () => `less ${dimKey(a)} ${dimKey(b)}`, put);
}
