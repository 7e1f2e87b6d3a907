import { readFieldPath, type FieldStep } from "../../compiler/index.js";
import { Failure } from "../failure.js";
import { isList, isObject, shown, type Json, type JsonObject } from "./json.js";
import { olderPaths } from "./older-paths.js";

export interface Found {
  /** As the file has it: a field may be there by an older name. */
  readonly path: string;
  readonly value: Json;
  /** Whether the path asks for several items of a list. */
  readonly isSlice: boolean;
}

/** A JSON file of a checkpoint, with what its fields are called. */
export interface Fields {
  /** The file's path, for messages. */
  readonly file: string;
  readonly object: JsonObject;
  /** What a path leads to; undefined where nothing is there, which null is not. */
  readonly find: (path: string) => Found | undefined;
  /** A field that is a text, a number, ... and neither absent nor null; one of another kind is refused. */
  readonly text: (path: string) => string | undefined;
  readonly number: (path: string) => number | undefined;
  readonly flag: (path: string) => boolean | undefined;
  readonly texts: (path: string) => readonly string[] | undefined;
  /** One whole number, or several; none where the field is absent or null. */
  readonly integers: (path: string) => readonly number[];
}

export function createFields(file: string, object: JsonObject): Fields {
  const find = (path: string): Found | undefined => {
    for (const each of [path, ...olderPaths(path)]) {
      const steps = readFieldPath(each) ?? [];
      const value = follow(object, steps);
      if (value !== undefined)
        return { path: each.replace(/\[:\]$/, ""), value, isSlice: steps.some(({ kind }) => kind === "slice") };
    }
    return undefined;
  };
  const read = <T extends Json>(path: string, is: (value: Json) => value is T, due: string): T | undefined => {
    const found = find(path);
    if (!found || found.value === null) return undefined;
    if (is(found.value)) return found.value;
    throw new Failure(`${file}: ${found.path} is ${shown(found.value)}; ${due} is due`);
  };
  return {
    file,
    object,
    find,
    text: (path) => read(path, (value) => typeof value === "string", "a text"),
    number: (path) => read(path, (value) => typeof value === "number", "a number"),
    flag: (path) => read(path, (value) => typeof value === "boolean", "true or false"),
    texts: (path) => read(path, isTexts, "a list of texts"),
    integers: (path) => [read(path, isWholeOrWholes, "a whole number or a list of them") ?? []].flat(),
  };
}

function follow(value: Json | undefined, steps: readonly FieldStep[]): Json | undefined {
  const [step, ...rest] = steps;
  if (!step) return value;
  if (step.kind === "name") return isObject(value) ? follow(value[step.name], rest) : undefined;
  if (!isList(value)) return undefined;
  if (step.kind === "item") return follow(value[step.index], rest);
  const { from, to, step: by } = step;
  const chosen = value.slice(from, to).filter((_, n) => n % by === 0);
  return chosen.flatMap((item) => follow(item, rest) ?? []);
}

const isWhole = (value: Json): value is number => Number.isSafeInteger(value);
const isTexts = (value: Json): value is readonly string[] =>
  isList(value) && value.every((one) => typeof one === "string");
const isWholeOrWholes = (value: Json): value is number | readonly number[] =>
  isList(value) ? value.every(isWhole) : isWhole(value);
