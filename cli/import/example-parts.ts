/** The declarations of an example that importing builds on. */
import { parse, type Parsed } from "../../compiler/index.js";

type Declaration = Parsed["file"]["declarations"][number];
export type Kind<K extends Declaration["kind"]> = Extract<Declaration, { readonly kind: K }>;
export type Model = Kind<"block">;
export type Task = Kind<"task">;
export type Weights = Kind<"weights">;
export type Parameter = Model["parameters"][number];
export type Expression = Kind<"config">["settings"]["entries"][number]["value"];

export type Rule = Weights["rules"][number];
export type RuleOf<K extends Rule["kind"]> = Extract<Rule, { readonly kind: K }>;

export const rulesOf = <K extends Rule["kind"]>({ rules }: Weights, kind: K): RuleOf<K>[] =>
  rules.filter((rule): rule is RuleOf<K> => rule.kind === kind);

/** An example as it is shipped, read for one of its `weights`. */
export interface Example {
  /** `examples/gpt2.tfm` is "gpt2". */
  readonly name: string;
  readonly text: string;
  readonly declarations: readonly Declaration[];
  readonly weights: Weights;
  readonly model: Model;
  /** The model's tasks. */
  readonly tasks: readonly Task[];
}

/** One for each `weights` of the file. */
export function examplesIn(name: string, text: string): Example[] {
  const { declarations } = parse(text).file;
  const models = declarations.filter((one): one is Model => one.kind === "block" && one.keyword === "model");
  return declarations.flatMap((weights): Example[] => {
    if (weights.kind !== "weights") return [];
    const model = models.find((one) => one.name.name === weights.model.name);
    if (!model) return [];
    const tasks = declarations.filter((one): one is Task => one.kind === "task" && one.model.name === model.name.name);
    return [{ name, text, declarations, weights, model, tasks }];
  });
}
