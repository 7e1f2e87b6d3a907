import { parse } from "../../compiler/index.js";

export interface ConfigName {
  readonly name: string;
  readonly model: string;
}

/** The configs that a file declares, in its order; those that cannot be parsed are not among them. */
export function configsOf(text: string): ConfigName[] {
  return parse(text).file.declarations.flatMap((declaration) =>
    declaration.kind === "config" ? [{ name: declaration.name.name, model: declaration.model.name }] : [],
  );
}
