/** How the model and its tasks fit together, and what comes from outside. */
import { atomsOf, printDim, type Atom } from "../../shapes/index.js";
import type { Function, Module, Task, Value } from "../graph.js";
import { printType } from "../print/type.js";
import { sameShape, type Sizes } from "./sizes.js";

export function verifyEntries(module: Module, sizes: Sizes, known: ReadonlySet<Atom>): string[] {
  const { model, body, tasks, inputs } = module;
  const problems: string[] = [];
  const names = tasks.map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) < n);
  if (twice !== undefined) problems.push(`${model}: two tasks are called ${twice}`);
  if (body.role !== "model") problems.push(`${model}: its body is a ${body.role}`);
  for (const { value, below } of [...inputs, ...tasks.flatMap((task) => task.inputs)]) {
    for (const dim of [...value.type.axes.map((axis) => axis.dim), ...(below ? [below] : [])]) {
      const stray = atomsOf(dim).find((atom) => !known.has(atom));
      if (stray)
        problems.push(
          `${model}: the input ${value.name} has the size ${printDim(dim)}, and nothing gives ${stray.name}`,
        );
    }
  }
  if (
    body.parameters.some((parameter, n) => parameter !== inputs[n]?.value) ||
    body.parameters.length !== inputs.length
  ) {
    problems.push(`${model}: its parameters are not its inputs`);
  }
  for (const task of tasks) {
    problems.push(...verifyTask(module, task, task.forward, "task", sizes));
    if (task.outputs.length !== task.forward.results.length)
      problems.push(`${task.name}: names ${task.outputs.length} outputs and gives ${task.forward.results.length}`);
    if (!task.loss) continue;
    problems.push(...verifyTask(module, task, task.loss, "loss", sizes));
    const [result, more] = task.loss.results;
    if (!result || more || result.type.dtype !== "f32" || result.type.axes.length > 0)
      problems.push(`${task.loss.name}: gives ${typesOf(task.loss.results)}, f32[] is due`);
  }
  return problems;
}

const typesOf = (values: readonly Value[]): string =>
  values.length === 0 ? "nothing" : values.map(({ type }) => printType(type)).join(", ");

/** Parameters: the model's results, then inputs of the task and of the model, by name. */
function verifyTask(
  { body, inputs }: Module,
  task: Task,
  made: Function,
  role: Function["role"],
  sizes: Sizes,
): string[] {
  const problems: string[] = [];
  const hidden = made.parameters.slice(0, body.results.length);
  const rest = made.parameters.slice(body.results.length);
  const fits = (a: Value, b: Value): boolean =>
    a.type.dtype === b.type.dtype && sameShape(sizes, a.type.axes, b.type.axes);
  if (made.role !== role) problems.push(`${made.name}: is a ${made.role}, not a ${role}`);
  if (body.results.some((result, n) => !hidden[n] || !fits(hidden[n], result))) {
    problems.push(`${made.name}: takes ${typesOf(hidden)}, the model gives ${typesOf(body.results)}`);
  }
  const ports = [...task.inputs, ...inputs].map(({ value }) => value);
  for (const parameter of rest) {
    const port = ports.find(({ name }) => name === parameter.name);
    if (!port || !fits(port, parameter))
      problems.push(`${made.name}: takes ${parameter.name}, ${printType(parameter.type)}, which is no input`);
  }
  return problems;
}
