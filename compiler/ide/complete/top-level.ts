/** The declarations that a file may hold, each as it begins. */
import type { Cursor } from "./cursor.js";
import { keyword, plain, type Suggestion } from "./suggestion.js";

export function topLevel({ file }: Cursor): Suggestion[] {
  const model = [...file.declarations.values()].find((each) => each.kind === "block" && each.keyword === "model")?.name
    .name;
  const config = [...file.configs.keys()].at(-1);
  const task = file.tasks[0]?.name.name;
  const gap = (n: number, text: string): string => `\${${n}:${plain(text)}}`;
  const run = `${gap(1, config ?? "config")}.${gap(2, task ?? "task")}`;
  return [
    keyword(
      "block",
      "block ${1:Name}[seq, d]{${2:heads}}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {\n  return x$0\n}",
      "A layer: takes tensors, gives tensors, and owns weights.",
    ),
    keyword(
      "model",
      "model ${1:Name}[seq]{vocab = 1000, d = 64}(ids: i32[batch, seq]) -> f32[batch, seq, d] {\n  return ids |> token: Embedding{size: vocab, d}$0\n}",
      "A block that configs and tasks are about.",
    ),
    keyword(
      "task",
      `task ${gap(1, "lm")}() on ${gap(2, model ?? "Model")} as x -> f32[\${3:batch, seq, vocab}] {\n  $0\n}`,
      "What a model is asked for.",
    ),
    keyword("fn", "fn ${1:name}(x: f32[..]) -> f32[..] = $0", "A function without weights."),
    keyword("config", `config ${gap(1, "small")} = ${gap(2, model ?? "Model")}{$0}`, "Numbers for a model."),
    keyword("check", `check params(${gap(1, config ?? "config")}) == $0`, "A fact that must hold."),
    keyword("weights", `weights ${gap(1, model ?? "Model")} from "$2" {\n  $0\n}`, "Names in a checkpoint."),
    keyword(
      "generate",
      `generate ${run} over ${gap(3, "seq")} { sample: ${gap(4, "greedy")} }$0`,
      "Continues a prompt along an axis.",
    ),
    keyword("mask", "mask ${1:name}(${2:w: int}) = $0", "A condition on the positions `q` and `k`."),
    keyword("score", "score ${1:name}(${2:c: real}) = $0", "What becomes of a score `s`."),
    keyword("train", `train ${run} {\n  optimizer: adamw(lr: \${3:6e-4})$0\n}`, "How the loss is made small."),
    keyword(
      "quantize",
      `quantize ${gap(1, config ?? "config")} {\n  \${2:Linear.weight} = int8[\${3:d}]$0\n}`,
      "Weights in fewer bits.",
    ),
    keyword(
      "prune",
      `prune ${gap(1, config ?? "config")} {\n  \${2:Linear.weight} = two_of_four[\${3:d}]$0\n}`,
      "Fewer weights.",
    ),
    keyword("import", 'import { $1 } from "$0"', "Names from another file."),
    keyword("outer", "outer ${1:name}$0", "An axis of independent examples."),
  ];
}
