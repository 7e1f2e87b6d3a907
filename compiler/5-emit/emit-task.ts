/** A task as the module exports it: inputs checked, guards held, the model and the task's own function run. */
import type { Function, Module, Port, Task, Value } from "../ir/graph.js";
import { asAtom, atomsOf, printDim, type Atom } from "../shapes/index.js";
import { batchText, type Emission } from "./frame.js";
import { conditionAtoms, conditionText, guardMessage } from "./guards.js";
import { createNames, identifier, upperFirst, type Names } from "./names.js";
import { createSizeText, tensorType, typesText, type SizeText } from "./sizes.js";
import type { Declaration } from "./write-module.js";

/** The head of a model that has no task of its own. */
export const isIdentity = (made: Function): boolean =>
  made.role === "task" && made.body.length === 0 && made.results.every((result, n) => result === made.parameters[n]);

/** `lm(weights, { ids }, cache?)` and, where the task has a loss, `lmLoss(weights, { ids })`. */
export function taskFunctions(emission: Emission, task: Task, root: string, lastOnly: boolean): Declaration[] {
  const name = identifier(task.name);
  const inputsType = inputsName(task);
  const fieldsOf = (head: Function): string =>
    portsOf(emission.module, task, head)
      .map(
        ({ value, fallback }) =>
          `readonly ${identifier(value.name)}${fallback === undefined ? "" : "?"}: Input<${JSON.stringify(shapeOf(value))}>`,
      )
      .join("; ");
  const result = outputType(emission, task);
  const cache = emission.cached.has(emission.module.body) ? ", cache" : "";
  const headCall = `${emission.functionNames.get(task.forward)}(${emission.weightTypes.has(task.forward) ? "weights, " : ""}`;
  const declarations: Declaration[] = [
    { kind: "interface", name: inputsType, text: fieldsOf(task.forward) },
    // A decode step needs the head for the last position only, so what comes before it stands alone.
    ...(lastOnly
      ? [
          {
            kind: "function",
            name: hiddenName(task),
            exported: false,
            doc: `What ${name} ends with, before its head.`,
            parameters: parametersOf(emission, root, inputsType, task.forward),
            result: typesText(emission.module.body.results, emission.aliases),
            statements: taskBody(emission, task, undefined, true),
          } as const,
        ]
      : []),
    {
      kind: "function",
      name,
      exported: true,
      doc: task.forward.doc ?? `${task.outputs.map((each, n) => `${each} ${shapeText(task, n)}`).join(", ")}.`,
      parameters: parametersOf(emission, root, inputsType, task.forward),
      result,
      statements: lastOnly
        ? [`return tf.tidy(() => ${headCall}${hiddenName(task)}(weights, inputs${cache})));`]
        : taskBody(emission, task, task.forward, true),
    },
  ];
  if (!task.loss) return declarations;
  const lossEntries = fieldsOf(task.loss);
  const sameInputs = lossEntries === fieldsOf(task.forward);
  const lossInputs = sameInputs ? inputsType : `${upperFirst(name)}LossInputs`;
  return [
    ...declarations,
    ...(sameInputs ? [] : [{ kind: "interface", name: lossInputs, text: lossEntries } as const]),
    {
      kind: "function",
      name: `${name}Loss`,
      exported: true,
      doc: `The loss that ${name} is trained by.`,
      parameters: parametersOf(emission, root, lossInputs, undefined, task.loss),
      result: 'Tensor<"f32[]">',
      statements: taskBody(emission, task, task.loss, false),
    },
  ];
}

export const inputsName = (task: Task): string => `${upperFirst(identifier(task.name))}Inputs`;

export const hiddenName = (task: Task): string => `${identifier(task.name)}Hidden`;

const shapeText = (task: Task, n: number): string => {
  const result = task.forward.results[n];
  return result ? shapeOf(result) : "";
};

/** One output is a tensor, several are an object of them. */
function outputType({ aliases }: Emission, { outputs, forward }: Task): string {
  const types = forward.results.map(({ type }) => tensorType(type, aliases));
  const [only, more] = types;
  if (only !== undefined && more === undefined) return only;
  return `{ ${outputs.map((name, n) => `readonly ${identifier(name)}: ${types[n]}`).join("; ")} }`;
}

const isStateful = ({ stateful, module }: Emission, head: Function | undefined): boolean =>
  stateful.has(module.body) || (head !== undefined && stateful.has(head));

/** The inputs that a task's forward function or loss needs: the model's, and those of its own that it reads. */
function portsOf(module: Module, task: Task, head: Function): Port[] {
  const read = new Set(head.parameters.map(({ name }) => name));
  return [...module.inputs, ...task.inputs.filter(({ value }) => read.has(value.name))];
}

export const shapeOf = (value: Value): string =>
  `${value.type.dtype}[${value.type.axes.map(({ dim }) => printDim(dim)).join(", ")}]`;

function parametersOf(
  emission: Emission,
  root: string,
  inputsType: string,
  forward: Function | undefined,
  head = forward,
): { name: string; type: string; optional: boolean }[] {
  const readsAny = [emission.module.body, head].some((made) => made && emission.weightTypes.has(made));
  const cached = emission.cached.has(emission.module.body) || (forward !== undefined && emission.cached.has(forward));
  return [
    { name: readsAny ? "weights" : "_weights", type: root, optional: false },
    { name: "inputs", type: inputsType, optional: false },
    ...(cached && forward ? [{ name: "cache", type: "Cache", optional: true }] : []),
    ...(isStateful(emission, head) ? [{ name: "state", type: "State", optional: true }] : []),
  ];
}

/** Inputs are checked and become tensors; the model's own guards hold; then model and head run, all in one tidy. */
function taskBody(emission: Emission, task: Task, head: Function | undefined, withCache: boolean): string[] {
  const { module, imports } = emission;
  const names = createNames([...emission.taken, "weights", "inputs", "cache"]);
  const local = new Map<Value, string>();
  const lines: string[] = [];
  const runtime = new Map<Atom, string>();
  const size = createSizeText(module.config, (atom) => runtime.get(atom) ?? atom.name);
  imports.add("input");
  const cached = withCache && emission.cached.has(module.body);
  const over = cached ? emission.over?.axis : undefined;
  const ports = portsOf(module, task, head ?? task.forward);
  for (const { value } of ports) local.set(value, names.claim(identifier(value.name)));
  const useAtom = (atom: Atom): void => {
    if (runtime.has(atom) || atom.role !== "axis") return;
    const [port, at] =
      ports
        .filter(({ fallback }) => fallback === undefined)
        .flatMap((p) =>
          p.value.type.axes.flatMap(({ dim }, n) => (asAtom(dim) === atom ? [[p, n] as const] : [])),
        )[0] ?? [];
    if (!port) return;
    const name = names.claim(identifier(atom.name));
    imports.add("sizeOf");
    lines.push(`const ${name} = sizeOf(${local.get(port.value)}, ${at});`);
    runtime.set(atom, name);
  };
  let length: string | undefined;
  /** What the cache holds already counts towards a size that grows. */
  const lengthName = (atom: Atom): string => {
    if (length === undefined) {
      length = names.claim("length");
      lines.push(`const ${length} = (cache?.length ?? 0) + ${runtime.get(atom)};`);
    }
    return length;
  };
  /** What no step of decoding changes is taken once. */
  const taken = (port: Port, text: string): string => {
    if (!over || port.value.type.axes.some(({ dim }) => asAtom(dim) === over)) return text;
    imports.add("once");
    return `once(cache, () => [${text}]${batchText(emission, [port.value])})[0]`;
  };
  const required = ports.filter(({ fallback }) => fallback === undefined);
  const told = new Set<Atom>();
  const late: Port[] = [];
  for (const port of required) {
    // A size that an earlier input has told must be the same here.
    const atoms = port.value.type.axes.flatMap(({ dim }) => asAtom(dim) ?? []).filter((atom) => atom.role === "axis");
    const limits = limitsOf(port);
    [...atoms, ...limits].filter((atom) => told.has(atom)).forEach((atom) => useAtom(atom));
    const isLate = limits.some((atom) => !told.has(atom));
    if (isLate) late.push(port);
    const text = inputText(isLate ? { ...port, below: undefined } : port, size, runtime);
    lines.push(`const ${local.get(port.value)} = ${taken(port, text)};`);
    atoms.forEach((atom) => told.add(atom));
  }
  for (const port of late) {
    limitsOf(port).forEach((atom) => useAtom(atom));
    lines.push(`${inputText(port, size, runtime, local.get(port.value))};`);
  }
  for (const port of ports.filter(({ fallback }) => fallback !== undefined)) {
    [...port.value.type.axes.flatMap(({ dim }) => atomsOf(dim)), ...limitsOf(port)].forEach(useAtom);
    lines.push(`const ${local.get(port.value)} = ${taken(port, fallbackText(port, size, runtime))};`);
  }
  for (const { condition, text, place } of [...module.guards, ...task.guards]) {
    conditionAtoms(condition).forEach(useAtom);
    imports.add("guard");
    const grown = over && conditionAtoms(condition).includes(over) ? lengthName(over) : undefined;
    const sizes = createSizeText(module.config, (atom) =>
      atom === over && grown !== undefined ? grown : (runtime.get(atom) ?? atom.name),
    );
    lines.push(`guard(${conditionText(condition, sizes)}, ${guardMessage(module, condition, sizes, text, place)});`);
  }
  if (over) useAtom(over);
  const passed = (made: Function): string[] =>
    (emission.passed.get(made) ?? []).map((atom) => {
      useAtom(atom);
      return runtime.get(atom) ?? atom.name;
    });
  const call = (made: Function, operands: readonly string[]): string =>
    `${emission.functionNames.get(made)}(${[...(emission.weightTypes.has(made) ? ["weights"] : []), ...operands, ...passed(made), ...(withCache && emission.cached.has(made) ? ["cache"] : []), ...(emission.stateful.has(made) ? ["state"] : [])].join(", ")})`;
  const operandsOf = (made: Function, skip: number): string[] =>
    made.parameters
      .slice(skip)
      .map(
        (parameter) => [...local].find(([value]) => value.name === parameter.name)?.[1] ?? identifier(parameter.name),
      );
  const body = call(
    module.body,
    module.body.parameters.map((parameter) => local.get(parameter) ?? parameter.name),
  );
  const [single, several] = module.body.results;
  const direct = head && isIdentity(head) && !several;
  const hidden = several
    ? module.body.results.map((result) => names.claim(result.name))
    : [direct || !single ? body : names.claim("hidden")];
  if (several) lines.push(`const [${hidden.join(", ")}] = ${body};`);
  else if (!direct) lines.push(`const ${hidden[0]} = ${body};`);
  const computed = !head || isIdentity(head) ? hidden : [call(head, [...hidden, ...operandsOf(head, hidden.length)])];
  const last = asOutput(task, head, computed, names, lines);
  const advance = [
    ...(over ? [`cache?.advance(${runtime.get(over)});`] : []),
    ...(isStateful(emission, head) ? ["state?.advance();"] : []),
  ];
  // The cache and the state go on to the next call when all of this one has read them.
  const isLate = !head || isIdentity(head) || emission.cached.has(head) || emission.stateful.has(head);
  const output = advance.length > 0 && isLate && last.includes("(") ? names.claim("output") : last;
  if (output !== last) lines.push(`const ${output} = ${last};`);
  const end = [...advance, `return ${output};`];
  return head ? ["return tf.tidy(() => {", ...lines, ...end, "});"] : [...lines, ...end];
}

/** The expression a task's function gives: one tensor, or an object of several. */
function asOutput(
  task: Task,
  head: Function | undefined,
  computed: readonly string[],
  names: Names,
  lines: string[],
): string {
  const [only = ""] = computed;
  if (!head || head.role === "loss" || task.outputs.length === 1) return only;
  const locals = isIdentity(head) ? computed : task.outputs.map((name) => names.claim(identifier(name)));
  if (!isIdentity(head)) lines.push(`const [${locals.join(", ")}] = ${only};`);
  const fields = task.outputs.map((name, n) =>
    identifier(name) === locals[n] ? identifier(name) : `${identifier(name)}: ${locals[n]}`,
  );
  return `{ ${fields.join(", ")} }`;
}

/** An input that may be left out: every entry is then the declared value. */
function fallbackText(port: Port, size: SizeText, known: ReadonlyMap<Atom, string>): string {
  const { value, fallback } = port;
  const shape = `[${value.type.axes.map(({ dim }) => size(dim)).join(", ")}]`;
  const dtype = { f32: "float32", i32: "int32", bool: "bool" }[value.type.dtype];
  return `inputs.${identifier(value.name)} === undefined ? tf.fill(${shape}, ${Number(fallback)}, "${dtype}") : ${inputText(port, size, known)}`;
}

/** Sizes of the call that the entries of an input must stay below. */
const limitsOf = ({ below }: Port): Atom[] => (below ? atomsOf(below).filter(({ role }) => role === "axis") : []);

function inputText(
  { value, below, except }: Port,
  size: SizeText,
  known: ReadonlyMap<Atom, string>,
  given = `inputs.${identifier(value.name)}`,
): string {
  const dtype = { f32: "float32", i32: "int32", bool: "bool" }[value.type.dtype];
  const fixed = value.type.axes.map(({ dim }) => {
    const atom = asAtom(dim);
    return atom?.role === "axis" ? (known.get(atom) ?? "null") : size(dim);
  });
  const rules = [
    `dtype: "${dtype}"`,
    `rank: ${value.type.axes.length}`,
    ...(below === undefined ? [] : [`below: ${size(below)}`]),
    ...(below === undefined || except === undefined ? [] : [`except: ${except}`]),
    ...(fixed.some((text) => text !== "null") ? [`sizes: [${fixed.join(", ")}]`] : []),
  ];
  return `input(${JSON.stringify(value.name)}, ${given}, { ${rules.join(", ")} })`;
}
