/** Inputs made up for a task, which the reader can change. */
import type { InputPort, TaskPort } from "../workers/ports.js";

export type Nested = number | boolean | readonly Nested[];
export type Inputs = Record<string, readonly Nested[]>;

/** As long as a sequence is made. Sizes that a call may choose differ from each other, so that none passes for another. */
const lengths = [6, 5, 7, 4];
/** More numbers than this are not shown for change. */
const shownAtMost = 400;

export interface MadeUp {
  readonly name: string;
  /** `i32[1, 6]`. */
  readonly type: string;
  readonly value: readonly Nested[];
  readonly isShown: boolean;
}

/** For each input that must be given; there are as many examples as one. */
export function madeUpFor(task: TaskPort, except?: string): MadeUp[] {
  const sizes = new Map<string, number>();
  const sizeOf = (axis: number | string, n: number): number => {
    if (typeof axis === "number") return axis;
    const known = sizes.get(axis);
    const size = known ?? (n === 0 ? 1 : (lengths[sizes.size % lengths.length] ?? 6));
    sizes.set(axis, size);
    return size;
  };
  return task.inputs
    .filter(({ isOptional, name }) => !isOptional && name !== except)
    .map((input) => {
      const shape = input.axes.map(sizeOf);
      const count = shape.reduce((product, size) => product * size, 1);
      const next = numbersFor(input);
      return {
        name: input.name,
        type: `${input.dtype}[${shape.join(", ")}]`,
        value: nested(shape, next),
        isShown: count <= shownAtMost,
      };
    });
}

/** The same numbers each time. */
function numbersFor({ dtype, below }: InputPort): () => number | boolean {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const share = state / 0x7fffffff;
    if (dtype === "bool") return true;
    return dtype === "i32" ? Math.floor(share * Math.min(below ?? 8, 200)) : Math.round((2 * share - 1) * 100) / 100;
  };
}

function nested(shape: readonly number[], next: () => number | boolean): readonly Nested[] {
  const build = (axis: number): Nested =>
    axis === shape.length ? next() : Array.from({ length: shape[axis] ?? 0 }, () => build(axis + 1));
  const made = build(0);
  return typeof made === "object" ? made : [made];
}

/** @throws Error that says what is wrong with the text. */
export function readInput(name: string, text: string): readonly Nested[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is no list of numbers: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (Array.isArray(value) && value.every(isNested)) return value;
  throw new Error(`${name} is to be numbers in lists, such as [[1, 2, 3]]`);
}

const isNested = (value: unknown): value is Nested =>
  Array.isArray(value) ? value.every(isNested) : typeof value === "number" || typeof value === "boolean";

/** @throws Error if the text is no list of token ids. */
export function readTokenIds(text: string): number[] {
  const ids = text.split(/[\s,]+/).filter((part) => part !== "");
  const wrong = ids.find((part) => !/^\d+$/.test(part));
  if (wrong !== undefined)
    throw new Error(`${wrong} is no token id: this model has no tokenizer, so a prompt is whole numbers`);
  if (ids.length === 0) throw new Error("the prompt is empty: there is nothing to follow");
  return ids.map(Number);
}
