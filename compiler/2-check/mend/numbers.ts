/** What mends a number of a config: the nearest one with which a condition holds. */
import { sourceOf } from "../../1-resolve/source-of.js";
import type { Mark } from "../../diagnostics/problem.js";
import { atomsOf, atomsOfCondition, evaluate, type Atom, type Condition, type Dim } from "../../shapes/index.js";
import { decide } from "../decide.js";
import type { Mend } from "./mend.js";
import type { Context, Scope } from "../scope.js";

/** Numbers further away than this are not what was meant. */
const furthest = 256;

/** Another number where `blamed` says that one came from: `write \`heads: 12\``. */
export function anotherNumber({ context }: Scope, condition: Condition, blamed: Mark | undefined): Mend | undefined {
  const atom = atomsOfCondition(condition).find((each) => isFrom(context, each, blamed));
  const number = atom && context.numbers.get(atom);
  const file = blamed && context.program.files.get(blamed.file);
  const text = file && sourceOf(file, blamed.span);
  const written = text === undefined ? undefined : /(?<![\w.])\d[\d_]*$/.exec(text)?.[0];
  // An entry that `--set` gave is not what stands in the file.
  if (!atom || !blamed || !text || number === undefined || Number(written?.replaceAll("_", "")) !== number)
    return undefined;
  for (let distance = 1; distance <= furthest; distance++) {
    for (const other of [number + distance, number - distance]) {
      if (other < 1 || !holds(context, condition, atom, other)) continue;
      const better = text.replace(/\d[\d_]*$/, String(other));
      return { help: `write \`${better}\``, fixes: [{ file: blamed.file, span: blamed.span, text: better }] };
    }
  }
  return undefined;
}

export function isFrom({ origins }: Context, atom: Atom, blamed: Mark | undefined): boolean {
  const mark = origins.get(atom)?.mark;
  return mark !== undefined && mark.file === blamed?.file && mark.span.start === blamed.span.start;
}

/** Whether it would hold, and every division in it be exact, with another number for one entry. */
function holds(context: Context, condition: Condition, atom: Atom, number: number): boolean {
  const numbers = new Map(context.numbers).set(atom, number);
  const isExact = dimsOf(condition).every(
    (dim) => atomsOf(dim).some((a) => !numbers.has(a)) || evaluate(dim, (a) => numbers.get(a)) !== undefined,
  );
  return isExact && decide({ ...context, numbers }, condition) === "yes";
}

function dimsOf(condition: Condition): Dim[] {
  switch (condition.kind) {
    case "divides":
      return [condition.divisor, condition.dividend];
    case "compare":
      return [condition.left, condition.right];
    case "and":
    case "or":
      return [...dimsOf(condition.left), ...dimsOf(condition.right)];
    case "not":
      return dimsOf(condition.operand);
    default:
      return [];
  }
}
