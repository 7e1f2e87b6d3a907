/** A random well-typed program: blocks and functions, a model, tasks, configs. */
import { add, addQuantity, cover, createDraft, fresh, notePositions, printType, type Axis, type Draft, type Fact, type World } from "./draft.js"; // prettier-ignore
import { createRandom, type Random } from "./random.js";
import type { Port } from "./signature.js";
import { combine, number, print, quantity, type Quantity, type Size } from "./size.js";
import { chooseValuation, type Choice } from "./valuation.js";
import { batchAxis, bracketed, configText, enterPorts, indented, named, pickResult, printTypes, writeBlock, writeFunction, writeSteps } from "./write-block.js"; // prettier-ignore

export interface Task {
  readonly name: string;
  /** What the compiled function gives, by the generator's own reckoning. */
  readonly results: readonly (readonly Axis[])[];
}

export interface GeneratedProgram {
  readonly seed: number;
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly tasks: readonly Task[];
  readonly coverage: ReadonlyMap<string, number>;
}

/** Facts that nothing satisfies make no program: then the next attempt of that seed is taken. */
export function writeProgram(seed: number): GeneratedProgram {
  for (let attempt = 0; ; attempt++) {
    const program = attemptProgram(seed, createRandom(seed + attempt * 1_000_003));
    if (program) return program;
  }
}

function attemptProgram(seed: number, random: Random): GeneratedProgram | undefined {
  const world: World = { random, declarations: [], signatures: [], names: new Set(["Model"]), coverage: new Map() };
  if (random.chance(0.3))
    world.declarations.push(random.pick(["mask near(w: int) = abs(q - k) < w", "mask sinks(w: int) = k < w | causal"]));
  for (let n = random.below(3); n > 0; n--) writeFunction(world);
  for (let n = random.below(4); n > 0; n--) writeBlock(world);
  return writeModel(world, seed);
}

function writeModel(world: World, seed: number): GeneratedProgram | undefined {
  const { random } = world;
  const draft = createDraft(world, "model");
  for (const name of ["q", "k", "s", "head", "batch"]) draft.names.add(name);
  const axes = random.shuffle(["seq", "src", "rows"]).slice(0, 1 + random.below(2)).map((wish) => addQuantity(draft, wish, "axis")); // prettier-ignore
  const config = addConfig(draft);
  const ports = inputsOf(draft, axes, config);
  enterPorts(draft, ports);
  writeSteps(draft, 2 + random.below(6));
  const found = [pickResult(draft), ...(random.chance(0.1) ? [pickResult(draft)] : [])];
  const results = found.map(({ axes }) => named(draft, axes, ports));
  const bound = axes.filter(({ name }) => ports.some((port) => port.axes.some(({ label }) => label === name)));
  const tasks = random.chance(0.4) ? [0, 1].slice(0, 1 + random.below(2)).map(() => writeTask(draft, results, world)) : []; // prettier-ignore
  const where = draft.where.length > 0 ? `\n    where ${draft.where.join(", ")}` : "";
  const inputs = ports.map(({ name, dtype, axes: of, fallback }) => `${name}: ${printType(dtype, of)}${fallback ? ` = ${fallback}` : ""}`); // prettier-ignore
  const lines = indented([...draft.lines, `return ${found.map(({ text }) => text).join(", ")}`]);
  if (found.length > 1) cover(draft, "model of several results");
  const quantities = [...bound, ...config];
  const choices = [0, 1, 2].flatMap(
    () => chooseValuation(random, quantities, draft.facts, draft.flags, draft.reals) ?? [],
  );
  const [first] = choices;
  if (!first || choices.length < 3) return undefined;
  const model = `model Model${bracketed(
    "[]",
    bound.map(({ name }) => name),
  )}${bracketed("{}", defaults(draft, config, random.pick(choices)))}
    (${inputs.join(", ")}) -> ${printTypes(results)}${where} {\n${lines}\n}`;
  const settings = [...first.settings]
    .filter(([name]) => !first.byDefault.has(name))
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
  const declarations = [
    ...world.declarations,
    model,
    ...tasks.map(({ text }) => text),
    `config first = Model{${settings}}`,
  ];
  if (random.chance(0.3)) declarations.push(...weightsRules(draft));
  const own = tasks.length > 0 ? tasks : [{ name: "model", results }];
  return { seed, text: `${declarations.join("\n\n")}\n`, choices, tasks: own, coverage: world.coverage };
}

/** Entries of the model's config; some build on others. */
function addConfig(draft: Draft): Quantity[] {
  const { random } = draft;
  const config = [addQuantity(draft, "d", "config")];
  for (const wish of random.shuffle(["heads", "ctx", "vocab", "ff", "width", "depth"]).slice(0, 2 + random.below(4))) {
    const base = random.pick(config);
    const fallback: Size | undefined = random.chance(0.3)
      ? random.pick([combine("*", number(2), quantity(base)), combine("+", quantity(base), number(1)), quantity(base)])
      : undefined;
    if (fallback) cover(draft, "default that builds on another");
    const isDepth = wish === "depth";
    const made = addQuantity(draft, wish, "config", isDepth ? undefined : fallback);
    // Layers are counted in turns, each with weights of its own: a few tell as much as many.
    if (isDepth) made.atMost.push(number(4));
    config.push(made);
  }
  if (random.chance(0.4)) draft.flags.push(fresh(draft, "tied"));
  if (random.chance(0.2)) draft.reals.push(fresh(draft, "gain"));
  return config;
}

function inputsOf(draft: Draft, axes: readonly Quantity[], config: readonly Quantity[]): Port[] {
  const { random } = draft;
  const named = axes.map((each): Axis => ({ label: each.name, size: quantity(each) }));
  const wide = (): Axis => {
    const of = random.pick(config);
    return { label: of.name, size: quantity(of) };
  };
  const ports: Port[] = [{ name: fresh(draft, "x"), dtype: "f32", axes: [batchAxis, ...named, wide()] }];
  if (random.chance(0.6)) ports.push({ name: fresh(draft, "ids"), dtype: "i32", axes: [batchAxis, ...named.slice(0, 1)] }); // prettier-ignore
  if (random.chance(0.4)) ports.push({ name: fresh(draft, "keep"), dtype: "bool", axes: [batchAxis, random.pick(named)], ...(random.chance(0.6) && { fallback: "true" }) }); // prettier-ignore
  if (random.chance(0.4)) ports.push({ name: fresh(draft, "y"), dtype: "f32", axes: random.shuffle([batchAxis, ...named, wide()]).slice(0, 1 + random.below(3)) }); // prettier-ignore
  if (random.chance(0.2)) ports.push({ name: fresh(draft, "grid"), dtype: "f32", axes: [batchAxis, { label: fresh(draft, "h"), size: wide().size }, wide()] }); // prettier-ignore
  return ports;
}

interface WrittenTask extends Task {
  readonly text: string;
}

/** A task on the model: it sees the result, the inputs, and the model's labels. */
function writeTask(model: Draft, hidden: readonly (readonly Axis[])[], world: World): WrittenTask {
  const { random } = world;
  const name = `task${[...world.names].length}`;
  world.names.add(name);
  const draft: Draft = { ...model, kind: "task", lines: [], tensors: [], layers: [...model.layers], positions: new Map(model.positions) }; // prettier-ignore
  const values = hidden.map((axes) => {
    notePositions(draft, axes);
    return add(draft, { text: fresh(draft, "h"), dtype: "f32", axes }).text;
  });
  writeSteps(draft, 1 + random.below(3));
  const found = [pickResult(draft), ...(random.chance(0.2) ? [pickResult(draft)] : [])];
  const lines = [...draft.lines];
  if (random.chance(0.5)) {
    cover(draft, "loss");
    lines.push(`loss mean(${random.pick(draft.tensors.filter(({ dtype }) => dtype === "f32")).text})`);
  }
  cover(draft, found.length > 1 ? "task of several results" : "task");
  const results = found.map(({ axes }) => named(draft, axes, []));
  const body = indented([...lines, `return ${found.map(({ text }) => text).join(", ")}`]);
  return { name, results, text: `task ${name}() on Model as ${values.join(", ")} -> ${printTypes(results)} {\n${body}\n}` }; // prettier-ignore
}

function defaults(draft: Draft, config: readonly Quantity[], { numbers }: Choice): string[] {
  const written = config.map(({ name, fallback }) => `${name} = ${fallback ? print(fallback) : (numbers.get(name) ?? 1)}`); // prettier-ignore
  return [...written, ...configText(draft, [])];
}

/** Rules under which every weight keeps its address, some by a prefix or a stored order of their own. */
function weightsRules(draft: Draft): string[] {
  cover(draft, "weights");
  const layout = draft.lines.some((line) => line.includes(": Linear")) ? ["  layout Linear.weight [d out]"] : [];
  return [`weights Model from "someone/model" {\n${[...layout, '  * = "model.{}"'].join("\n")}\n}`];
}

export type { Fact };
