/** What a value is, for every size and under a config, as text. */
import type { Meaning } from "../../2-check/meaning.js";
import { printAxis, printType } from "../../2-check/types.js";
import type { ValueType } from "../../ir/graph.js";
import {
  asConstant,
  constant,
  evaluate,
  printCondition,
  printDim,
  substitute,
  type Atom,
  type Dim,
} from "../../shapes/index.js";
import type { Seen } from "../observed.js";
import { inline } from "./markdown.js";
import type { HoverPlace, Under } from "./place.js";

/** `f32[batch, seq, d]`, `= 4*d`: what stands behind a name. Undefined for what has no text of its own. */
export function meaningText(meaning: Meaning): string | undefined {
  switch (meaning.kind) {
    case "tensor":
      return `: ${printType(meaning.value.type)}`;
    case "int":
      return ` = ${printDim(meaning.dim)}`;
    case "real":
      return meaning.value === undefined ? ": real" : ` = ${meaning.value}`;
    case "bool":
      return ` = ${printCondition(meaning.condition)}`;
    case "text":
      return meaning.value === undefined ? ": string" : ` = "${meaning.value}"`;
    case "several": {
      const each = meaning.meanings.flatMap((one) => (one.kind === "tensor" ? [printType(one.value.type)] : []));
      return each.length > 0 ? `: ${each.join(", ")}` : undefined;
    }
    default:
      return undefined;
  }
}

/** Axes whose size is a number are that number: their names stand in the type for every size. */
export function numericType(type: ValueType, numbers: ReadonlyMap<Atom, number>): string {
  const axes = type.axes.map(({ label, dim }) => {
    const known = withNumbers(dim, numbers);
    const number = asConstant(known);
    return number === undefined ? printAxis({ label, dim: known }) : String(number);
  });
  return `${type.dtype}[${axes.join(", ")}]`;
}

function withNumbers(dim: Dim, numbers: ReadonlyMap<Atom, number>): Dim {
  const number = evaluate(dim, (atom) => numbers.get(atom));
  if (number !== undefined) return constant(number);
  return substitute(dim, (atom) => {
    const known = numbers.get(atom);
    return known === undefined ? undefined : constant(known);
  });
}

function numericText(meaning: Meaning, numbers: ReadonlyMap<Atom, number>): string | undefined {
  switch (meaning.kind) {
    case "tensor":
      return numericType(meaning.value.type, numbers);
    case "int": {
      const known = withNumbers(meaning.dim, numbers);
      // A counter has as many values as there are turns.
      return asConstant(known) === undefined ? undefined : printDim(known);
    }
    case "real":
      return meaning.value === undefined ? undefined : String(meaning.value);
    case "bool":
      return meaning.condition.kind === "constant" ? String(meaning.condition.value) : undefined;
    case "text":
      return meaning.value === undefined ? undefined : `"${meaning.value}"`;
    case "several": {
      const each = meaning.meanings.flatMap((one) => numericText(one, numbers) ?? []);
      return each.length > 0 ? each.join(", ") : undefined;
    }
    default:
      return undefined;
  }
}

/** More different answers than this are no answer. */
const answerLimit = 3;

/** `gpt2`: `f32[batch, seq, 768]`; where a block is put to use in several ways, what each makes of it. */
export function underText(
  { seen, config }: Under,
  spans: readonly HoverPlace["path"][number]["span"][],
  said?: string,
): string | undefined {
  const all = spans.flatMap((span) => seen.get(span) ?? []);
  const texts = [...new Set(all.flatMap((each) => textOfSeen(each) ?? []))];
  if (texts.length === 0 || texts.length > answerLimit || (texts.length === 1 && texts[0] === said)) return undefined;
  return `${inline(config.name.name)}: ${texts.map(inline).join(" or ")}`;
}

const textOfSeen = ({ scope, meaning }: Seen): string | undefined => numericText(meaning, scope.context.numbers);
