/** Random blocks and functions: a signature over variables and config entries, a body that keeps it. */
import { add, addQuantity, cover, createDraft, fresh, freshLabel, isSmall, notePositions, printType, type Axis, type Draft, type Tensor, type World } from "./draft.js"; // prettier-ignore
import type { Port, Signature } from "./signature.js";
import { combine, number, print, quantity, quantitiesOf, type Quantity, type Size } from "./size.js";
import { steps } from "./steps/index.js";

const axisNames = ["seq", "d", "n", "c", "src", "rows", "w"];

/** Names that are lower-case start a name of a function, others a block. */
function nameFor({ names, random }: World, wish: string): string {
  let name = wish;
  while (names.has(name)) name = `${wish}${2 + random.below(90)}`;
  names.add(name);
  return name;
}

const batch: Axis = { label: "batch", size: { kind: "quantity", quantity: { name: "batch", role: "axis", multipleOf: [], atMost: [], atLeast: 1, fallback: undefined, fixed: false, probes: [701, 1013, 2203] } } }; // prettier-ignore
const rest: Axis = { label: "..", size: { kind: "quantity", quantity: { name: "..", role: "axis", multipleOf: [], atMost: [], atLeast: 1, fallback: undefined, fixed: false, probes: [907, 4211, 3331] } } }; // prettier-ignore
export { batch as batchAxis };

const bare = (of: Quantity): Axis => ({ label: of.name, size: quantity(of) });

/** Axes of an input: what is open, then variables; sometimes an axis that is made of one. */
function inputAxes(draft: Draft, variables: readonly Quantity[], front: readonly Axis[]): Axis[] {
  const { random } = draft;
  const own = random.shuffle(variables).slice(0, 1 + random.below(variables.length));
  return [...front, ...own.map(bare)];
}

export function enterPorts(draft: Draft, ports: readonly Port[]): void {
  for (const { name, dtype, axes } of ports) {
    notePositions(draft, axes);
    add(draft, { text: name, dtype, axes, ...(dtype === "i32" && { below: "any" as const }) });
  }
}

export function writeSteps(draft: Draft, count: number): void {
  for (let done = 0, tries = 0; done < count && tries < count * 12; tries++)
    if (draft.random.pick(steps)(draft)) done++;
}

/** A tensor to return: real, small, its axes told apart. */
export function pickResult(draft: Draft): Tensor {
  const reals = draft.tensors.filter(({ dtype }) => dtype === "f32");
  const small = reals.filter(({ axes }) => isSmall(axes));
  const all = small.length > 0 ? small : reals;
  const [late] = all.slice(-1);
  if (!late) throw new Error("a body without a real tensor");
  return draft.random.chance(0.7) ? late : draft.random.pick(all);
}

/** Names for axes that have none: a bare name as a size would be taken for one, and others may have one. */
export function named(draft: Draft, axes: readonly Axis[], ports: readonly Port[]): Axis[] {
  const last = ports[0]?.axes.at(-1)?.label ?? "";
  return axes.map((axis, n) => {
    if (axis.label !== "" || (axis.size.kind !== "quantity" && draft.random.chance(0.5))) return axis;
    const free = n === axes.length - 1 && axes.every(({ label }) => label !== last) && draft.random.chance(0.7);
    if (free) return { ...axis, label: last };
    const label = freshLabel(draft);
    return { ...axis, label: axes.some((other) => other.label === label) ? freshLabel(draft) : label };
  });
}

/** Writes a block and keeps its signature for later bodies. */
export function writeBlock(world: World): void {
  const { random } = world;
  const draft = createDraft(world, "block");
  const variables = random.shuffle(axisNames).slice(0, 1 + random.below(3)).map((wish) => addQuantity(draft, wish, "variable")); // prettier-ignore
  for (const name of ["p1", "q", "k", "s", "head", "x"]) draft.names.add(name);
  const front = random.pick([[rest], [rest], [batch], []]);
  const first: Port = { name: "x", dtype: "f32", axes: inputAxes(draft, variables, front) };
  const ports = [first];
  if (random.chance(0.4)) ports.push({ name: fresh(draft, "y"), dtype: "f32", axes: inputAxes(draft, variables, random.chance(0.5) ? front : []) }); // prettier-ignore
  if (random.chance(0.2)) ports.push({ name: fresh(draft, "keep"), dtype: "bool", axes: inputAxes(draft, variables, front[0]?.label === "batch" ? front : []) }); // prettier-ignore
  if (random.chance(0.2)) ports.push({ name: fresh(draft, "ids"), dtype: "i32", axes: inputAxes(draft, variables, front[0]?.label === "batch" ? front : []) }); // prettier-ignore
  const bound = variables.filter((variable) => ports.some(({ axes }) => axes.some(({ label }) => label === variable.name))); // prettier-ignore
  draft.quantities.splice(0, draft.quantities.length, ...bound);
  const entries = addEntries(draft, bound);
  enterPorts(draft, ports);
  writeSteps(draft, 1 + random.below(4));
  const found = [pickResult(draft), ...(random.chance(0.15) ? [pickResult(draft)] : [])];
  const results = found.map(({ axes }) => named(draft, axes, ports));
  const name = nameFor(world, random.pick(["Layer", "Mixer", "Cell", "Part", "Stage"]));
  const [open] = front;
  cover(draft, open === batch ? "block with batch" : open === rest ? "block with .." : "block");
  const signature: Signature = { name, kind: "block", variables: bound, entries, flags: draft.flags, reals: draft.reals, functions: draft.functions, blocks: draft.blocks, inputs: ports, results, facts: draft.facts }; // prettier-ignore
  const head = `block ${name}${bracketed(
    "[]",
    bound.map((each) => each.name),
  )}${bracketed("{}", configText(draft, entries))}`;
  const inputs = ports.map((port) => `${port.name}: ${printType(port.dtype, port.axes)}`).join(", ");
  const where = draft.where.length > 0 ? ` where ${draft.where.join(", ")}` : "";
  const body = indented([...draft.lines, `return ${found.map(({ text }) => text).join(", ")}`]);
  world.declarations.push(`${head}(${inputs}) -> ${printTypes(results)}${where} {\n${body}\n}`);
  world.signatures.push(signature);
}

export const printTypes = (results: readonly (readonly Axis[])[]): string =>
  results.map((axes) => printType("f32", axes)).join(", ");

export const indented = (lines: readonly string[]): string =>
  lines.map((line) => line.replaceAll(/^/gm, "  ")).join("\n");

export const bracketed = (pair: string, list: readonly string[]): string =>
  list.length > 0 ? `${pair[0]}${list.join(", ")}${pair[1]}` : "";

/** Entries of a block's config: sizes, with defaults that may build on variables, and others. */
function addEntries(draft: Draft, variables: readonly Quantity[]): Quantity[] {
  const { random } = draft;
  const entries: Quantity[] = [];
  for (const wish of random.shuffle(["heads", "ff", "out", "groups"]).slice(0, random.below(3))) {
    const fallback = random.chance(0.5) ? defaultFor(draft, variables) : undefined;
    if (fallback) quantitiesOf(fallback).forEach((each) => (each.fixed = true));
    entries.push(addQuantity(draft, wish, "config", fallback));
  }
  if (random.chance(0.3)) draft.flags.push(fresh(draft, "gated"));
  if (random.chance(0.2)) draft.reals.push(fresh(draft, "scale"));
  if (random.chance(0.2)) draft.functions.push(fresh(draft, "act"));
  if (random.chance(0.2)) draft.blocks.push("Norm");
  return entries;
}

function defaultFor({ random }: Draft, variables: readonly Quantity[]): Size {
  const base = quantity(random.pick(variables));
  return random.pick([number(2), number(3), combine("*", number(2), base), combine("+", base, number(1)), base]);
}

export function configText({ flags, reals, functions, blocks }: Draft, entries: readonly Quantity[]): string[] {
  return [
    ...entries.map(({ name, fallback }) => (fallback ? `${name} = ${print(fallback)}` : name)),
    ...flags.map((name) => `${name} = true`),
    ...reals.map((name) => `${name} = 0.5`),
    ...functions.map((name) => `${name}: fn = gelu`),
    ...blocks.map((name) => `${name}: block = LayerNorm`),
  ];
}

/** Writes a function: no weights, its further arguments numbers. */
export function writeFunction(world: World): void {
  const { random } = world;
  const draft = createDraft(world, "function");
  const variables = random.shuffle(axisNames).slice(0, 1 + random.below(2)).map((wish) => addQuantity(draft, wish, "variable")); // prettier-ignore
  for (const name of ["q", "k", "s", "head", "x"]) draft.names.add(name);
  if (random.chance(0.4)) draft.reals.push(fresh(draft, "slope"));
  const front = random.chance(0.6) ? [rest] : [];
  const ports: Port[] = [{ name: "x", dtype: "f32", axes: [...front, ...variables.map(bare)] }];
  if (random.chance(0.3)) ports.push({ name: "y", dtype: "f32", axes: inputAxes(draft, variables, []) });
  draft.names.add("y");
  enterPorts(draft, ports);
  writeSteps(draft, 1 + random.below(3));
  const result = pickResult(draft);
  const name = nameFor(world, random.pick(["turn", "blend", "shape", "squash"]));
  const inputs = [...ports.map((port) => `${port.name}: ${printType(port.dtype, port.axes)}`), ...draft.reals.map((each) => `${each}: real = 0.5`)]; // prettier-ignore
  const where = draft.where.length > 0 ? ` where ${draft.where.join(", ")}` : "";
  const lines = indented([...draft.lines, `return ${result.text}`]);
  const axes = named(draft, result.axes, ports);
  cover(draft, "fn");
  world.declarations.push(`fn ${name}[${variables.map((each) => each.name).join(", ")}](${inputs.join(", ")}) -> ${printType(result.dtype, axes)}${where} {\n${lines}\n}`); // prettier-ignore
  world.signatures.push({ name, kind: "function", variables, entries: [], flags: [], reals: draft.reals, functions: [], blocks: [], inputs: ports, results: [axes], facts: draft.facts }); // prettier-ignore
}
