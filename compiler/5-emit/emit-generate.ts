/** The module's `generate`: from a prompt, or from what the text is made of, to the tokens that follow. */
import type { Derived } from "../4-optimize/decode.js";
import type { Module, Task } from "../ir/graph.js";
import { asAtom } from "../shapes/index.js";
import { hiddenName, inputsName, isIdentity } from "./emit-task.js";
import type { Emission } from "./frame.js";
import { identifier } from "./names.js";
import { createSizeText, type SizeText } from "./sizes.js";
import type { Declaration } from "./write-module.js";

/** How the model generates, from `generate MODEL.task over axis { ... }`. */
export interface Generation {
  readonly task: string;
  readonly decoding: Derived;
  /** Sampling defaults, as emitted: `topP: 0.9`. */
  readonly options: readonly string[];
}

/** The axis that is decoded along, and the outer one of what is decoded together. */
export function alongOf({ axis, prompt }: Derived): Emission["over"] {
  const [batch] = prompt.value.type.axes;
  return { axis, batch: batch && asAtom(batch.dim) };
}

/**
 * Whether a step may leave out the head of all positions but the last. A head that is told sizes by number needs all of the
 * sequence that they are the sizes of.
 */
export const isLastOnly = ({ passed }: Emission, decoding: Derived, { forward }: Task): boolean =>
  decoding.lastOnly && !isIdentity(forward) && !passed.has(forward);

/** The last position's logits are all a step needs, so the head runs on that one where it may. */
export function generateFunction(
  emission: Emission,
  { task: name, decoding, options }: Generation,
  root: string,
): Declaration {
  const { module, imports } = emission;
  const task = module.tasks.find((each) => each.name === name) as Task;
  const vocab = task.forward.results[0]?.type.axes.at(-1)?.dim;
  const size = createSizeText(module.config, (atom) => atom.name);
  const context = contextOf(module, decoding, size);
  imports.add("decode");
  imports.add("lastPosition");
  const bound = [
    `vocab: ${vocab ? size(vocab) : 0}`,
    ...(context === undefined ? [] : [`context: ${context}`]),
    ...options,
  ];
  const tokens = identifier(decoding.prompt.value.name);
  const { others } = decoding;
  const input = `weights, { ${others ? "...inputs, " : ""}${tokens === "tokens" ? tokens : `${tokens}: tokens`} }, cache`;
  const weighted = emission.weightTypes.has(task.forward) ? "weights, " : "";
  const lastOnly = isLastOnly(emission, decoding, task);
  if (lastOnly) imports.add("onlyLast");
  const step = lastOnly
    ? `${emission.functionNames.get(task.forward)}(${weighted}onlyLast(${hiddenName(task)}(${input})))`
    : `${identifier(task.name)}(${input})`;
  const given = others
    ? { name: "inputs", type: `Omit<${inputsName(task)}, "${tokens}">`, optional: false }
    : { name: "prompt", type: "readonly number[]", optional: false };
  return {
    kind: "function",
    name: "generate",
    exported: true,
    doc: others
      ? `The ${tokens} that these inputs lead to, one token at a time. What the steps have in common is computed once.`
      : "The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache.",
    parameters: [
      { name: "weights", type: root, optional: false },
      given,
      { name: "options", type: "GenerateOptions = {}", optional: false },
    ],
    result: "AsyncGenerator<number, void>",
    statements: [
      `return decode((tokens, cache) => lastPosition(${step}), ${others ? "[]" : "prompt"}, { ${bound.join(", ")}, ...options });`,
    ],
  };
}

/** The largest length that the guards allow: `seq <= ctx` gives `config.ctx`. */
function contextOf(module: Module, { axis }: Derived, size: SizeText): string | undefined {
  for (const { condition } of module.guards) {
    if (condition.kind === "compare" && condition.operator === "<=" && asAtom(condition.left) === axis)
      return size(condition.right);
  }
  return undefined;
}
