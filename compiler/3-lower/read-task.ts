/** A model's own function, and those of its tasks: from the model's results and the inputs to the outputs, and to the loss. */
import type { BlockDeclaration, Parameter, TaskDeclaration } from "../../grammar/ast.js";
import type { SourceFile } from "../1-resolve/program.js";
import { createBuilder, emit, liveCaptures, value, type Builder } from "../2-check/builder.js";
import { equalDims } from "../2-check/decide.js";
import { returnedValues } from "../2-check/results.js";
import { inner, noOutcome, noteAxes, report, type Scope } from "../2-check/scope.js";
import { kindsIn, type EntryKind } from "../2-check/kinds.js";
import type { Meaning } from "../2-check/meaning.js";
import { readSetting } from "../2-check/settings.js";
import { readBody } from "../2-check/statements.js";
import type { Function, Port, Task, Value } from "../ir/graph.js";
import { eliminateDeadCode } from "../ir/dead-code.js";
import { liveValues } from "../ir/live-values.js";
import { readGuards } from "./read-guards.js";
import { readPorts } from "./read-ports.js";

export function readModel(scope: Scope, declaration: BlockDeclaration): Function | undefined {
  const parameters = declaration.inputs.flatMap(({ name }) => {
    const meaning = scope.names.get(name.name);
    return meaning?.kind === "tensor" ? [meaning.value] : [];
  });
  const meanings = readBody(scope, declaration.body);
  const returned = returnedValues(scope, declaration.results, meanings, declaration.body.span);
  if (!returned) return undefined;
  return eliminateDeadCode({
    name: declaration.name.name,
    role: "model",
    doc: declaration.doc,
    parameters,
    body: scope.builder.nodes,
    results: returned.values,
  });
}

/** A model without a task is put to use as it is: its results are the outputs. */
export function ownTask(model: Function): Task {
  const name = model.name.slice(0, 1).toLowerCase() + model.name.slice(1);
  const hidden = model.results.map((result): Value => ({ ...result }));
  return {
    name,
    inputs: [],
    forward: { name, role: "task", doc: model.doc, parameters: hidden, body: [], results: hidden },
    outputs: distinct(hidden.map((_, n) => (hidden.length === 1 ? "output" : (model.results[n]?.name ?? "output")))),
    loss: undefined,
    guards: [],
  };
}

/** What a config says of a task's entry, if anything. */
export type SettingOfTask = (task: string, parameter: Parameter, kind: EntryKind) => Meaning | undefined;

/** Reads a task for its outputs and for its loss: each is a function that computes what it needs alone. */
export function readTask(
  scope: Scope,
  model: Function,
  declaration: TaskDeclaration,
  file: SourceFile,
  modelInputs: readonly Port[],
  settings: SettingOfTask,
): Task | undefined {
  const name = declaration.name.name;
  const builder = createBuilder(scope.builder);
  const inside = inner(scope, { file, builder, owner: name, outcome: { ...noOutcome(), losses: [] } });
  const hidden = declaration.values.flatMap(({ name: each }, n): Value[] => {
    const result = model.results[n];
    if (!result) return [];
    const made = value(builder, each, result.type.dtype, result.type.axes);
    inside.names.set(each, { kind: "tensor", value: made });
    noteAxes(inside, made.type.axes, (a, b) => equalDims(inside.context, a, b) === "yes");
    return [made];
  });
  readTaskSettings(inside, declaration, settings);
  const inputs = readPorts(inside, declaration.inputs);
  const { facts } = scope.context; // What one task requires is not given in another.
  const guards = readGuards(inside, file, declaration);
  const meanings = readBody(inside, declaration.body);
  const returned = returnedValues(inside, declaration.results, meanings, declaration.body.span)?.values;
  scope.context.facts = facts;
  const weightsOfModel = new Map(
    scope.builder.nodes.flatMap((node) => (node.op === "weight" ? [[node.out, node]] : [])),
  );
  const make = (role: "task" | "loss", results: readonly Value[]): Function | undefined => {
    // A weight of the model is read again.
    const [weights, captured] = apart(liveCaptures(builder, results), ([wanted]) => weightsOfModel.get(wanted));
    const stray = captured.find(([wanted]) => !modelInputs.some((port) => port.value === wanted));
    if (stray) {
      report(inside, "U901", { what: `using \`${stray[0].name}\` of the model in a task` }, declaration.name.span, {
        help: "a task can use the model's results, inputs, config and layers",
      });
      return undefined;
    }
    const needed = liveValues(builder.nodes, results);
    const live = inputs.filter((port) => needed.has(port.value));
    return eliminateDeadCode({
      name: role === "loss" ? `${name}Loss` : name,
      role,
      doc: declaration.doc,
      parameters: [...hidden, ...live.map((port) => port.value), ...captured.map(([, parameter]) => parameter)],
      body: [...weights.map(([node, [, out]]) => ({ ...node, out })), ...builder.nodes],
      results,
    });
  };
  const forward = returned && make("task", returned);
  if (!forward) return undefined;
  const losses = totalLoss(builder, inside.outcome.losses ?? []);
  const loss = losses && make("loss", losses);
  const written = inside.outcome.returned?.written ?? [];
  const outputs = written.map((each, n) =>
    each.kind === "name" ? each.name : written.length === 1 ? "output" : `output${n + 1}`,
  );
  return { name, inputs, forward, outputs: distinct(outputs), loss, guards };
}

/** Those that `of` finds something for, with what it finds, and the others. */
function apart<T, U>(all: readonly T[], of: (each: T) => U | undefined): [(readonly [U, T])[], T[]] {
  const found: (readonly [U, T])[] = [];
  const others: T[] = [];
  for (const each of all) {
    const known = of(each);
    if (known === undefined) others.push(each);
    else found.push([known, each]);
  }
  return [found, others];
}

/** Several losses are one: their sum. */
function totalLoss(builder: Builder, losses: readonly Value[]): readonly Value[] | undefined {
  const [first, ...rest] = losses;
  if (!first) return undefined;
  const total = rest.reduce(
    (sum, loss) =>
      emit(builder, { op: "map", name: "add", operands: [sum, loss], out: value(builder, "loss", "f32", []) }),
    first,
  );
  return [total];
}

/** A name that stands twice is numbered. */
const distinct = (names: readonly string[]): string[] =>
  names.map((name, n) => (names.indexOf(name) < n ? `${name}${n + 1}` : name));

function readTaskSettings(scope: Scope, declaration: TaskDeclaration, settings: SettingOfTask): void {
  const kinds = kindsIn(scope.context, scope.file, declaration);
  const owner = declaration.name.name;
  for (const parameter of declaration.parameters) {
    const { name, fallback } = parameter;
    const kind = kinds.get(name.name) ?? "int";
    const given = settings(owner, parameter, kind);
    const meaning = given ?? (fallback && readSetting(scope, owner, parameter, kind, fallback));
    if (!meaning) {
      report(scope, "N108", { name: name.name, callee: owner }, name.span);
      continue;
    }
    scope.names.set(name.name, meaning.kind === "int" ? { ...meaning, label: name.name } : meaning);
  }
}
