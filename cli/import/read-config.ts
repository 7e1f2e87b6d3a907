import { statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.js";
import { readSource, readSourceIfPresent } from "../files.js";
import { createFields, type Fields } from "./fields.js";
import { isObject, type JsonObject } from "./json.js";

export interface CheckpointConfig {
  readonly config: Fields;
  /** generation_config.json, where there is one. */
  readonly generation: Fields | undefined;
}

/** What a Hugging Face folder says of its model. Throws a `Failure` where that is missing or is no JSON object. */
export function readConfig(folder: string): CheckpointConfig {
  const path = join(folder, "config.json");
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Failure(`${folder} is no folder`, "name the folder that holds the checkpoint's config.json");
  }
  const generationPath = join(folder, "generation_config.json");
  const generation = readSourceIfPresent(generationPath);
  return {
    config: createFields(path, parseObject(path, readSource(path))),
    generation:
      generation === undefined ? undefined : createFields(generationPath, parseObject(generationPath, generation)),
  };
}

function parseObject(path: string, text: string): JsonObject {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure(`${path} is no JSON: ${error.message}`);
  }
  if (!isObject(content)) throw new Failure(`${path} holds no JSON object`);
  return content;
}
