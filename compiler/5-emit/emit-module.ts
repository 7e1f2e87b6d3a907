/** The TypeScript module of one model under one config. */
import type { Checkpoint } from "../3-lower/checkpoint.js";
import type { Decoding } from "../4-optimize/decode.js";
import type { Function, Module, Port, Task, Value, Weight } from "../ir/graph.js";
import { functionsOf, nodesOf } from "../ir/functions.js";
import {
  asAtom,
  asConstant,
  atomsOf,
  dimsOf,
  evaluate,
  printDim,
  type Atom,
  type Condition,
  type Dim,
} from "../shapes/index.js";
import { emitFunction } from "./emit-function.js";
import { parametersText } from "./emit-parameters.js";
import type { Emission } from "./frame.js";
import { camel, createNames, identifier, lowerFirst, upperFirst } from "./names.js";
import { createSizeText, tensorType, type SizeText } from "./sizes.js";
import { nameWeightTypes } from "./weight-types.js";
import { runtimeNames } from "./runtime-names.js";
import { numberText } from "./operations.js";
import { writeModule, type Declaration } from "./write-module.js";

/** The table of weights says its sizes as numbers: their names stand in the type beside them. */
function numberOfDim(module: Module, dim: Dim): string {
  const number = evaluate(dim, (atom) => {
    const entry = module.config.find((e) => e.atom === atom);
    return typeof entry?.value === "number" ? entry.value : undefined;
  });
  if (number === undefined) throw new Error(`a weight's size ${printDim(dim)} is not known from the config`);
  return String(number);
}

/** How the model generates, from `generate MODEL.task over axis { ... }`. */
export interface Generation {
  readonly task: string;
  readonly decoding: Decoding;
  /** Sampling defaults, as emitted: `topP: 0.9`. */
  readonly options: readonly string[];
}

export interface EmitInput {
  readonly module: Module;
  readonly checkpoint: Checkpoint;
  readonly transposed: ReadonlySet<Weight>;
  readonly generation: Generation | undefined;
  /** The source's name, for the header. */
  readonly source: string;
  readonly version: string;
}

/** The text of the module, formatted. */
export async function emitModule(given: EmitInput): Promise<string> {
  const { module, checkpoint } = given;
  const imports = new Set<string>();
  const root = `${upperFirst(identifier(module.model))}Weights`;
  const functions = functionsOf(module);
  const forwards = new Set(module.tasks.map(({ forward }) => forward));
  const names = createNames([
    ...runtimeNames,
    ...module.tasks.flatMap(({ name }) => [identifier(name), `${identifier(name)}Loss`, `${identifier(name)}Hidden`]),
  ]);
  const functionNames = new Map<Function, string>();
  for (const made of functions) {
    const wanted = forwards.has(made)
      ? `${made.name}Head`
      : made.role === "loss"
        ? `${made.name}Of`
        : camel(lowerFirst(made.name));
    functionNames.set(made, names.claim(wanted));
  }
  const cached = new Set(functions.filter(usesCache));
  for (const made of functions)
    if (nodesOf(made).some((node) => node.op === "call" && cached.has(node.callee))) cached.add(made);
  const types = nameWeightTypes(module, functionNames, root);
  const resultName = module.tasks.some(({ forward }) => !isIdentity(forward)) ? "Hidden" : "Output";
  const emission: Emission = {
    module,
    imports,
    functionNames,
    cached,
    weightTypes: types.names,
    taken: [...runtimeNames, ...functionNames.values()],
    aliases: new Map([[shapeOf(module.body.result), resultName]]),
  };

  const declarations: Declaration[] = [
    {
      kind: "constant",
      name: "config",
      doc: `The numbers of ${module.configName}.`,
      text: `{ ${module.config.map(({ name, value }) => `${identifier(name)}: ${typeof value === "string" ? JSON.stringify(value) : numberText(value)}`).join(", ")} }`,
    },
    {
      kind: "constant",
      name: "parameters",
      doc: `Every weight: its shape, how it starts${checkpoint.from === undefined ? "" : `, and its place in the checkpoint ${checkpoint.from}`}.`,
      text: parametersText(
        { checkpoint, transposed: given.transposed, size: (dim) => numberOfDim(module, dim), imports },
        module.weights,
      ),
    },
    { kind: "type", name: root, text: "Weights<typeof parameters>", exported: true },
    { kind: "type", name: resultName, text: tensorType(module.body.result.type), exported: true },
    ...types.definitions.map(([name, text]): Declaration => ({ kind: "type", name, text, exported: false })),
    ...weightFunctions(checkpoint, root, imports),
    ...functions
      .filter((made) => !isIdentity(made))
      .map((made): Declaration => {
        const text = emitFunction(emission, made);
        return {
          kind: "function",
          name: functionNames.get(made) ?? "",
          exported: false,
          doc: made.role === "task" || made.role === "loss" ? undefined : made.doc,
          ...text,
        };
      }),
    ...module.tasks.flatMap((task) => {
      const { generation } = given;
      const lastOnly = generation?.task === task.name && isLastOnly(generation.decoding, task);
      return taskFunctions(emission, task, root, lastOnly);
    }),
    ...(given.generation ? [generateFunction(emission, given.generation, root, imports)] : []),
  ];
  return writeModule({
    header: [
      `${module.model} (${given.source}), config ${module.configName}. Written by tfmc ${given.version}: change the .tfm file, not this one.`,
      ...(module.doc ? [module.doc] : []),
    ],
    imports: [...imports].sort(),
    types: [
      "Weights",
      "Source",
      "Sink",
      "Tensor",
      ...(cached.size > 0 ? ["Cache"] : []),
      ...(module.tasks.length > 0 ? ["Input"] : []),
      ...(given.generation ? ["GenerateOptions"] : []),
    ],
    declarations,
  });
}

/** The head of a model that has no task of its own. */
const isIdentity = (made: Function): boolean =>
  made.role === "task" && made.body.length === 0 && made.parameters[0] === made.result;

function usesCache(made: Function): boolean {
  return nodesOf(made).some(
    (node) =>
      (node.op === "attend" && node.cache) ||
      (node.op === "positions" && node.offset) ||
      (node.op === "table" && node.offsets.some(Boolean)),
  );
}

function weightFunctions(checkpoint: Checkpoint, root: string, imports: Set<string>): Declaration[] {
  for (const name of ["loadWeights", "initialiseWeights", "saveWeights"]) imports.add(name);
  const options = [
    ...(checkpoint.prefixes.length > 0 ? [`prefixes: ${JSON.stringify(checkpoint.prefixes)}`] : []),
    ...(checkpoint.ignore.length > 0 ? [`ignore: ${JSON.stringify(checkpoint.ignore)}`] : []),
  ];
  const rest = options.length > 0 ? `, { ${options.join(", ")} }` : "";
  const parameter = (name: string, type: string): { name: string; type: string; optional: boolean } => ({
    name,
    type,
    optional: false,
  });
  return [
    {
      kind: "function",
      name: "load",
      exported: true,
      doc: "Reads the weights from safetensors: a file, a folder, an address or a File.",
      parameters: [parameter("source", "Source")],
      result: `Promise<${root}>`,
      statements: [`return loadWeights(parameters, source${rest});`],
    },
    {
      kind: "function",
      name: "initialise",
      exported: true,
      doc: "Fresh weights; the same seed gives the same ones on every backend.",
      parameters: [parameter("seed", "number")],
      result: root,
      statements: ["return initialiseWeights(parameters, seed);"],
    },
    {
      kind: "function",
      name: "save",
      exported: true,
      doc: "Writes the weights as safetensors, by the names that `load` reads.",
      parameters: [parameter("weights", root), parameter("sink", "Sink")],
      result: "Promise<void>",
      statements: ["return saveWeights(parameters, weights, sink);"],
    },
  ];
}

/** `lm(weights, { ids }, cache?)` and, where the task has a loss, `lmLoss(weights, { ids })`. */
function taskFunctions(emission: Emission, task: Task, root: string, lastOnly: boolean): Declaration[] {
  const name = identifier(task.name);
  const inputsType = `${upperFirst(name)}Inputs`;
  const fieldsOf = (head: Function): string =>
    portsOf(emission.module, task, head)
      .map(
        ({ value, fallback }) =>
          `readonly ${identifier(value.name)}${fallback === undefined ? "" : "?"}: Input<${JSON.stringify(shapeOf(value))}>`,
      )
      .join("; ");
  const result = tensorType(task.forward.result.type, emission.aliases);
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
            result: tensorType(emission.module.body.result.type, emission.aliases),
            statements: taskBody(emission, task, undefined, true),
          } as const,
        ]
      : []),
    {
      kind: "function",
      name,
      exported: true,
      doc: task.forward.doc ?? `${task.outputName} ${shapeOf(task.forward.result)}.`,
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
      parameters: parametersOf(emission, root, lossInputs, undefined),
      result: 'Tensor<"f32[]">',
      statements: taskBody(emission, task, task.loss, false),
    },
  ];
}

const hiddenName = (task: Task): string => `${identifier(task.name)}Hidden`;

/** The inputs that a task's forward function or loss needs: the model's, and those of its own that it reads. */
function portsOf(module: Module, task: Task, head: Function): Port[] {
  const read = new Set(head.parameters.map(({ name }) => name));
  return [...module.inputs, ...task.inputs.filter(({ value }) => read.has(value.name))];
}

const shapeOf = (value: Value): string =>
  `${value.type.dtype}[${value.type.axes.map(({ dim }) => printDim(dim)).join(", ")}]`;

function parametersOf(
  emission: Emission,
  root: string,
  inputsType: string,
  forward: Function | undefined,
): { name: string; type: string; optional: boolean }[] {
  const cached = emission.cached.has(emission.module.body) || (forward !== undefined && emission.cached.has(forward));
  return [
    { name: "weights", type: root, optional: false },
    { name: "inputs", type: inputsType, optional: false },
    ...(cached && forward ? [{ name: "cache", type: "Cache", optional: true }] : []),
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
  const required = ports.filter(({ fallback }) => fallback === undefined);
  const told = new Set<Atom>();
  for (const port of required) {
    // A size that an earlier input has told must be the same here.
    const atoms = port.value.type.axes.flatMap(({ dim }) => asAtom(dim) ?? []).filter((atom) => atom.role === "axis");
    atoms.filter((atom) => told.has(atom)).forEach((atom) => useAtom(atom));
    lines.push(`const ${local.get(port.value)} = ${inputText(port, size, runtime)};`);
    atoms.forEach((atom) => told.add(atom));
  }
  for (const port of ports.filter(({ fallback }) => fallback !== undefined)) {
    port.value.type.axes.flatMap(({ dim }) => atomsOf(dim)).forEach(useAtom);
    lines.push(`const ${local.get(port.value)} = ${fallbackText(port, size, runtime)};`);
  }
  const cached = withCache && emission.cached.has(module.body);
  const over = cached ? cachedAtom(module) : undefined;
  for (const { condition, text, place } of module.guards) {
    conditionAtoms(condition).forEach(useAtom);
    imports.add("guard");
    const grown = over && conditionAtoms(condition).includes(over) ? lengthName(over) : undefined;
    const sizes = createSizeText(module.config, (atom) =>
      atom === over && grown !== undefined ? grown : (runtime.get(atom) ?? atom.name),
    );
    lines.push(`guard(${conditionText(condition, sizes)}, ${guardMessage(module, condition, sizes, text, place)});`);
  }
  if (over) useAtom(over);
  const call = (made: Function, operands: readonly string[]): string =>
    `${emission.functionNames.get(made)}(${[...(emission.weightTypes.has(made) ? ["weights"] : []), ...operands, ...(withCache && emission.cached.has(made) ? ["cache"] : [])].join(", ")})`;
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
  const hidden = head && isIdentity(head) ? body : names.claim("hidden");
  if (hidden !== body) lines.push(`const ${hidden} = ${body};`);
  const last = !head ? hidden : isIdentity(head) ? body : call(head, [hidden, ...operandsOf(head, 1)]);
  const advance = over ? `cache?.advance(${runtime.get(over)});` : undefined;
  const end = advance === undefined ? [`return ${last};`] : [advance, `return ${last};`];
  return head ? ["return tf.tidy(() => {", ...lines, ...end, "});"] : [...lines, ...end];
}

/** An input that may be left out: every entry is then the declared value. */
function fallbackText(port: Port, size: SizeText, known: ReadonlyMap<Atom, string>): string {
  const { value, fallback } = port;
  const shape = `[${value.type.axes.map(({ dim }) => size(dim)).join(", ")}]`;
  const dtype = { f32: "float32", i32: "int32", bool: "bool" }[value.type.dtype];
  return `inputs.${identifier(value.name)} === undefined ? tf.fill(${shape}, ${Number(fallback)}, "${dtype}") : ${inputText(port, size, known)}`;
}

function inputText({ value, below }: Port, size: SizeText, known: ReadonlyMap<Atom, string>): string {
  const dtype = { f32: "float32", i32: "int32", bool: "bool" }[value.type.dtype];
  const fixed = value.type.axes.map(({ dim }) => {
    const atom = asAtom(dim);
    return atom?.role === "axis" ? (known.get(atom) ?? "null") : size(dim);
  });
  const rules = [
    `dtype: "${dtype}"`,
    `rank: ${value.type.axes.length}`,
    ...(below === undefined ? [] : [`below: ${size(below)}`]),
    ...(fixed.some((text) => text !== "null") ? [`sizes: [${fixed.join(", ")}]`] : []),
  ];
  const name = identifier(value.name);
  return `input(${JSON.stringify(value.name)}, inputs.${name}, { ${rules.join(", ")} })`;
}

/** The run-time size that grows as tokens are decoded. */
function cachedAtom(module: Module): Atom | undefined {
  for (const made of functionsOf(module)) {
    for (const node of nodesOf(made)) {
      if (node.op === "positions" && node.offset) return asAtom(node.out.type.axes[0]?.dim as Dim);
      if (node.op === "table" && node.offsets.some(Boolean))
        return asAtom(node.out.type.axes[node.offsets.indexOf(true)]?.dim as Dim);
      if (node.op === "attend" && node.cache)
        return asAtom(node.query.type.axes.find(({ label }) => label === node.i)?.dim as Dim);
    }
  }
  return undefined;
}

const conditionAtoms = (condition: Condition): Atom[] => dimsOf(condition).flatMap((dim) => atomsOf(dim));

function conditionText(condition: Condition, size: SizeText): string {
  switch (condition.kind) {
    case "constant":
      return String(condition.value);
    case "flag":
      return "true";
    case "compare":
      return `${size(condition.left)} ${{ "==": "===", "!=": "!==", "<": "<", "<=": "<=" }[condition.operator]} ${size(condition.right)}`;
    case "divides":
      return `(${size(condition.dividend)}) % (${size(condition.divisor)}) === 0`;
    case "not":
      return `!(${conditionText(condition.operand, size)})`;
    case "and":
    case "or":
      return `(${conditionText(condition.left, size)} ${condition.kind === "and" ? "&&" : "||"} ${conditionText(condition.right, size)})`;
  }
}

/** "GPT2: seq = 1500 exceeds ctx = 1024 (gpt2.tfm:8)" */
function guardMessage(module: Module, condition: Condition, size: SizeText, text: string, place: string): string {
  const shown = (dim: Dim): string => {
    const name = printDim(dim).replaceAll("`", "'").replaceAll("$", "");
    return asConstant(dim) === undefined ? `${name} = \${${size(dim)}}` : name;
  };
  const model = identifier(module.model);
  if (condition.kind === "compare" && condition.operator === "<=")
    return `\`${model}: ${shown(condition.left)} exceeds ${shown(condition.right)} (${place})\``;
  const sizes = dimsOf(condition)
    .filter((dim) => atomsOf(dim).length > 0)
    .map(shown);
  return `\`${model}: ${text.replaceAll("`", "'").replaceAll("$", "")} does not hold for ${sizes.join(", ")} (${place})\``;
}

/** Whether a step may leave out the head of all positions but the last. */
const isLastOnly = (decoding: Decoding, task: Task): boolean => decoding.lastOnly && !isIdentity(task.forward);

/** Generation: the last position's logits are all a step needs, so the head runs on that one where it may. */
function generateFunction(
  emission: Emission,
  { task: name, decoding, options }: Generation,
  root: string,
  imports: Set<string>,
): Declaration {
  const { module } = emission;
  const task = module.tasks.find((t) => t.name === name) as Task;
  const [port] = module.inputs;
  const vocab = task.forward.result.type.axes.at(-1)?.dim;
  const size = createSizeText(module.config, (atom) => atom.name);
  const context = contextOf(module, size);
  imports.add("decode");
  imports.add("lastPosition");
  const bound = [
    `vocab: ${vocab ? size(vocab) : 0}`,
    ...(context === undefined ? [] : [`context: ${context}`]),
    ...options,
  ];
  const ids = identifier(port?.value.name ?? "ids");
  const input = `weights, { ${ids}: [tokens] }, cache`;
  const weighted = emission.weightTypes.has(task.forward) ? "weights, " : "";
  if (isLastOnly(decoding, task)) imports.add("onlyLast");
  const step = isLastOnly(decoding, task)
    ? `${emission.functionNames.get(task.forward)}(${weighted}onlyLast(${hiddenName(task)}(${input})))`
    : `${identifier(task.name)}(${input})`;
  return {
    kind: "function",
    name: "generate",
    exported: true,
    doc: "The tokens that follow a prompt, one at a time. Keys and values of what came before are kept in a cache.",
    parameters: [
      { name: "weights", type: root, optional: false },
      { name: "prompt", type: "readonly number[]", optional: false },
      { name: "options", type: "GenerateOptions = {}", optional: false },
    ],
    result: "AsyncGenerator<number, void>",
    statements: [
      `return decode((tokens, cache) => lastPosition(${step}), prompt, { ${bound.join(", ")}, ...options });`,
    ],
  };
}

/** The largest length that the guards allow: `seq <= ctx` gives `config.ctx`. */
function contextOf(module: Module, size: SizeText): string | undefined {
  const atom = cachedAtom(module);
  for (const { condition } of module.guards) {
    if (condition.kind === "compare" && condition.operator === "<=" && asAtom(condition.left) === atom)
      return size(condition.right);
  }
  return undefined;
}
