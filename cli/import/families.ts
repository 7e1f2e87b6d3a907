import { closest } from "../../compiler/index.js";
import { Failure } from "../failure.js";
import type { Fields } from "./fields.js";
import { gpt2 } from "./gpt2.js";
import type { Family } from "./imported.js";
import { llama } from "./llama.js";
import { mistral } from "./mistral.js";
import { qwen2 } from "./qwen2.js";
import { qwen3 } from "./qwen3.js";

/** By `model_type`, in the order in which a message lists them. */
const families: ReadonlyMap<string, Family> = new Map([
  ["gpt2", gpt2],
  ["llama", llama],
  ["mistral", mistral],
  ["qwen2", qwen2],
  ["qwen3", qwen3],
]);

export function familyOf(config: Fields): Family {
  if (!config.has("model_type")) throw new Failure(`${config.file} has no model_type`);
  const name = config.text("model_type");
  const family = families.get(name);
  if (family) return family;
  const near = closest(name, [...families.keys()]);
  const known = `tfmc import knows ${[...families.keys()].join(", ")}`;
  throw new Failure(
    `${config.file}: model_type ${JSON.stringify(name)} is not known`,
    near === undefined ? known : `${known}; did you mean ${near}?`,
  );
}
