/** From labels to layers and weights, as the text tells them, without numbers: `h[i].attn.q.weight`. */
import type {
  Apply,
  BlockDeclaration,
  Expression,
  Identifier,
  Setting,
  Settings,
  TaskDeclaration,
} from "../../../grammar/ast.js";
import type { Declared, SourceFile } from "../../1-resolve/program.js";
import { blockBehind, layersOf } from "./blocks.js";
import type { Sight } from "./sight.js";
import { memberSymbol, ownerKey, type Symbol, type SymbolKind } from "./symbol.js";

/** A body that makes weights, and what is known of the blocks that it was given. */
export interface LayerPlace {
  readonly declaration: BlockDeclaration | TaskDeclaration;
  readonly file: SourceFile;
  /** Which of several a block is, may be for a config or a counter to say. */
  readonly given: ReadonlyMap<string, readonly GivenBlock[]>;
}

/** A block as a setting or a default says it, and where. */
interface GivenBlock {
  readonly name: string;
  readonly settings: Settings | undefined;
  readonly from: LayerPlace;
}

/** A weight where it is declared. */
export interface WeightAt {
  readonly symbol: Symbol;
  readonly place: LayerPlace;
}

/** What a name leads to: labels with what may be named below them, and weights. */
export interface Reached {
  readonly labels: readonly Symbol[];
  readonly weights: readonly WeightAt[];
  readonly places: readonly LayerPlace[];
}

/** No address is as long as this; blocks that apply themselves would have such. */
const deepest = 50;

/** The model, then its tasks: an address starts in one of them. */
export function placesOfModel(sight: Sight, model: Declared<BlockDeclaration>): readonly LayerPlace[] {
  const own: LayerPlace = { ...model, given: new Map() };
  const given = new Map(
    model.declaration.parameters.map(({ name, fallback }) => [name.name, givenBlocks(own, fallback)] as const),
  );
  const place: LayerPlace = { ...own, given };
  return [
    place,
    ...sight
      .tasksOf(model.declaration.name.name)
      .map(({ task, file }): LayerPlace => ({ declaration: task, file, given })),
  ];
}

/** A label or a weight of that name in any of these places, those of unlabelled layers among them. */
export function reach(sight: Sight, from: readonly LayerPlace[], name: string): Reached {
  const labels = new Map<string, Symbol>();
  const weights = new Map<string, WeightAt>();
  const next: LayerPlace[] = [];
  for (const place of withUnlabelled(sight, from)) {
    const { labelled, weights: own } = layersOf(place.declaration.body);
    const symbolOf = (kind: SymbolKind): Symbol => memberSymbol(place.file.name, place.declaration, kind, name);
    const layers = labelled.get(name) ?? [];
    const label = symbolOf("layer");
    if (layers.length > 0) labels.set(label.key, label);
    const symbol = symbolOf("weight");
    if (own.has(name)) weights.set(symbol.key, { symbol, place });
    next.push(...layers.flatMap((apply) => entered(sight, place, apply)));
  }
  return { labels: [...labels.values()], weights: [...weights.values()], places: distinct(next) };
}

/** The weights called `name` of the layer under a label of `place`. */
export function weightsNamed(sight: Sight, place: LayerPlace, label: string, name: string): readonly Symbol[] {
  const { places } = reach(sight, [place], label);
  return reach(sight, places, name).weights.map(({ symbol }) => symbol);
}

/** All weights at and below, those that differ by their index alone once. */
export function weightsBelow(sight: Sight, from: readonly LayerPlace[]): readonly WeightAt[] {
  const all = closure(from, (place) => {
    const { labelled, unlabelled } = layersOf(place.declaration.body);
    return [...labelled.values(), unlabelled].flat().flatMap((apply) => entered(sight, place, apply));
  });
  return all.flatMap((place) =>
    [...layersOf(place.declaration.body).weights.keys()].map((name) => ({
      place,
      symbol: memberSymbol(place.file.name, place.declaration, "weight", name),
    })),
  );
}

/** Layers without a label have no segment of their own in an address. */
const withUnlabelled = (sight: Sight, from: readonly LayerPlace[]): readonly LayerPlace[] =>
  closure(from, (place) =>
    layersOf(place.declaration.body).unlabelled.flatMap((apply) => entered(sight, place, apply)),
  );

/** These and all they lead to, each once: blocks may nest so that there are very many ways to one. */
function closure(
  from: readonly LayerPlace[],
  next: (place: LayerPlace) => readonly LayerPlace[],
): readonly LayerPlace[] {
  const found = new Map(from.map((place) => [keyOf(place), place]));
  // What is added while they are gone through is gone through too.
  for (const place of found.values())
    for (const each of next(place)) if (!found.has(keyOf(each))) found.set(keyOf(each), each);
  return [...found.values()];
}

const distinct = (places: readonly LayerPlace[]): readonly LayerPlace[] => closure(places, () => []);

/** By the body and by what it was given, as far as that is said where it is applied. */
function keyOf({ declaration, file, given }: LayerPlace): string {
  const blocks = [...given].flatMap(([entry, all]) =>
    all.map(({ name, settings, from }) => `${entry}: ${name} ${from.file.name} ${settings?.span.start ?? ""}`),
  );
  return [ownerKey(file.name, declaration), ...blocks].join("\n");
}

/** The bodies of what may be applied here; none where only a config tells which block it is. */
function entered(sight: Sight, place: LayerPlace, { block, settings }: Apply): readonly LayerPlace[] {
  return behind(sight, { name: block.name, settings, from: place }, []);
}

interface Written {
  readonly settings: Settings;
  readonly from: LayerPlace;
}

/** `outer`: what is set besides, which counts more. */
function behind(sight: Sight, { name, settings, from }: GivenBlock, outer: readonly Written[]): readonly LayerPlace[] {
  const all = settings ? [...outer, { settings, from }] : outer;
  const given = from.given.get(name) ?? [];
  if (given.length > 0) return all.length < deepest ? given.flatMap((each) => behind(sight, each, all)) : [];
  const chain = blockBehind(sight, from.file, name);
  if (!chain) return [];
  const { declaration, file } = chain.block;
  const own: LayerPlace = { declaration, file, given: new Map() };
  const aliases = chain.settings.map((alias): Written => ({
    settings: alias.settings,
    from: { ...own, file: alias.file },
  }));
  const blocks = declaration.parameters.map(({ name: entry, fallback }) => {
    const said = [...all, ...aliases].find(({ settings: { entries } }) => entries.some(isOf(entry)));
    const value = said?.settings.entries.find(isOf(entry))?.value;
    return [entry.name, givenBlocks(said?.from ?? own, said ? value : fallback)] as const;
  });
  return [{ ...own, given: new Map(blocks) }];
}

const isOf =
  ({ name }: Identifier) =>
  (setting: Setting): boolean =>
    setting.name.name === name;

/** The blocks that an expression may be. */
function givenBlocks(from: LayerPlace, value: Expression | undefined): readonly GivenBlock[] {
  switch (value?.kind) {
    case "apply":
      return [{ name: value.block.name, settings: value.settings, from }];
    case "name":
      return /^[A-Z]/.test(value.name) ? [{ name: value.name, settings: undefined, from }] : [];
    case "conditional":
      return [...givenBlocks(from, value.then), ...givenBlocks(from, value.otherwise)];
    default:
      return [];
  }
}
