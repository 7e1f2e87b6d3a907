/** A model's own function, and those of its tasks: from the model's results and the inputs to the outputs, and to the loss. */
import type { BlockDeclaration, TaskDeclaration } from "../../grammar/ast.js";
import type { SourceFile } from "../1-resolve/program.js";
import { createBuilder, emit, liveCaptures, value, type Builder } from "../2-check/builder.js";
import { equalDims } from "../2-check/decide.js";
import { evaluate } from "../2-check/expressions.js";
import { finishFunction } from "../2-check/finish-function.js";
import { returnedValues } from "../2-check/results.js";
import { inner, noOutcome, noteAxes, report, type Scope } from "../2-check/scope.js";
import { kindsIn } from "../2-check/kinds.js";
import { asKind } from "../2-check/settings.js";
import { readBody } from "../2-check/statements.js";
import type { Function, Port, Task, Value } from "../ir/graph.js";
import { liveValues } from "../ir/live-values.js";
import { readPorts } from "./read-ports.js";

export function readModel(scope: Scope, declaration: BlockDeclaration): Function | undefined {
  const parameters = declaration.inputs.flatMap(({ name }) => {
    const meaning = scope.names.get(name.name);
    return meaning?.kind === "tensor" ? [meaning.value] : [];
  });
  const meanings = readBody(scope, declaration.body);
  const returned = returnedValues(scope, declaration.results, meanings, declaration.body.span);
  if (!returned) return undefined;
  return finishFunction(scope.context, {
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
  };
}

/** Reads a task for its outputs and for its loss: each is a function that computes what it needs alone. */
export function readTask(
  scope: Scope,
  model: Function,
  declaration: TaskDeclaration,
  file: SourceFile,
  modelInputs: readonly Port[],
): { task: Task; scope: Scope } | undefined {
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
  readTaskSettings(inside, declaration);
  const inputs = readPorts(inside, declaration.inputs);
  const meanings = readBody(inside, declaration.body);
  const returned = returnedValues(inside, declaration.results, meanings, declaration.body.span)?.values;
  const make = (role: "task" | "loss", results: readonly Value[]): Function | undefined => {
    const captured = liveCaptures(builder, results);
    const stray = captured.find(([wanted]) => !modelInputs.some((port) => port.value === wanted));
    if (stray) {
      report(inside, "U901", { what: `using \`${stray[0].name}\` of the model in a task` }, declaration.name.span, {
        help: "a task can use the model's results, inputs, config and layers",
      });
      return undefined;
    }
    const needed = liveValues(builder.nodes, results);
    const live = inputs.filter((port) => needed.has(port.value));
    return finishFunction(scope.context, {
      name: role === "loss" ? `${name}Loss` : name,
      role,
      doc: declaration.doc,
      parameters: [...hidden, ...live.map((port) => port.value), ...captured.map(([, parameter]) => parameter)],
      body: builder.nodes,
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
  return {
    task: { name, inputs, forward, outputs: distinct(outputs), loss },
    scope: inside,
  };
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

function readTaskSettings(scope: Scope, declaration: TaskDeclaration): void {
  const kinds = kindsIn(scope.context, scope.file, declaration);
  for (const parameter of declaration.parameters) {
    const { name, fallback } = parameter;
    if (!fallback) {
      report(scope, "N108", { name: name.name, callee: declaration.name.name }, name.span);
      continue;
    }
    const kind = kinds.get(name.name) ?? "int";
    const meaning = asKind(scope, declaration.name.name, parameter, kind, evaluate(scope, fallback), fallback);
    scope.names.set(name.name, meaning.kind === "int" ? { ...meaning, label: name.name } : meaning);
  }
}
