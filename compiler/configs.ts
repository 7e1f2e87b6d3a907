/** Every config of a program, read once for as long as all that it puts together stays as it is. */
import type { AddressRule, ConfigDeclaration } from "../grammar/ast.js";
import type { Program } from "./1-resolve/program.js";
import { countParameters } from "./3-lower/count-parameters.js";
import { instantiate, modelOf } from "./3-lower/instantiate.js";
import { createReadings } from "./2-check/readings.js";
import type { Problem } from "./diagnostics/problem.js";
import { findWeights, readGeneration } from "./lower.js";
import type { Module } from "./ir/graph.js";
import { eachOf, type Memory } from "./memory/memory.js";
import { evaluateExactly, type Atom } from "./shapes/index.js";
import { cachedPerToken } from "./summary/cost.js";

export interface Configured {
  readonly problems: readonly Problem[];
  /** Rules of the model's `weights` that this config has no weight for. */
  readonly unused: ReadonlyMap<AddressRule, Problem>;
  /** Its weights, and of which task if there is only one. */
  readonly counted:
    | {
        readonly task: string | undefined;
        readonly count: bigint | undefined;
        /** Numbers that generating keeps for each token. */
        readonly cached: bigint | undefined;
      }
    | undefined;
}

export interface Configs {
  readonly of: (file: string, config: ConfigDeclaration) => Configured;
  readonly countOf: (file: string, config: ConfigDeclaration, task: string | undefined) => bigint | undefined;
}

/** The graph says what is kept once it is known how it generates. */
function cachedIn(module: Module, name: string, numbers: ReadonlyMap<Atom, number>): bigint | undefined {
  const task = module.tasks.find((each) => each.name === name);
  return task && evaluateExactly(cachedPerToken(module, task), (atom) => numbers.get(atom));
}

const nothing: Configured = { problems: [], unused: new Map(), counted: undefined };

/** `isDoubtful`: a config of a model with mistakes is not read, as it would only say the same again. */
export function createConfigs(
  memory: Memory,
  whole: Program,
  isDoubtful: (config: ConfigDeclaration) => boolean,
): Configs {
  const readings = createReadings(memory.noted);
  const configured = eachOf((config: ConfigDeclaration, file: string) =>
    memory.derived((): Configured => {
      const there = whole.files.get(file);
      const model = there && modelOf(whole, there, config.model.name);
      // That something else stands there has been said.
      if (!there || model?.declaration.keyword !== "model") return nothing;
      const { module, numbers, problems } = instantiate(whole, there, config, model, {
        readings,
      });
      if (!module) return { ...nothing, problems };
      // The graph is large, and built again sooner than it is looked through by each collection of garbage.
      const placed = findWeights(whole, there, module);
      const generation = readGeneration(whole, there, config, module);
      const [task, other] = module.tasks;
      return {
        problems: [...problems, ...placed.problems, ...generation.problems],
        unused: placed.unused,
        counted: {
          task: other ? undefined : task?.name,
          count: countParameters(module.weights, numbers),
          cached: generation.generation && cachedIn(module, generation.generation.task, numbers),
        },
      };
    }),
  );
  const of = (file: string, config: ConfigDeclaration): Configured =>
    (isDoubtful(config) ? undefined : configured(config, file).read()) ?? nothing;
  const count = eachOf((_key: string, file: string, name: string, task: string | undefined) =>
    memory.derived(() => {
      const there = whole.files.get(file);
      const config = there?.configs.get(name);
      const model = there && config && modelOf(whole, there, config.model.name);
      if (!model) return undefined;
      const { module, numbers } = instantiate(whole, there, config, model, {
        tasks: task === undefined ? [] : [task],
        readings,
      });
      return module && countParameters(module.weights, numbers);
    }),
  );
  const countOf = (file: string, config: ConfigDeclaration, task: string | undefined): bigint | undefined => {
    const { counted } = of(file, config);
    if (task !== undefined && counted?.task === task) return counted.count;
    const { name } = config.name;
    return count([file, name, task].join("\n"), file, name, task).read();
  };
  return { of, countOf };
}
