import * as tf from "@tensorflow/tfjs-core";
import { readSafetensors, type Nested, type StoredTensor } from "../../runtime/index.js";
import type { InputValue } from "../execute.js";
import { Failure } from "../failure.js";
import { readSource } from "../files.js";
import { orFailure } from "../refusal.js";

/**
 * The inputs by name, from `--input`s: `ids=[[1, 2]]`, `ids=@ids.json`, a `.json` file of an object, or a `.safetensors` file,
 * whose `in.ids` and `ids` both mean `ids` and whose `out.NAME` are left alone. The caller disposes the tensors.
 */
export async function readInputs(given: readonly string[]): Promise<Map<string, InputValue>> {
  const inputs = new Map<string, InputValue>();
  for (const text of given) {
    for (const [name, value] of await readOne(text)) {
      if (inputs.has(name)) throw new Failure(`the input ${name} is given twice`);
      inputs.set(name, value);
    }
  }
  return inputs;
}

async function readOne(text: string): Promise<[name: string, value: InputValue][]> {
  const [, name, value] = /^([A-Za-z_][\w.]*)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) {
    const file = value.startsWith("@") ? value.slice(1) : undefined;
    const content = parseJson(file ?? `--input ${name}`, file === undefined ? value : readSource(file));
    return [[name, asNested(name, content)]];
  }
  if (text.endsWith(".safetensors")) return tensorsOf(await orFailure(() => readSafetensors(text)));
  if (text.endsWith(".json")) return entriesOf(text, parseJson(text, readSource(text)));
  throw new Failure(
    `--input ${text} is no input`,
    "write NAME=[[1, 2]], NAME=@FILE.json, FILE.json or FILE.safetensors",
  );
}

function tensorsOf(tensors: ReadonlyMap<string, StoredTensor>): [string, InputValue][] {
  return [...tensors].flatMap(([name, { shape, data }]): [string, InputValue][] => {
    if (name.startsWith("out.")) return [];
    const dtype = data instanceof Float32Array ? "float32" : "int32";
    return [[name.replace(/^in\./, ""), tf.tensor(data, [...shape], dtype)]];
  });
}

function entriesOf(file: string, content: unknown): [string, InputValue][] {
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new Failure(`${file} holds no JSON object`, 'name the inputs: {"input_ids": [[1, 2, 3]]}');
  }
  return Object.entries(content).map(([name, value]: [string, unknown]) => [name, asNested(name, value)]);
}

function parseJson(from: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure(`${from} is no JSON: ${error.message}`);
    throw error;
  }
}

function asNested(name: string, value: unknown): readonly Nested[] {
  if (Array.isArray(value) && value.every(isNested)) return value;
  throw new Failure(`the input ${name} is to be numbers in arrays, such as [[1, 2, 3]]`);
}

function isNested(value: unknown): value is Nested {
  if (Array.isArray(value)) return value.every(isNested);
  return typeof value === "number" || typeof value === "boolean";
}
