import { Failure } from "../failure.js";
import type { Fields } from "./fields.js";
import { shown, type Json } from "./json.js";
import type { Value } from "./value.js";

/** Ends with what a field is, and what the example can make of it. */
export function refuseValue(
  { file }: Fields,
  path: string | undefined,
  found: Value | Json,
  known: readonly Json[],
): never {
  const [first = null, other] = known;
  const what = other === undefined ? `only ${shown(first)}` : known.map(shown).join(" and ");
  const help =
    known.length === 0 ? undefined : `import a copy that says ${shown(first)}, then change the .tfm where it matters`;
  throw new Failure(`${file}: ${path ?? "a value"} is ${shown(found)}, the example knows ${what}`, help);
}
