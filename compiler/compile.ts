/** The whole path: text, resolve, check, lower, optimise, emit. */
import type { AddressRule, ConfigDeclaration, RunDeclaration } from "../grammar/ast.js";
import type { Declared, Program, SourceFile } from "./1-resolve/program.js";
import { resolve, type Read } from "./1-resolve/resolve.js";
import { checkDefinitions } from "./2-check/check.js";
import { runCheck } from "./3-lower/checks.js";
import { placeWeights, type Checkpoint } from "./3-lower/checkpoint.js";
import { readSampling, type SamplingDefaults } from "./3-lower/generation.js";
import { instantiate, modelOf, type Instance } from "./3-lower/instantiate.js";
import type { Overrides } from "./3-lower/overrides.js";
import { deriveDecoding, type Decoding } from "./4-optimize/decode.js";
import { optimize, type Optimized } from "./4-optimize/optimize.js";
import { unsupportedOperations } from "./4-optimize/unsupported.js";
import { problem, type Problem } from "./diagnostics/problem.js";
import { closest } from "./diagnostics/suggest.js";
import type { Module } from "./ir/graph.js";
import { asAtom, type Atom } from "./shapes/index.js";
import type { BlockDeclaration } from "../grammar/ast.js";

export interface Selection {
  /** The config's name; the file's first if not given. */
  readonly config?: string | undefined;
  /** `--set d=48`: entries of the config that are changed. */
  readonly set?: Overrides | undefined;
  /** The tasks to compile; all of the model's if not given. */
  readonly tasks?: readonly string[] | undefined;
  /** Whether standard definitions become the kernels that equal them; true if not given. */
  readonly intrinsics?: boolean | undefined;
}

/** One model under one config, ready to be emitted, interpreted or summarised. */
export interface Lowered {
  readonly module: Module;
  readonly optimized: Optimized;
  readonly checkpoint: Checkpoint;
  readonly numbers: ReadonlyMap<Atom, number>;
  readonly generation:
    { readonly task: string; readonly decoding: Decoding; readonly sampling: SamplingDefaults } | undefined;
}

/** Everything that can be wrong with a file, for all configurations and for each that it declares. */
export function check(entry: string, read: Read): { readonly problems: readonly Problem[] } {
  const { program, problems } = load(entry, read);
  if (!program || hasErrors(problems)) return { problems: inOrder(problems) };
  const counted = new Map<string, Lowered>();
  for (const file of program.files.values()) {
    const unused = new Map<AddressRule, number>();
    for (const config of file.configs.values()) {
      const { lowered, problems: found } = lower(program, file, config, {});
      problems.push(...found);
      const [task, other] = lowered?.module.tasks ?? [];
      if (lowered && task && !other) counted.set(`${config.name.name}.${task.name}`, lowered);
      for (const rule of lowered?.checkpoint.unused ?? []) unused.set(rule, (unused.get(rule) ?? 0) + 1);
    }
    problems.push(...uselessRules(file, unused));
    for (const declaration of file.tree.declarations) {
      problems.push(...checkNames(program, file, declaration));
      if (declaration.kind === "run" && declaration.keyword === "train")
        problems.push(problem("U902", { what: "`train`" }, { file: file.name, span: declaration.span }));
    }
  }
  if (!hasErrors(problems)) {
    for (const file of program.files.values()) {
      for (const declaration of file.tree.declarations)
        if (declaration.kind === "check") problems.push(...runCheck(program, file, declaration, counted));
    }
  }
  return { problems: inOrder(distinct(problems)) };
}

/** `entry` compiled for one config to TypeScript; `code` is absent where there are errors. */
export async function compile(
  entry: string,
  read: Read,
  selection: Selection = {},
): Promise<{ problems: readonly Problem[]; lowered?: Lowered; code?: string }> {
  const { problems, lowered } = lowerFile(entry, read, selection);
  if (!lowered || hasErrors(problems)) return { problems };
  const { emitModule } = await import("./5-emit/emit-module.js");
  const { module, transposed } = lowered.optimized;
  const { generation } = lowered;
  const code = await emitModule({
    module,
    transposed,
    checkpoint: lowered.checkpoint,
    generation: generation && {
      task: generation.task,
      decoding: generation.decoding,
      options: optionsText(generation.sampling),
    },
    source: entry.slice(entry.lastIndexOf("/") + 1),
    version,
  });
  return { problems, lowered, code };
}

/** Emitted TypeScript without its types: a module to be written, or CommonJS for a program that evaluates it itself. */
export async function toJavaScript(code: string, format: "esm" | "commonjs"): Promise<string> {
  const emit = await import("./5-emit/to-javascript.js");
  return emit.toJavaScript(code, format);
}

/** The graph of `entry` under one config, without emitting it. */
export function lowerFile(
  entry: string,
  read: Read,
  selection: Selection = {},
): { problems: readonly Problem[]; lowered?: Lowered } {
  const { program, problems } = load(entry, read);
  if (!program || hasErrors(problems)) return { problems: inOrder(problems) };
  const chosen = chooseConfig(program, selection.config);
  if ("problem" in chosen) return { problems: [...problems, chosen.problem] };
  const done = lower(program, program.entry, chosen.config, selection);
  return {
    problems: inOrder(distinct([...problems, ...done.problems])),
    ...(done.lowered && { lowered: done.lowered }),
  };
}

/** What a compiled module exports besides its tasks, and words that no function of TypeScript can have. */
const taken: ReadonlySet<string> = new Set(
  (
    "config parameters load initialise save generate train tf default delete new return switch case class const continue debugger do else " +
    "enum export extends false finally for function if import in instanceof null super this throw true try typeof var void while with yield"
  ).split(" "),
);

/** Names that declarations outside of any body refer to. */
function checkNames(
  program: Program,
  file: SourceFile,
  declaration: SourceFile["tree"]["declarations"][number],
): Problem[] {
  const unknownName = (
    name: { name: string; span: { start: number; end: number } },
    candidates: Iterable<string>,
  ): Problem => {
    const near = closest(name.name, candidates);
    return problem(
      "N102",
      { name: name.name },
      { file: file.name, span: name.span, ...(near !== undefined && { label: `did you mean ${near}?` }) },
    );
  };
  if (declaration.kind === "task" && taken.has(declaration.name.name)) {
    const what = `a task cannot be called \`${declaration.name.name}\`: the compiled module has that name for something else`;
    return [problem("C502", { what }, { file: file.name, span: declaration.name.span })];
  }
  const models = [...file.declarations.values()].flatMap((d) =>
    d.kind === "block" && d.keyword === "model" ? [d.name.name] : [],
  );
  if (declaration.kind === "weights") {
    const model = modelOf(program, file, declaration.model.name);
    if (!model) return [unknownName(declaration.model, models)];
    const first = [...program.files.values()]
      .flatMap((f) => f.tree.declarations)
      .find((d) => d.kind === "weights" && d.model.name === declaration.model.name);
    if (first && first !== declaration && first.kind === "weights") {
      return [
        problem(
          "N104",
          { name: `weights ${declaration.model.name}` },
          { file: file.name, span: declaration.model.span },
          { secondary: [{ file: file.name, span: first.model.span, label: "first declared here" }] },
        ),
      ];
    }
    const inputs = model.declaration.inputs
      .map(({ name }) => name.name)
      .concat(program.entry.tasks.flatMap((task) => task.inputs.map(({ name }) => name.name)));
    return declaration.rules.flatMap((rule) =>
      rule.kind === "port-rule" && rule.direction === "input" && !inputs.includes(rule.name.name)
        ? [unknownName(rule.name, inputs)]
        : [],
    );
  }
  if (declaration.kind === "config") {
    const model = modelOf(program, file, declaration.model.name)?.declaration;
    if (!model || model.keyword === "model") return [];
    return [
      problem(
        "T208",
        { expected: "a model", found: `the block ${model.name.name}` },
        { file: file.name, span: declaration.model.span },
      ),
    ];
  }
  if (declaration.kind === "run") {
    const [config] = declaration.target;
    if (config && !file.configs.has(config.name)) return [unknownName(config, file.configs.keys())];
    if (declaration.keyword === "generate" && !declaration.over) {
      return [
        problem(
          "N108",
          { name: "over AXIS", callee: "generate" },
          { file: file.name, span: declaration.span },
          { help: "say along which axis it generates: `over seq`" },
        ),
      ];
    }
  }
  return [];
}

/** A rule that no config of its model has a weight for says something else than was meant. */
function uselessRules(file: SourceFile, unused: ReadonlyMap<AddressRule, number>): Problem[] {
  return file.tree.declarations.flatMap((declaration) => {
    if (declaration.kind !== "weights") return [];
    const configs = [...file.configs.values()].filter((config) => config.model.name === declaration.model.name).length;
    return declaration.rules.flatMap((rule) => {
      if (rule.kind !== "address-rule" || configs === 0 || unused.get(rule) !== configs) return [];
      const pattern = file.text.slice(rule.span.start, rule.address.at(-1)?.span.end);
      return [problem("W302", { pattern }, { file: file.name, span: rule.span })];
    });
  });
}

export const version = "0.1.0";

function load(entry: string, read: Read): { program: Program | undefined; problems: Problem[] } {
  const text = read(entry);
  if (text === undefined)
    return { program: undefined, problems: [problem("N105", { path: entry, reason: "cannot be read" }, undefined)] };
  const program = resolve(entry, text, read);
  const problems = [...program.problems];
  problems.push(...checkDefinitions(program).filter((found) => !isBroken(program, found)));
  return { program, problems: distinct(problems) };
}

/** Whether a problem lies in a declaration that could not be parsed: that is not blamed for what it might have said. */
function isBroken(program: Program, { primary }: Problem): boolean {
  if (!primary) return false;
  const syntax = program.problems.filter(({ code, primary: at }) => code === "S001" && at?.file === primary.file);
  if (syntax.length === 0) return false;
  const declarations = program.files.get(primary.file)?.tree.declarations ?? [];
  const around = declarations.find(({ span }) => span.start <= primary.span.start && primary.span.start <= span.end);
  return (
    !around ||
    syntax.some(({ primary: at }) => at && around.span.start <= at.span.start && at.span.start <= around.span.end + 1)
  );
}

function chooseConfig(
  program: Program,
  wanted: string | undefined,
): { config: ConfigDeclaration | undefined } | { problem: Problem } {
  const { entry } = program;
  const names = [...entry.configs.keys()];
  if (wanted === undefined) return { config: entry.configs.values().next().value };
  const config = entry.configs.get(wanted);
  if (config) return { config };
  const near = closest(wanted, names);
  const help =
    near !== undefined
      ? `did you mean ${near}?`
      : names.length > 0
        ? `it has ${names.join(", ")}`
        : "it declares no config";
  return { problem: problem("N102", { name: wanted }, { file: entry.name, span: { start: 0, end: 0 } }, { help }) };
}

function lower(
  program: Program,
  file: SourceFile,
  config: ConfigDeclaration | undefined,
  selection: Selection,
): { problems: readonly Problem[]; lowered?: Lowered } {
  const model = config ? modelOf(program, file, config.model.name) : onlyModel(program);
  if (!model)
    return {
      problems: [
        problem("C502", { what: "this file declares no model" }, { file: file.name, span: { start: 0, end: 0 } }),
      ],
    };
  const instance: Instance = instantiate(program, file, config, model, {
    tasks: selection.tasks,
    overrides: selection.set,
    intrinsics: selection.intrinsics,
  });
  if (!instance.module) return { problems: instance.problems };
  const rules = weightsFor(program, model.declaration.name.name);
  const checkpoint = placeWeights(instance.module.weights, rules?.declaration, rules?.file ?? file);
  const optimized = optimize(instance.module);
  const generation = config && readGeneration(program, file, config, optimized.module);
  return {
    problems: [
      ...instance.problems,
      ...checkpoint.problems,
      ...unsupported(optimized.module, config, file),
      ...(generation?.problems ?? []),
    ],
    lowered: {
      module: instance.module,
      optimized,
      checkpoint,
      numbers: instance.numbers,
      generation: generation?.generation,
    },
  };
}

function unsupported(module: Module, config: ConfigDeclaration | undefined, file: SourceFile): Problem[] {
  const span = config?.model.span ?? { start: 0, end: 0 };
  return unsupportedOperations(module).map((what) => problem("U901", { what }, { file: file.name, span }));
}

function onlyModel(program: Program): Declared<BlockDeclaration> | undefined {
  const model = program.entry.tree.declarations.find(
    (d): d is BlockDeclaration => d.kind === "block" && d.keyword === "model",
  );
  return model && { declaration: model, file: program.entry };
}

function weightsFor(
  program: Program,
  model: string,
):
  | { declaration: Extract<SourceFile["tree"]["declarations"][number], { kind: "weights" }>; file: SourceFile }
  | undefined {
  for (const file of program.files.values()) {
    for (const declaration of file.tree.declarations)
      if (declaration.kind === "weights" && declaration.model.name === model) return { declaration, file };
  }
  return undefined;
}

function readGeneration(
  program: Program,
  file: SourceFile,
  config: ConfigDeclaration,
  module: Module,
): { problems: Problem[]; generation: Lowered["generation"] } {
  const problems: Problem[] = [];
  const wanted = (d: SourceFile["tree"]["declarations"][number]): d is RunDeclaration =>
    d.kind === "run" && d.keyword === "generate";
  const all = file.tree.declarations.filter(wanted);
  // What one config declares serves the model's others too.
  const own =
    all.find(({ target }) => target[0]?.name === config.name.name) ??
    all.find(({ target }) => file.configs.get(target[0]?.name ?? "")?.model.name === config.model.name);
  if (!own) return { problems, generation: undefined };
  const name = own.target[1]?.name;
  const task = module.tasks.find((t) => t.name === name);
  const sampling = readSampling(own, file);
  problems.push(...sampling.problems);
  if (!task) {
    if (own.target[1] && !file.tasks.some((t) => t.name.name === name))
      problems.push(
        problem("N102", { name: `${own.target[0]?.name}.${name}` }, { file: file.name, span: own.target[1].span }),
      );
    return { problems, generation: undefined };
  }
  const axis = module.inputs
    .flatMap(({ value }) => value.type.axes)
    .map(({ dim }) => asAtom(dim))
    .find((atom) => atom?.name === own.over?.name);
  if (!own.over) return { problems, generation: undefined };
  if (axis && program.library.get(axis.name)?.declaration.kind === "outer") {
    const parameters = {
      task: `${own.target[0]?.name}.${name}`,
      axis: axis.name,
      operation: "its entries are independent examples",
    };
    problems.push(problem("G601", parameters, { file: file.name, span: own.over.span }));
    return { problems, generation: undefined };
  }
  if (!axis) {
    problems.push(
      problem(
        "N106",
        { axis: own.over.name, type: `the inputs of ${module.model}` },
        { file: file.name, span: own.over.span },
      ),
    );
    return { problems, generation: undefined };
  }
  const decoding = deriveDecoding(module, task, axis);
  if (!decoding.possible) {
    const parameters = {
      task: `${own.target[0]?.name}.${name}`,
      axis: axis.name,
      operation: `it has ${decoding.blame ?? "an operation"}`,
    };
    problems.push(problem("G601", parameters, { file: file.name, span: own.over.span }));
    return { problems, generation: undefined };
  }
  return { problems, generation: { task: task.name, decoding, sampling: sampling.defaults } };
}

const optionsText = (defaults: SamplingDefaults): string[] =>
  Object.entries(defaults).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === "error");

function distinct(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ code, message, primary }) => {
    const key = `${code} ${message} ${primary?.file} ${primary?.span.start}`;
    return !seen.has(key) && seen.add(key);
  });
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      (a.primary?.file ?? "").localeCompare(b.primary?.file ?? "") ||
      (a.primary?.span.start ?? 0) - (b.primary?.span.start ?? 0),
  );
}
