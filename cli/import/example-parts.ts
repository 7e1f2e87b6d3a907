/** The declarations of an example that importing builds on. */
import { parse, type Parsed } from "../../compiler/index.js";

type Declaration = Parsed["file"]["declarations"][number];
export type Kind<K extends Declaration["kind"]> = Extract<Declaration, { readonly kind: K }>;
export type Model = Kind<"block">;
export type Expression = Kind<"config">["settings"]["entries"][number]["value"];

export interface ExampleParts {
  readonly model: Model;
  readonly weights: Kind<"weights">;
  readonly generate: Kind<"run">;
  /** Configs and checks, which speak of the published sizes. */
  readonly published: readonly (Kind<"config"> | Kind<"check">)[];
  /** Names that another declaration must not take. */
  readonly taken: ReadonlySet<string>;
}

/** The parts of an example as it is shipped. An example that lacks one is our mistake. */
export function partsOf(text: string, name: string): ExampleParts {
  const { declarations } = parse(text).file;
  const model = declarations.find((one): one is Model => one.kind === "block" && one.keyword === "model");
  const weights = declarations.find((one) => one.kind === "weights");
  const generate = declarations.find((one) => one.kind === "run" && one.keyword === "generate");
  if (!model || weights?.kind !== "weights" || generate?.kind !== "run") {
    throw new Error(`examples/${name}.tfm has no model, no weights or no generate`);
  }
  const published = declarations.filter((one) => one.kind === "config" || one.kind === "check");
  const taken = new Set(declarations.flatMap((one) => ("name" in one && one.kind !== "config" ? [one.name.name] : [])));
  return { model, weights, generate, published, taken };
}
