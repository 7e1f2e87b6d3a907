/** One model under one config: the definitions are read again with the config's numbers, and become a graph. */
import type { BlockDeclaration, ConfigDeclaration, Parameter, Span, TaskDeclaration } from "../../grammar/ast.js";
import { lookup, tasksOf, type Declared, type Program, type SourceFile } from "../1-resolve/program.js";
import { createContext, createScope, outerAtoms } from "../2-check/check.js";
import { decide, isSize, numberOf, originMarks } from "../2-check/decide.js";
import { evaluate } from "../2-check/expressions.js";
import type { Meaning } from "../2-check/meaning.js";
import { noReadings, readAnew, recall, type ModelReading, type Readings } from "../2-check/readings.js";
import { declareSize, inner, mark, report, type Context, type Observe, type Scope } from "../2-check/scope.js";
import { kindsIn, type EntryKind } from "../2-check/kinds.js";
import { asKind, checkNames, readSetting } from "../2-check/settings.js";
import { idOf, useKey } from "../2-check/use-key.js";
import { emptyTree, foldTree, forEachWeight } from "../2-check/weight-tree.js";
import type { Problem } from "../diagnostics/problem.js";
import type { ConfigEntry, Module, Port } from "../ir/graph.js";
import { asConstant, printDim, variable, type Atom } from "../shapes/index.js";
import { dropUnusedInputs } from "./drop-unused-inputs.js";
import { readOverride, type Overrides } from "./overrides.js";
import { readGuards } from "./read-guards.js";
import { boundOf, readPorts } from "./read-ports.js";
import { ownTask, readModel, readTask, type SettingOfTask } from "./read-task.js";

export interface Instance {
  readonly module: Module | undefined;
  readonly problems: readonly Problem[];
  /** Config numbers by their symbols. */
  readonly numbers: ReadonlyMap<Atom, number>;
}

/** Reads `config` of `program`; `tasks` are the only ones wanted, `overrides` stand for `--set`, `readings` are what is kept from other times. */
export function instantiate(
  program: Program,
  file: SourceFile,
  config: ConfigDeclaration | undefined,
  model: Declared<BlockDeclaration>,
  options: {
    tasks?: readonly string[] | undefined;
    overrides?: Overrides | undefined;
    intrinsics?: boolean | undefined;
    observe?: Observe | undefined;
    readings?: Readings | undefined;
  } = {},
): Instance {
  const problems: Problem[] = [];
  const { intrinsics = true, observe, readings = noReadings() } = options;
  readings.begin();
  const outer = outerAtoms(program, readings.atom);
  const created = createContext(program, "instance", problems, outer);
  const context = { ...created, intrinsics, observe, readings };
  const { declaration } = model;
  const scope: Scope = { ...createScope(context, model.file, declaration.name.name, outer), tree: emptyTree() };
  for (const { name } of declaration.variables) declareSize(scope, name, variable(readings.atom(name, "axis")));
  const known = tasksOf(program, declaration.name.name);
  const given: Given = { file, config, overrides: options.overrides, tasks: known.map(({ task }) => task) };
  const entries = readConfig(scope, declaration, given);
  const wanted = options.tasks;
  const tasks = known.filter(({ task }) => !wanted || wanted.includes(task.name.name));
  const use = { tasks, isPlain: wanted === undefined, given };
  const made = entries && problems.length === 0 ? readForConfig(scope, model, use) : undefined;
  const configName = config?.name.name ?? declaration.name.name;
  const module = made && entries && problems.length === 0 ? { ...made, configName, config: entries } : undefined;
  return { module, problems, numbers: context.numbers };
}

interface InUse {
  readonly tasks: readonly TaskOfModel[];
  /** Whether a model without tasks is put to use as it is. */
  readonly isPlain: boolean;
  readonly given: Given;
}

type TaskOfModel = ReturnType<typeof tasksOf>[number];

/** What was read for a config that gives the same answers, or what is read now. */
function readForConfig(scope: Scope, model: Declared<BlockDeclaration>, use: InUse): ModelReading | undefined {
  const { context } = scope;
  const { models } = context.readings;
  const key = context.observe ? undefined : modelKey(scope, model.declaration, use);
  const known = key === undefined ? undefined : recall(context, models, key);
  if (known) return known;
  const { of: made, isQuiet, keep } = readAnew(context, () => readWhole(scope, model, use));
  if (made && isQuiet && key !== undefined) keep(models, key, made);
  return made;
}

/** Equal for two configs that nothing but their numbers tells apart. */
function modelKey(scope: Scope, declaration: BlockDeclaration, { tasks, isPlain, given }: InUse): string | undefined {
  const { file, config, overrides } = given;
  const used = useKey(scope, declaration, { isLabelled: true, parameters: new Map() });
  const names = new Set(tasks.flatMap(({ task }) => task.parameters.map(({ name }) => name.name)));
  const settings = (config?.settings.entries ?? []).filter(({ name }) => names.has(name.name));
  return (
    used &&
    [
      used.key,
      `${isPlain} ${scope.context.intrinsics} ${tasks.map(({ task }) => idOf(task)).join()}`,
      file.name,
      ...settings.map(({ span }) => file.text.slice(span.start, span.end)),
      ...[...(overrides ?? [])].map(([name, value]) => `${name}=${value}`),
    ].join("\n")
  );
}

function readWhole(
  scope: Scope,
  { declaration, file }: Declared<BlockDeclaration>,
  { tasks, isPlain, given }: InUse,
): ModelReading | undefined {
  const { context } = scope;
  const { problems } = context;
  const inputs = readPorts(scope, declaration.inputs);
  const guards = readGuards(scope, file, declaration);
  if (problems.length > 0) return undefined; // What does not meet the model's facts is wrong further on as well.
  const body = readModel(scope, declaration);
  if (!body || problems.length > 0) return undefined;
  const settings = settingOfTask(scope, declaration, given);
  const read = tasks.flatMap(({ task, file: its }) => readTask(scope, body, task, its, inputs, settings) ?? []);
  if (problems.length > 0 || !checkSizes(scope, declaration.name.span)) return undefined;
  const bounded = (port: Port): Port => ({ ...port, ...boundOf(context, port) });
  return dropUnusedInputs({
    model: declaration.name.name,
    doc: declaration.doc,
    inputs: inputs.map(bounded),
    guards,
    body,
    tasks: (isPlain && tasks.length === 0 ? [ownTask(body)] : read).map((task) => ({
      ...task,
      inputs: task.inputs.map(bounded),
    })),
    weights: foldTree(scope.tree),
  });
}

/** Every axis of a weight has at least one entry; the number that says otherwise is blamed where it entered. */
function checkSizes(scope: Scope, declaredAt: Span): boolean {
  let fits = true;
  forEachWeight(scope.tree, (address, weight) => {
    for (const { dim } of weight.type.axes) {
      if (!fits || isSize(scope.context, dim)) continue;
      fits = false;
      const number = numberOf(scope.context, dim);
      const [primary] = originMarks(scope, dim, (name, at) => `${name} = ${at}`);
      const text = address.map((part) => (typeof part === "object" ? `{${part.index}}` : String(part))).join(".");
      if (number === undefined) {
        const help =
          "a weight's sizes come from the config: rearrange so that a learned layer works along an axis of fixed size";
        report(scope, "T212", { address: text, size: printDim(dim) }, declaredAt, { help });
        continue;
      }
      const size = asConstant(dim) === undefined ? `${printDim(dim)} = ${number}` : String(number);
      report(scope, "T211", { address: text, size }, primary ?? declaredAt, { help: "sizes are at least 1" });
    }
  });
  return fits;
}

/** Where numbers come from: a config of `file`, and what is said beside it. */
interface Given {
  readonly file: SourceFile;
  readonly config: ConfigDeclaration | undefined;
  readonly overrides: Overrides | undefined;
  /** The model's tasks, whose entries a config sets too. */
  readonly tasks: readonly TaskDeclaration[];
}

/** Of several entries with one name the first. */
const distinct = (parameters: readonly Parameter[]): Parameter[] =>
  [...new Map(parameters.toReversed().map((each) => [each.name.name, each])).values()].toReversed();

/** What a config says of the entries of tasks. A name that the model has too is meant for the model. */
function settingOfTask(scope: Scope, declaration: BlockDeclaration, { file, config, overrides }: Given): SettingOfTask {
  const configScope = inner(scope, { file, names: scope.names });
  return (task, parameter, kind) => {
    const { name } = parameter.name;
    if (declaration.parameters.some((other) => other.name.name === name)) return undefined;
    const override = overrides?.get(name);
    if (override !== undefined) return readOverride(scope, parameter, kind, override);
    const value = config?.settings.entries.find((setting) => setting.name.name === name)?.value;
    return value && readSetting(configScope, task, parameter, kind, value);
  };
}

/** The config's entries: given ones as numbers behind symbols, defaults that build on others as expressions of those. */
function readConfig(
  scope: Scope,
  declaration: BlockDeclaration,
  { file, config, overrides, tasks }: Given,
): ConfigEntry[] | undefined {
  const { context } = scope;
  const kinds = kindsIn(context, scope.file, declaration);
  const settings = config?.settings.entries ?? [];
  const configScope = inner(scope, { file, names: scope.names });
  const all = distinct([...declaration.parameters, ...tasks.flatMap(({ parameters }) => parameters)]);
  checkNames(configScope, declaration.name.name, all, settings);
  if (overrides) {
    const names = all.map(({ name }) => name.name);
    const stray = [...overrides.keys()].find((name) => !names.includes(name));
    if (stray !== undefined) {
      report(scope, "N101", { name: stray, block: declaration.name.name }, declaration.name.span, {
        notes: [`${declaration.name.name} has: ${names.join(", ")}`],
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
      const symbol = context.readings.atom(name, "config", { min: Math.min(number ?? 1, 1) });
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

/** The declaration behind a config's model. */
export function modelOf(program: Program, file: SourceFile, name: string): Declared<BlockDeclaration> | undefined {
  const found = lookup(program, file, name);
  return found?.declaration.kind === "block" ? { declaration: found.declaration, file: found.file } : undefined;
}
