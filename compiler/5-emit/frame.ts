/** What emission knows while it writes one function: names, what each value is called, what it has to free. */
import type { Function, Module, Value, WeightPath } from "../ir/graph.js";
import { sameDim, variable, type Atom, type Dim } from "../shapes/index.js";
import { createNames, identifier, type Names } from "./names.js";
import { createSizeText, type SizeText } from "./sizes.js";

/** What the module's parts share. */
export interface Emission {
  readonly module: Module;
  /** Names imported from the runtime. */
  readonly imports: Set<string>;
  readonly functionNames: ReadonlyMap<Function, string>;
  /** Functions that take the cache. */
  readonly cached: ReadonlySet<Function>;
  /** Functions that take the state, because of cells of theirs or of what they call. */
  readonly stateful: ReadonlySet<Function>;
  /** Sizes that a function is given as numbers, behind its tensors. */
  readonly passed: ReadonlyMap<Function, readonly Atom[]>;
  /** The name of the type of a function's weights; absent where it has none. */
  readonly weightTypes: ReadonlyMap<Function, string>;
  readonly taken: readonly string[];
  /** The axis that is decoded along, and the outer one of what is decoded together; undefined where nothing is. */
  readonly over: { readonly axis: Atom; readonly batch: Atom | undefined } | undefined;
  /** Shapes that have a name: the model's result is `Hidden`. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** An expression: `fresh` makes a tensor that must be freed, `hidden` makes more on the way, `number` is no tensor. */
export interface Text {
  readonly code: string;
  readonly kind: "fresh" | "borrowed" | "number";
  readonly hidden: boolean;
}

/** An expression that makes a tensor out of others. */
export const fresh = (code: string, ...from: readonly Text[]): Text => ({
  code,
  kind: "fresh",
  hidden: from.some(({ kind, hidden }) => kind === "fresh" || hidden),
});

export interface Frame {
  readonly emission: Emission;
  readonly names: Names;
  readonly values: Map<Value, Text>;
  /** Statements so far. */
  readonly lines: string[];
  readonly size: SizeText;
  readonly weights: Map<string, string>;
  readonly loops: Map<Atom, string>;
  /** What calls are given as the cache: in what runs once there is none. */
  readonly cache: "cache" | "undefined";
}

export function createFrame(
  emission: Emission,
  parameters: readonly { readonly value: Value; readonly name: string }[],
  passed: readonly Atom[],
  prelude: string[],
): Frame {
  const names = createNames([...emission.taken]);
  const values = new Map<Value, Text>();
  for (const { value, name } of parameters)
    values.set(value, { code: names.claim(name), kind: "borrowed", hidden: false });
  const loops = new Map<Atom, string>();
  const runtime = new Map<Atom, string>(passed.map((atom) => [atom, names.claim(identifier(atom.name))]));
  // A run-time size is read off the first parameter that has it as an axis, once, at the function's head.
  const local = (atom: Atom): string => {
    const known = loops.get(atom) ?? runtime.get(atom);
    if (known !== undefined) return known;
    const name = names.claim(identifier(atom.name));
    runtime.set(atom, name);
    prelude.push(`const ${name} = ${measured(emission, parameters, values, atom)};`);
    return name;
  };
  return {
    emission,
    names,
    values,
    lines: [],
    size: createSizeText(emission.module.config, local),
    weights: new Map(),
    loops,
    cache: "cache",
  };
}

function measured(
  emission: Emission,
  parameters: readonly { readonly value: Value }[],
  values: ReadonlyMap<Value, Text>,
  atom: Atom,
): string {
  for (const { value } of parameters) {
    const at = value.type.axes.findIndex(({ dim }) => isAtom(dim, atom));
    if (at >= 0) {
      emission.imports.add("sizeOf");
      return `sizeOf(${values.get(value)?.code}, ${at})`;
    }
  }
  throw new Error(`no parameter tells the size ${atom.name}`);
}

const isAtom = (dim: Dim, atom: Atom): boolean => sameDim(dim, variable(atom));

/** `weights.h[i].attn`: a path below the function's weights. */
export function weightText(frame: Frame, path: WeightPath): string {
  let text = "weights";
  let key = "";
  for (const part of path) {
    if (typeof part === "string") {
      text += /^[A-Za-z_$][\w$]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
      key += `.${part}`;
    } else {
      const size = frame.size(part);
      key += `[${size}]`;
      const element = frame.weights.get(key);
      if (element === undefined) {
        frame.emission.imports.add("at");
        text = `at(${text}, ${size})`;
      } else text = element;
    }
  }
  return text;
}

/** `state` at a path below the function's own: `within(state, "h", i)`. */
export function stateText(frame: Frame, path: WeightPath): string {
  if (path.length === 0) return "state";
  use(frame, "within");
  return `within(state, ${stepsText(frame, path)})`;
}

/** The steps of a path: `"h", i`. */
export const stepsText = (frame: Frame, path: WeightPath): string =>
  path.map((part) => (typeof part === "string" ? JSON.stringify(part) : frame.size(part))).join(", ");

/** `, [1, null]`: which axis of each value is the batch, where it is not the first of all. */
export function batchText({ over }: Emission, values: readonly Value[]): string {
  const axes = values.map(({ type }) => type.axes.findIndex(({ dim }) => over?.batch && isAtom(dim, over.batch)));
  return axes.every((at) => at === 0) ? "" : `, [${axes.map((at) => (at < 0 ? "null" : at)).join(", ")}]`;
}

export function use(frame: Frame, ...names: string[]): void {
  for (const name of names) frame.emission.imports.add(name);
}
