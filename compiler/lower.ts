/** One model under one config: its graph, where its weights lie, how it generates. */
import type { BlockDeclaration, ConfigDeclaration } from "../grammar/ast.js";
import { weightsOf, type Declared, type Program, type SourceFile } from "./1-resolve/program.js";
import { placeWeights, type Checkpoint } from "./3-lower/checkpoint.js";
import { readSampling, type SamplingDefaults } from "./3-lower/generation.js";
import { instantiate, modelOf } from "./3-lower/instantiate.js";
import type { Overrides } from "./3-lower/overrides.js";
import { deriveDecoding, type Derived } from "./4-optimize/decode.js";
import { tap } from "./4-optimize/tap.js";
import { optimize, type Optimized } from "./4-optimize/optimize.js";
import { checkTarget } from "./3-lower/generate-target.js";
import { didYouMean } from "./diagnostics/did-you-mean.js";
import { problem, type Problem } from "./diagnostics/problem.js";
import { closest } from "./diagnostics/suggest.js";
import type { Module } from "./ir/graph.js";
import { asAtom, type Atom } from "./shapes/index.js";

export interface Selection {
  /** The config's name; the file's first if not given. */
  readonly config?: string | undefined;
  /** `--set d=48`: entries of the config that are changed. */
  readonly set?: Overrides | undefined;
  /** The tasks to compile; all of the model's if not given. */
  readonly tasks?: readonly string[] | undefined;
  /** The folder below which imports must lie; the file's own if not given. */
  readonly root?: string | undefined;
  /** Whether standard definitions become the kernels that equal them; true if not given. */
  readonly intrinsics?: boolean | undefined;
  /** Whether what layers give and attention attends to is stored in the state; false if not given. */
  readonly tapped?: boolean | undefined;
}

/** One model under one config, ready to be emitted, interpreted or summarised. */
export interface Lowered {
  readonly module: Module;
  readonly optimized: Optimized;
  readonly checkpoint: Checkpoint;
  readonly numbers: ReadonlyMap<Atom, number>;
  readonly generation:
    { readonly task: string; readonly decoding: Derived; readonly sampling: SamplingDefaults } | undefined;
  /** The configs that the file has a `generate` for. */
  readonly generating: readonly string[];
}

/** One config of a program, down to what is emitted; none is the model by its defaults. */
export function lower(
  program: Program,
  file: SourceFile,
  config: ConfigDeclaration | undefined,
  selection: Selection,
): { readonly problems: readonly Problem[]; readonly lowered?: Lowered } {
  const model = config ? modelOf(program, file, config.model.name) : onlyModel(program);
  if (!model) {
    const at = { file: file.name, span: { start: 0, end: 0 } };
    return { problems: [problem("C502", { what: "this file declares no model" }, at)] };
  }
  const { module, numbers, problems } = instantiate(program, file, config, model, {
    tasks: selection.tasks,
    overrides: selection.set,
    intrinsics: selection.intrinsics,
  });
  if (!module) return { problems };
  const checkpoint = findWeights(program, file, module);
  const optimized = optimize(selection.tapped ? tap(module) : module);
  // A step of decoding has no time to be looked into.
  const generation = config && !selection.tapped ? readGeneration(program, file, config, optimized.module) : undefined;
  return {
    problems: [...problems, ...checkpoint.problems, ...(generation?.problems ?? [])],
    lowered: {
      module,
      numbers,
      checkpoint,
      optimized,
      generation: generation?.generation,
      generating: [...file.generation.keys()],
    },
  };
}

/** Where the weights of a model of `file` lie, by the rules of its `weights`, and what its config makes of them. */
export function findWeights(program: Program, file: SourceFile, module: Module): Checkpoint {
  const { model, configName, weights, config } = module;
  const rules = weightsOf(program, model);
  const declarations = file.compressionsOf.get(configName) ?? [];
  return placeWeights(weights, rules?.declaration, rules?.file ?? file, config, { declarations, file });
}

function onlyModel(program: Program): Declared<BlockDeclaration> | undefined {
  const model = program.entry.all.find((d): d is BlockDeclaration => d.kind === "block" && d.keyword === "model");
  return model && { declaration: model, file: program.entry };
}

/** How a config generates, and whether it can. */
export function readGeneration(
  program: Program,
  file: SourceFile,
  config: ConfigDeclaration,
  module: Module,
): { problems: Problem[]; generation: Lowered["generation"] } {
  const problems: Problem[] = [];
  // What one config declares serves the model's others too.
  const own = file.generation.get(config.name.name) ?? file.generationOf.get(config.model.name);
  if (!own) return { problems, generation: undefined };
  const sampling = readSampling(own, file);
  problems.push(...sampling.problems, ...checkTarget(program, file, own));
  const name = own.target[1]?.name;
  const axes = module.inputs.flatMap(({ value }) => value.type.axes).flatMap(({ dim }) => asAtom(dim) ?? []);
  const axis = axes.find((atom) => atom.name === own.over?.name);
  if (!own.over) return { problems, generation: undefined };
  const isOuter = (atom: Atom): boolean => program.library.get(atom.name)?.declaration.kind === "outer";
  const at = { file: file.name, span: own.over.span };
  const refuse = (along: Atom, operation: string): ReturnType<typeof readGeneration> => {
    const parameters = { task: `${own.target[0]?.name}.${name}`, axis: along.name, operation };
    return { problems: [...problems, problem("G601", parameters, at)], generation: undefined };
  };
  if (axis && isOuter(axis)) return refuse(axis, "its entries are independent examples");
  if (!axis) {
    const inner = new Set(axes.filter((atom) => !isOuter(atom)).map((atom) => atom.name));
    const { label, fixes } = didYouMean(at, closest(own.over.name, inner));
    const primary = { ...at, ...(label !== undefined && { label }) };
    const parameters = { axis: own.over.name, type: `the inputs of ${module.model}` };
    const names = [...inner].map((each) => `\`${each}\``).join(" or ");
    const help = label === undefined && inner.size > 0 ? `its inputs run along ${names}` : undefined;
    problems.push(problem("N106", parameters, primary, { help, fixes }));
    return { problems, generation: undefined };
  }
  const task = module.tasks.find((t) => t.name === name);
  if (!task) return { problems, generation: undefined };
  const decoding = deriveDecoding(module, task, axis);
  if (!decoding.possible) {
    // What was said of another config is not asked of this one.
    if (own.target[0]?.name !== config.name.name) return { problems, generation: undefined };
    return refuse(axis, `it has ${decoding.blame}`);
  }
  return { problems, generation: { task: task.name, decoding, sampling: sampling.defaults } };
}
