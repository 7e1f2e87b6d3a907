/** What ids from outside must be, by all that they are used to look up. */
import type { Bounding } from "./answers.js";
import { isLess } from "./decide.js";
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
