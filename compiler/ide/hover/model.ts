/** A model, a task or a config as a whole: what it weighs, and what a pass and a token cost. */
import type { ConfigDeclaration } from "../../../grammar/ast.js";
import { constant, evaluateExactly, multiply, printDim, zero } from "../../shapes/index.js";
import { cachedPerToken } from "../../summary/cost.js";
import { bytesText } from "../number-text.js";
import type { Snapshot } from "../snapshot.js";
import { parametersText, workText } from "./costs.js";
import { bullets, inline } from "./markdown.js";

const bytes = constant(4);

/** `task`: of that one alone. Undefined where the config has mistakes. */
export function modelText(snapshot: Snapshot, config: ConfigDeclaration, task?: string): string | undefined {
  const lowered = snapshot.lowered(config);
  if (!lowered) return undefined;
  const { module, optimized, numbers, generation } = lowered;
  const tasks = optimized.module.tasks.filter(({ name }) => task === undefined || name === task);
  const parameters = parametersText(module.weights, numbers);
  const costs = tasks.flatMap((each) => {
    const work = workText(optimized.module, [...optimized.module.body.body, ...each.forward.body], numbers);
    const cached = generation?.task === each.name ? multiply(bytes, cachedPerToken(optimized.module, each)) : zero;
    const kept = evaluateExactly(cached, (atom) => numbers.get(atom));
    const name = inline(each.name);
    return [
      ...(work === undefined ? [] : [`${name}: ${work}`]),
      ...(kept ? [`${name}: KV cache of ${bytesText(kept)} a token, as f32 = ${inline(printDim(cached))}`] : []),
    ];
  });
  const lines = [...(parameters === undefined ? [] : [parameters]), ...costs];
  return lines.length > 0 ? `${inline(config.name.name)}:\n${bullets(lines)}` : undefined;
}
