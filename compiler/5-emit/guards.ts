/** Facts about run-time sizes, checked on entry. */
import type { Module } from "../ir/graph.js";
import { asConstant, atomsOf, dimsOf, printDim, type Atom, type Condition, type Dim } from "../shapes/index.js";
import { identifier } from "./names.js";
import type { SizeText } from "./sizes.js";

export const conditionAtoms = (condition: Condition): Atom[] => dimsOf(condition).flatMap((dim) => atomsOf(dim));

export function conditionText(condition: Condition, size: SizeText): string {
  switch (condition.kind) {
    case "constant":
      return String(condition.value);
    case "flag":
      return "true";
    case "compare":
      return `${size(condition.left)} ${{ "==": "===", "!=": "!==", "<": "<", "<=": "<=" }[condition.operator]} ${size(condition.right)}`;
    case "divides":
      return `(${size(condition.dividend)}) % (${size(condition.divisor)}) === 0`;
    case "not":
      return `!(${conditionText(condition.operand, size)})`;
    case "and":
    case "or":
      return `(${conditionText(condition.left, size)} ${condition.kind === "and" ? "&&" : "||"} ${conditionText(condition.right, size)})`;
  }
}

/** "GPT2: seq = 1500 exceeds ctx = 1024 (gpt2.tfm:8)" */
export function guardMessage(
  module: Module,
  condition: Condition,
  size: SizeText,
  text: string,
  place: string,
): string {
  const shown = (dim: Dim): string => {
    const name = printDim(dim).replaceAll("`", "'").replaceAll("$", "");
    return asConstant(dim) === undefined ? `${name} = \${${size(dim)}}` : name;
  };
  const model = identifier(module.model);
  if (condition.kind === "compare" && condition.operator === "<=")
    return `\`${model}: ${shown(condition.left)} exceeds ${shown(condition.right)} (${place})\``;
  const sizes = dimsOf(condition)
    .filter((dim) => atomsOf(dim).length > 0)
    .map(shown);
  return `\`${model}: ${text.replaceAll("`", "'").replaceAll("$", "")} does not hold for ${sizes.join(", ")} (${place})\``;
}
