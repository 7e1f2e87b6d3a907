/** One model under one config: the definitions are read again with the config's numbers, and become a graph. */
import type { BlockDeclaration, ConfigDeclaration, Parameter, Span, TaskDeclaration } from "../../grammar/ast.js";
import { lookup, type Declared, type Program, type SourceFile } from "../1-resolve/program.js";
import { createBuilder, liveCaptures, use, value } from "../2-check/builder.js";
import { createContext, createScope, outerAtoms } from "../2-check/check.js";
import { concreteCondition, decide, equalDims, numberOf, originMarks } from "../2-check/decide.js";
import { evaluate } from "../2-check/expressions.js";
import { finishFunction } from "../2-check/finish-function.js";
import type { Meaning } from "../2-check/meaning.js";
import { lineOf } from "../2-check/numbers.js";
import { readFacts, requireFacts } from "../2-check/require.js";
import { declareSize, inner, mark, noteAxes, report, type Context, type Scope } from "../2-check/scope.js";
import { asKind, checkNames, kindsOf, type EntryKind } from "../2-check/settings.js";
import { asDeclared, checkResult } from "../2-check/signature.js";
import { readBody } from "../2-check/statements.js";
import { emptyTree, forEachWeight } from "../2-check/weight-tree.js";
import { isDType, resolveType } from "../2-check/types.js";
import type { Problem } from "../diagnostics/problem.js";
import type { ConfigEntry, Function, Guard, Module, Port, Task, Value } from "../ir/graph.js";
import { asAtom, assume, atom, atomsOfCondition, constant, printDim, variable, type Atom } from "../shapes/index.js";
import { printExpression } from "../../grammar/index.js";
import { liveValues } from "../ir/live-values.js";
import { readOverride, type Overrides } from "./overrides.js";

export interface Instance {
  readonly module: Module | undefined;
  readonly problems: readonly Problem[];
  /** Config numbers by their symbols. */
  readonly numbers: ReadonlyMap<Atom, number>;
}

/** Reads `config` of `program`; `only` limits the tasks, `overrides` stand for `--set`. */
export function instantiate(
  program: Program,
  file: SourceFile,
  config: ConfigDeclaration | undefined,
  model: Declared<BlockDeclaration>,
  options: {
    tasks?: readonly string[] | undefined;
    overrides?: Overrides | undefined;
    intrinsics?: boolean | undefined;
  } = {},
): Instance {
  const problems: Problem[] = [];
  const outer = outerAtoms(program);
  const context = { ...createContext(program, "instance", problems, outer), intrinsics: options.intrinsics ?? true };
  const { declaration } = model;
  const scope: Scope = { ...createScope(context, model.file, declaration.name.name, outer), tree: emptyTree() };
  for (const { name } of declaration.variables) declareSize(scope, name, variable(atom(name, "axis")));
  const entries = readConfig(scope, declaration, file, config, options.overrides);
  const done = (module: Module | undefined): Instance => ({ module, problems, numbers: context.numbers });
  if (!entries || problems.length > 0) return done(undefined);

  const inputs = readPorts(scope, declaration.inputs);
  const guards = readGuards(scope, model.file, declaration);
  const body = readModel(scope, declaration);
  if (!body || problems.length > 0) return done(undefined);

  const wanted = program.entry.tasks
    .concat(...[...program.files.values()].filter((f) => f !== program.entry).map((f) => [...f.tasks]))
    .filter(
      (task) => task.model.name === declaration.name.name && (!options.tasks || options.tasks.includes(task.name.name)),
    );
  const sized = checkSizes(scope, declaration.name.span);
  if (!sized) return done(undefined);
  const tasks = wanted.flatMap((task) => readTask(scope, body, task, taskFile(program, task), inputs) ?? []);
  if (problems.length > 0) return done(undefined);
  if (wanted.length === 0 && options.tasks === undefined) tasks.push({ task: ownTask(body), scope });
  const bounded = (port: Port, meaning: Meaning | undefined): Port => ({
    ...port,
    below: meaning?.kind === "tensor" && meaning.index ? boundOf(context, meaning) : undefined,
  });
  return done({
    model: declaration.name.name,
    doc: declaration.doc,
    configName: config?.name.name ?? declaration.name.name,
    config: entries,
    inputs: inputs.map((port) => bounded(port, scope.names.get(port.value.name))),
    guards,
    body: body.made,
    tasks: tasks.map(({ task, scope: inside }) => ({
      ...task,
      inputs: task.inputs.map((port) => bounded(port, inside.names.get(port.value.name))),
    })),
    weights: scope.tree,
  });
}

/** Every axis of a weight has at least one entry; the number that says otherwise is blamed where it entered. */
function checkSizes(scope: Scope, declaredAt: Span): boolean {
  let fits = true;
  forEachWeight(scope.tree, (address, weight) => {
    for (const { dim } of weight.type.axes) {
      const number = numberOf(scope.context, dim);
      if (!fits || (number !== undefined && number >= 1)) continue;
      fits = false;
      const [primary] = originMarks(scope, dim, (name, at) => `${name} = ${at}`);
      const text = address.map((part) => (typeof part === "object" ? `{${part.index}}` : String(part))).join(".");
      if (number === undefined) {
        const help =
          "a weight's sizes come from the config: rearrange so that a learned layer works along an axis of fixed size";
        report(scope, "T212", { address: text, size: printDim(dim) }, declaredAt, { help });
        continue;
      }
      report(scope, "T211", { address: text, size: `${printDim(dim)} = ${number}` }, primary ?? { start: 0, end: 0 }, {
        help: "sizes are at least 1",
      });
    }
  });
  return fits;
}

/** A model without a task is put to use as it is: its result is the output. */
function ownTask({ made, result }: ModelBody): Task {
  const name = made.name.slice(0, 1).toLowerCase() + made.name.slice(1);
  const hidden: Value = { ...result };
  return {
    name,
    inputs: [],
    forward: { name, role: "task", doc: made.doc, parameters: [hidden], body: [], result: hidden },
    outputName: "output",
    loss: undefined,
  };
}

function taskFile(program: Program, task: TaskDeclaration): SourceFile {
  return [...program.files.values()].find((file) => file.tasks.includes(task)) ?? program.entry;
}

function boundOf(context: Context, meaning: Extract<Meaning, { kind: "tensor" }>): Port["below"] {
  const symbol = meaning.index && [...context.bounds.keys()].find((a) => meaning.index && a === asAtom(meaning.index));
  const bound = symbol && context.bounds.get(symbol);
  return bound === unbounded ? undefined : bound;
}

/** Stands for "not looked up anywhere yet". */
const unbounded = constant(Number.MAX_SAFE_INTEGER);

/** The config's entries: given ones as numbers behind symbols, defaults that build on others as expressions of those. */
function readConfig(
  scope: Scope,
  declaration: BlockDeclaration,
  file: SourceFile,
  config: ConfigDeclaration | undefined,
  overrides: Overrides | undefined,
): ConfigEntry[] | undefined {
  const { context } = scope;
  const kinds = kindsOf(context.program, scope.file, declaration);
  const settings = config?.settings.entries ?? [];
  const configScope = inner(scope, { file, names: scope.names });
  checkNames(configScope, declaration.name.name, declaration.parameters, settings);
  if (overrides) {
    const stray = [...overrides.keys()].find((name) => !kinds.has(name));
    if (stray !== undefined) {
      report(scope, "N101", { name: stray, block: declaration.name.name }, declaration.name.span, {
        notes: [`${declaration.name.name} has: ${[...kinds.keys()].join(", ")}`],
      });
      return undefined;
    }
  }
  const entries: ConfigEntry[] = [];
  for (const parameter of declaration.parameters) {
    const name = parameter.name.name;
    const kind = kinds.get(name) ?? "int";
    const setting = settings.find((s) => s.name.name === name);
    const override = overrides?.get(name);
    const written = setting?.value ?? parameter.fallback;
    let meaning: Meaning | undefined;
    if (override !== undefined) meaning = readOverride(scope, parameter, kind, override);
    else if (written)
      meaning = asKind(
        setting ? configScope : scope,
        declaration.name.name,
        parameter,
        kind,
        evaluate(setting ? configScope : scope, written),
        written,
      );
    if (!meaning) {
      const help = `pass it: ${declaration.name.name}{${name}: ...}`;
      report(
        configScope,
        "N108",
        { name, callee: declaration.name.name },
        config?.model.span ?? declaration.name.span,
        { help },
      );
      continue;
    }
    const entry = enterEntry(
      scope,
      context,
      parameter,
      kind,
      meaning,
      setting || override !== undefined ? "config" : "default",
      setting ? mark(configScope, setting.span) : mark(scope, parameter.span),
    );
    scope.names.set(name, entry.meaning);
    if (entry.entry) entries.push(entry.entry);
  }
  scope.names.set("cfg", {
    kind: "settings",
    entries: new Map(
      declaration.parameters.map(({ name }) => [name.name, scope.names.get(name.name) ?? { kind: "unknown" }]),
    ),
  });
  return entries;
}

function enterEntry(
  scope: Scope,
  context: Context,
  parameter: Parameter,
  kind: EntryKind,
  meaning: Meaning,
  from: "config" | "default",
  place: ReturnType<typeof mark>,
): { meaning: Meaning; entry: ConfigEntry | undefined } {
  const name = parameter.name.name;
  switch (meaning.kind) {
    case "int": {
      const number = numberOf(context, meaning.dim);
      // A default such as `d / heads` stays an expression, so that emitted code and messages show what it is.
      if (from === "default" && !meaning.literal) return { meaning: { ...meaning, label: name }, entry: undefined };
      const symbol = atom(name, "config", { min: Math.min(number ?? 1, 1) });
      if (number !== undefined) context.numbers.set(symbol, number);
      context.origins.set(symbol, { mark: place, kind: from });
      return {
        meaning: { kind: "int", dim: variable(symbol), label: name },
        entry: { name, atom: symbol, value: number ?? 0 },
      };
    }
    case "real":
      return { meaning, entry: { name, atom: undefined, value: meaning.value ?? 0 } };
    case "bool": {
      const decided = decide(context, meaning.condition) === "yes";
      return {
        meaning: { kind: "bool", condition: { kind: "constant", value: decided } },
        entry: { name, atom: undefined, value: decided },
      };
    }
    case "text":
      return { meaning, entry: { name, atom: undefined, value: meaning.value ?? "" } };
    default:
      if (kind !== "function" && kind !== "block" && meaning.kind !== "unknown")
        report(scope, "T208", { expected: "a number", found: meaning.kind }, parameter.span);
      return { meaning, entry: undefined };
  }
}

/** Inputs as they come from outside; ids are bounded by what they look up. */
function readPorts(scope: Scope, inputs: BlockDeclaration["inputs"]): Port[] {
  return inputs.flatMap((input): Port[] => {
    if (!isDType(input.type.name.name)) {
      report(scope, "U901", { what: `an input of type ${input.type.name.name} from outside` }, input.span);
      return [];
    }
    const type = resolveType(scope, input.type);
    if (!type) return [];
    noteAxes(scope, type.axes, (a, b) => equalDims(scope.context, a, b) === "yes");
    const port = value(scope.builder, input.name.name, type.dtype, type.axes);
    const index = type.dtype === "i32" ? atom(input.name.name, "axis", { min: 0 }) : undefined;
    if (index) scope.context.bounds.set(index, unbounded);
    scope.names.set(input.name.name, { kind: "tensor", value: port, ...(index && { index: variable(index) }) });
    const fallback = input.fallback && evaluate(scope, input.fallback);
    const constantFallback =
      fallback?.kind === "int"
        ? numberOf(scope.context, fallback.dim)
        : fallback?.kind === "bool" && fallback.condition.kind === "constant"
          ? fallback.condition.value
          : undefined;
    return [{ value: port, external: input.name.name, below: undefined, fallback: constantFallback }];
  });
}

/** Facts about numbers are decided now; facts about sizes that only a call knows are checked there, on entry. */
function readGuards(scope: Scope, file: SourceFile, declaration: BlockDeclaration): Guard[] {
  const { context } = scope;
  return readFacts(scope, declaration.where).flatMap(({ condition, expression }): Guard[] => {
    const open = atomsOfCondition(concreteCondition(context, condition));
    if (open.length === 0) {
      requireFacts(scope, scope, declaration.name.name, [expression], expression.span);
      return [];
    }
    context.facts = assume(context.facts, concreteCondition(context, condition));
    return [
      {
        condition,
        text: printExpression(expression),
        place: `${baseName(file.name)}:${lineOf(file.text, expression.span.start)}`,
      },
    ];
  });
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

interface ModelBody {
  readonly made: Function;
  readonly scope: Scope;
  readonly result: Value;
}

function readModel(scope: Scope, declaration: BlockDeclaration): ModelBody | undefined {
  const parameters = declaration.inputs.flatMap(({ name }) => {
    const meaning = scope.names.get(name.name);
    return meaning?.kind === "tensor" ? [meaning.value] : [];
  });
  const result = readBody(scope, declaration.body);
  if (result.kind !== "tensor") return undefined;
  const declared = declaration.result && resolveType(scope, declaration.result);
  let found = use(scope.builder, result.value);
  if (declared && declaration.result) {
    if (!checkResult(scope, declared, found, declaration.body.span, declaration.result.span)) return undefined;
    found = asDeclared(scope, declared, found);
  }
  const made = finishFunction(scope.context, {
    name: declaration.name.name,
    role: "model",
    doc: declaration.doc,
    parameters,
    body: scope.builder.nodes,
    result: found,
  });
  return { made, scope, result: found };
}

/** A task's own function: from the model's result (and inputs, where it uses them) to its output; the loss likewise. */
function readTask(
  scope: Scope,
  model: ModelBody,
  declaration: TaskDeclaration,
  file: SourceFile,
  modelInputs: readonly Port[],
): { task: Task; scope: Scope } | undefined {
  const read = (want: "output" | "loss"): { made: Function; inside: Scope; inputs: readonly Port[] } | undefined => {
    const builder = createBuilder(scope.builder);
    const inside = inner(scope, {
      file,
      builder,
      owner: declaration.name.name,
      result: { value: undefined, losses: [] },
    });
    const hidden = value(builder, declaration.value.name, model.result.type.dtype, model.result.type.axes);
    inside.names.set(declaration.value.name, { kind: "tensor", value: hidden });
    readTaskSettings(inside, declaration);
    const inputs = readPorts(inside, declaration.inputs);
    const result = readBody(inside, declaration.body);
    const value_ =
      want === "loss" ? inside.result.losses[0] : result.kind === "tensor" ? use(builder, result.value) : undefined;
    if (!value_) return undefined;
    if (want === "loss" && inside.result.losses.length > 1) {
      report(inside, "U901", { what: "more than one loss in a task" }, declaration.name.span);
      return undefined;
    }
    let found = value_;
    if (want === "output" && declaration.result) {
      const declared = resolveType(inside, declaration.result);
      if (!declared || !checkResult(inside, declared, found, declaration.body.span, declaration.result.span))
        return undefined;
      found = asDeclared(inside, declared, found);
    }
    const captured = liveCaptures(builder, found);
    const stray = captured.find(([wanted]) => !modelInputs.some((port) => port.value === wanted));
    if (stray) {
      report(inside, "U901", { what: `using \`${stray[0].name}\` of the model in a task` }, declaration.name.span, {
        help: "a task can use the model's result, inputs, config and layers",
      });
      return undefined;
    }
    const needed = liveValues(builder.nodes, [found]);
    const live = inputs.filter((port) => needed.has(port.value));
    const parameters = [hidden, ...live.map((port) => port.value), ...captured.map(([, parameter]) => parameter)];
    const name = want === "loss" ? `${declaration.name.name}Loss` : declaration.name.name;
    const made = finishFunction(scope.context, {
      name,
      role: want === "loss" ? "loss" : "task",
      doc: declaration.doc,
      parameters,
      body: builder.nodes,
      result: found,
    });
    return { made, inside, inputs };
  };
  const output = read("output");
  if (!output) return undefined;
  const hasLoss = output.inside.result.losses.length > 0;
  const loss = hasLoss ? read("loss") : undefined;
  const returned = declaration.body.statements.findLast((s) => s.kind === "return")?.values[0];
  const outputName = returned?.kind === "name" ? returned.name : "output";
  return {
    task: { name: declaration.name.name, inputs: output.inputs, forward: output.made, outputName, loss: loss?.made },
    scope: output.inside,
  };
}

function readTaskSettings(scope: Scope, declaration: TaskDeclaration): void {
  const kinds = kindsOf(scope.context.program, scope.file, declaration);
  for (const parameter of declaration.parameters) {
    const { name } = parameter;
    if (!parameter.fallback) {
      report(scope, "N108", { name: name.name, callee: declaration.name.name }, name.span);
      continue;
    }
    const kind = kinds.get(name.name) ?? "int";
    const meaning = asKind(
      scope,
      declaration.name.name,
      parameter,
      kind,
      evaluate(scope, parameter.fallback),
      parameter.fallback,
    );
    if (meaning.kind !== "int") {
      scope.names.set(name.name, meaning);
      continue;
    }
    scope.names.set(name.name, { ...meaning, label: name.name });
  }
}

/** The declaration behind a config's model. */
export function modelOf(program: Program, file: SourceFile, name: string): Declared<BlockDeclaration> | undefined {
  const found = lookup(program, file, name);
  return found?.declaration.kind === "block" ? { declaration: found.declaration, file: found.file } : undefined;
}
