/** The TypeScript module of one model under one config. */
import type { Checkpoint } from "../3-lower/checkpoint.js";
import type { Function, Module, Weight } from "../ir/graph.js";
import { functionsOf, nodesOf } from "../ir/functions.js";
import { isStateful } from "../ir/is-stateful.js";
import { evaluate, printDim, type Dim } from "../shapes/index.js";
import { usesCache } from "./cached.js";
import { emitFunction } from "./emit-function.js";
import { alongOf, generateFunction, isLastOnly, type Generation } from "./emit-generate.js";
import { parametersText } from "./emit-parameters.js";
import { isIdentity, shapeOf, taskFunctions } from "./emit-task.js";
import type { Emission } from "./frame.js";
import { camel, createNames, identifier, lowerFirst, upperFirst } from "./names.js";
import { passedSizes } from "./passed-sizes.js";
import { tensorType } from "./sizes.js";
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
  const stateful = new Set(functions.filter(isStateful));
  const types = nameWeightTypes(module, functionNames, root);
  const [hidden] = module.body.results.length === 1 ? module.body.results : [];
  const resultName = module.tasks.some(({ forward }) => !isIdentity(forward)) ? "Hidden" : "Output";
  const emission: Emission = {
    module,
    imports,
    functionNames,
    cached,
    stateful,
    passed: passedSizes(module),
    weightTypes: types.names,
    taken: [...runtimeNames, ...functionNames.values()],
    over: given.generation && alongOf(given.generation.decoding),
    aliases: new Map(hidden && [[shapeOf(hidden), resultName]]),
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
    ...(hidden ? [{ kind: "type", name: resultName, text: tensorType(hidden.type), exported: true } as const] : []),
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
      const lastOnly = generation?.task === task.name && isLastOnly(emission, generation.decoding, task);
      return taskFunctions(emission, task, root, lastOnly);
    }),
    ...(given.generation ? [generateFunction(emission, given.generation, root)] : []),
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
      ...(stateful.size > 0 ? ["State"] : []),
      ...(module.tasks.length > 0 ? ["Input"] : []),
      ...(given.generation ? ["GenerateOptions"] : []),
    ],
    declarations,
  });
}

function weightFunctions(checkpoint: Checkpoint, root: string, imports: Set<string>): Declaration[] {
  for (const name of ["loadWeights", "initialiseWeights", "saveWeights"]) imports.add(name);
  const options = [
    ...(checkpoint.prefixes.length > 0 ? [`prefixes: ${JSON.stringify(checkpoint.prefixes)}`] : []),
    ...(checkpoint.carry.length > 0 ? [`carry: ${JSON.stringify(checkpoint.carry)}`] : []),
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
