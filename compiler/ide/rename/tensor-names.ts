/** What the weights of a project's models are called in checkpoints. */
import type { BlockDeclaration, ConfigDeclaration } from "../../../grammar/ast.js";
import type { Declared, Program, SourceFile } from "../../1-resolve/program.js";
import { instantiate, modelOf } from "../../3-lower/instantiate.js";
import type { PlacedWeight } from "../../3-lower/checkpoint.js";
import { findWeights } from "../../lower.js";
import { printDim } from "../../shapes/index.js";
import type { Snapshot } from "../snapshot.js";

/** The weights of one model under one config, in the order in which they are declared. */
export interface Placement {
  readonly model: Declared<BlockDeclaration>;
  readonly weights: readonly PlacedWeight[];
}

/** Of each model with each of its configs, or with none; those that cannot be read are left out. */
export function placementsOf(snapshots: readonly (Snapshot | undefined)[]): ReadonlyMap<string, Placement> {
  const found = new Map<string, Placement>();
  for (const { program } of snapshots.flatMap((snapshot) => snapshot ?? [])) {
    for (const file of program.files.values()) {
      for (const { model, config, key } of modelsIn(program, file)) {
        if (found.has(key)) continue;
        const { module } = instantiate(program, file, config, model);
        if (module) found.set(key, { model, weights: findWeights(program, file, module).weights });
      }
    }
  }
  return found;
}

interface Configured {
  readonly key: string;
  readonly model: Declared<BlockDeclaration>;
  readonly config: ConfigDeclaration | undefined;
}

function modelsIn(program: Program, file: SourceFile): readonly Configured[] {
  const configs = [...file.configs.values()].flatMap((config): Configured[] => {
    const model = modelOf(program, file, config.model.name);
    if (model?.declaration.keyword !== "model") return [];
    return [{ key: `${file.name} ${config.name.name}`, model, config }];
  });
  const models = file.all.flatMap((declaration): Configured[] => {
    if (declaration.kind !== "block" || declaration.keyword !== "model") return [];
    if (configs.some(({ model }) => model.declaration === declaration)) return [];
    return [{ key: `${file.name} ${declaration.name.name}`, model: { declaration, file }, config: undefined }];
  });
  return [...configs, ...models];
}

/** Where a weight lies, as text. */
export function placeText({ place: { names, fileAxes, part } }: PlacedWeight): string {
  const cut = part && [
    part.axis,
    part.before.map(printDim),
    part.all.map(printDim),
    part.pieces && printDim(part.pieces),
  ];
  return JSON.stringify([names, fileAxes, cut ?? null]);
}
