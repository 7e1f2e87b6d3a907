/** Of a model's inputs those that a config has a use for: a branch that it does not take may have been the only one to read one. */
import { functionsOf, nodesOf } from "../ir/functions.js";
import type { ModelReading } from "../2-check/readings.js";
import type { Port, Value } from "../ir/graph.js";
import { liveValues } from "../ir/live-values.js";
import { outsOf } from "../ir/operands.js";
import { sizesIn } from "../ir/sizes-in.js";
import { atomsOf, dimsOf, type Atom, type Dim } from "../shapes/index.js";

/** The module without inputs that nothing reads, but for those that alone tell a size that something has. */
export function dropUnusedInputs(module: ModelReading): ModelReading {
  const { body, inputs, tasks, guards } = module;
  const live = liveValues(body.body, body.results);
  const ofTasks = tasks.flatMap(({ forward, loss }) => (loss ? [forward, loss] : [forward]));
  const names = new Set(ofTasks.flatMap(({ parameters }) => parameters.map(({ name }) => name)));
  const isRead = ({ value }: Port): boolean => live.has(value) || names.has(value.name);
  if (inputs.every(isRead)) return module;
  // One that may be left out tells no size, and needs its own to be told.
  const [left, given] = [inputs.filter(isOptional), inputs.filter((port) => !isOptional(port))];
  const told = new Set(given.filter(isRead).flatMap(({ value }) => sizesOf(value)));
  const asked = new Set([
    ...left.filter(isRead).flatMap(({ value }) => sizesOf(value)),
    ...[...guards, ...tasks.flatMap((task) => task.guards)].flatMap(({ condition }) => calledSizes(dimsOf(condition))),
    ...functionsOf(module)
      .flatMap(nodesOf)
      .flatMap((node) => [...outsOf(node).flatMap(sizesOf), ...calledSizes(sizesIn(node))]),
  ]);
  const tellable = new Set(given.flatMap(({ value }) => sizesOf(value)));
  const tells = (port: Port, size: Atom): boolean =>
    asked.has(size) && !told.has(size) && !(isOptional(port) && tellable.has(size));
  const needed = inputs.filter((port) => isRead(port) || sizesOf(port.value).some((size) => tells(port, size)));
  if (needed.length === inputs.length) return module;
  return { ...module, inputs: needed, body: { ...body, parameters: needed.map(({ value }) => value) } };
}

const isOptional = ({ fallback }: Port): boolean => fallback !== undefined;

/** Those that only a call knows. */
const calledSizes = (dims: readonly Dim[]): Atom[] =>
  dims.flatMap((dim) => atomsOf(dim)).filter(({ role }) => role === "axis");

const sizesOf = ({ type }: Value): Atom[] => calledSizes(type.axes.map(({ dim }) => dim));
