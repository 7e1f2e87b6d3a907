/** The names in what stands outside of any body: `weights`, `check`, `generate`, `train`, `quantize`, `prune`. */
import type {
  BlockDeclaration,
  Body,
  CheckDeclaration,
  CompressionDeclaration,
  CompressionRule,
  ConfigField,
  Expression,
  Identifier,
  Pattern,
  RunDeclaration,
  Segment,
  WeightRule,
  WeightsDeclaration,
} from "../../../grammar/ast.js";
import type { Declared } from "../../1-resolve/program.js";
import { blockBehind, entriesOfModel, inputOf, layersOf } from "./blocks.js";
import { placesOfModel, reach, weightsBelow, type LayerPlace, type Reached, type WeightAt } from "./layer-places.js";
import { declaredSymbol, type Symbol } from "./symbol.js";
import { globalSymbol, note, word, type Interior, type Walk } from "./walk.js";

/** What another declaration means by its names. */
export type InteriorOf = (place: Pick<LayerPlace, "declaration" | "file">) => Interior;

type Model = Declared<BlockDeclaration>;

// ------------------------------------------------------------------------------------------------------------- weights

export function readWeights(walk: Walk, { model: name, rules }: WeightsDeclaration, interiorOf: InteriorOf): void {
  const { sight, file } = walk;
  note(walk, name.span, globalSymbol(walk, name.name));
  const model = blockBehind(sight, file, name.name)?.block;
  const places = model ? placesOfModel(sight, model) : [];
  for (const rule of rules) readRule(walk, rule, model, places, interiorOf);
}

function readRule(
  walk: Walk,
  rule: WeightRule,
  model: Model | undefined,
  places: readonly LayerPlace[],
  interiorOf: InteriorOf,
): void {
  switch (rule.kind) {
    case "layout-rule":
    case "leaf-rule": {
      const own = readWeightKind(walk, rule);
      if (rule.kind === "layout-rule") readAxes(walk, rule.pattern, own, interiorOf);
      return;
    }
    case "port-rule":
      return readPort(walk, rule.name, rule.direction, model, interiorOf);
    case "class-rule":
      return note(
        walk,
        rule.name.span,
        rule.keyword === "model" ? globalSymbol(walk, rule.name.name) : taskOf(walk, model, rule.name.name),
      );
    case "config-rule":
      return rule.entries.forEach((entry) => readField(walk, entry, model));
    case "expect-rule":
      return rule.expectations.forEach(({ field, when }) => {
        readFieldExpression(walk, field, model);
        if (when) readFieldExpression(walk, when, model);
      });
    case "address-rule": {
      const { places: ends, weights } = readAddress(walk, rule.address, places);
      const below = [...weights, ...weightsBelow(walk.sight, ends)];
      if (rule.layout) readAxes(walk, rule.layout, below, interiorOf);
      if (!rule.stack) return;
      readAxis(walk, rule.stack.axis, below, interiorOf);
      const { pieces } = rule.stack;
      if (pieces) noteEntries(walk, pieces, model);
      return;
    }
    case "ignore-rule":
    case "prefix-rule":
    case "type-rule":
      return;
  }
}

function readPort(
  walk: Walk,
  name: Identifier,
  direction: "input" | "output",
  model: Model | undefined,
  interiorOf: InteriorOf,
): void {
  if (!model) return;
  const owners: readonly Pick<LayerPlace, "declaration" | "file">[] = [
    model,
    ...walk.sight.tasksOf(model.declaration.name.name).map(({ task, file }) => ({ declaration: task, file })),
  ];
  for (const owner of owners) {
    const { declaration, file } = owner;
    const own =
      direction === "input"
        ? inputOf(file.name, declaration, declaration.inputs, name.name)
        : returnedNames(declaration.body).has(name.name)
          ? interiorOf(owner).names.get(name.name)
          : undefined;
    if (own?.declaration === declaration) note(walk, name.span, own);
  }
}

/** What a body returns by name, by which the outside knows it. */
function returnedNames({ statements }: Body): ReadonlySet<string> {
  return new Set(
    statements.flatMap((statement): string[] => {
      if (statement.kind === "return")
        return statement.values.flatMap((value) => (value.kind === "name" ? [value.name] : []));
      if (statement.kind !== "if") return [];
      const { then, otherwise } = statement;
      const rest: Body | undefined = otherwise?.kind === "if" ? { ...then, statements: [otherwise] } : otherwise;
      return [...returnedNames(then), ...(rest ? returnedNames(rest) : [])];
    }),
  );
}

/** Strings are fields of a config.json, names are entries or what a file sees. */
function readField(walk: Walk, { name, value, cases = [], fallback }: ConfigField, model: Model | undefined): void {
  noteEntries(walk, name, model);
  readFieldExpression(walk, value, model);
  for (const one of cases) readFieldExpression(walk, one.value, model);
  if (fallback) readFieldExpression(walk, fallback, model);
}

function readFieldExpression(walk: Walk, expression: Expression, model: Model | undefined): void {
  visitNames(expression, (name, isCalled) => {
    if (isCalled) word(walk, name, "field");
    else if (!noteEntries(walk, name, model)) note(walk, name.span, globalSymbol(walk, name.name));
  });
}

/** Whether there are any. */
function noteEntries(walk: Walk, { name, span }: Identifier, model: Model | undefined): boolean {
  const entries = model ? entriesOfModel(walk.sight, model, name) : [];
  for (const entry of entries) note(walk, span, entry);
  return entries.length > 0;
}

/** The names of an expression that has no bodies, layers or axes in it. */
function visitNames(expression: Expression, visit: (name: Identifier, isCalled: boolean) => void): void {
  const on = (inner: Expression): void => visitNames(inner, visit);
  switch (expression.kind) {
    case "name":
      return visit({ ...expression, kind: "identifier" }, false);
    case "list":
      return expression.items.forEach(on);
    case "unary":
      return on(expression.operand);
    case "binary":
      return [expression.left, expression.right].forEach(on);
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise].forEach(on);
    case "member":
      return on(expression.object);
    case "call":
      if (expression.callee.kind === "name") visit({ ...expression.callee, kind: "identifier" }, true);
      else on(expression.callee);
      return expression.arguments.forEach(({ value }) => on(value));
    default:
  }
}

// ----------------------------------------------------------------------------------------------------------- addresses

/** Segment by segment; a name that may lead to several layers is an occurrence of each. */
function readAddress(
  walk: Walk,
  segments: readonly Segment[],
  start: readonly LayerPlace[],
): { readonly places: readonly LayerPlace[]; readonly weights: readonly WeightAt[] } {
  let places = start;
  let weights: readonly WeightAt[] = [];
  for (const segment of segments) {
    if (segment.kind === "any") break;
    const names = segment.kind === "label" ? [segment.name] : segment.names;
    const reached = names.map((name): Reached => {
      const found = reach(walk.sight, places, name.name);
      for (const symbol of [...found.labels, ...found.weights.map((each) => each.symbol)])
        note(walk, name.span, symbol);
      return found;
    });
    if (segment.kind === "label" && segment.index?.kind === "identifier") word(walk, segment.index, "address");
    weights = reached.flatMap((each) => each.weights);
    places = reached.flatMap((each) => each.places);
  }
  return { places, weights };
}

/** `Linear.weight` */
function readWeightKind(
  walk: Walk,
  { block, weight }: { readonly block: Identifier; readonly weight: Identifier },
): readonly WeightAt[] {
  note(walk, block.span, globalSymbol(walk, block.name));
  const chain = blockBehind(walk.sight, walk.file, block.name);
  if (!chain) return [];
  const place: LayerPlace = { ...chain.block, given: new Map() };
  const { weights } = reach(walk.sight, [place], weight.name);
  for (const { symbol } of weights) note(walk, weight.span, symbol);
  return weights;
}

function readAxes(walk: Walk, { elements }: Pattern, weights: readonly WeightAt[], interiorOf: InteriorOf): void {
  for (const element of elements) {
    const names = element.kind === "identifier" ? [element] : element.kind === "merge" ? element.parts : [];
    for (const name of names) readAxis(walk, name, weights, interiorOf);
  }
}

/** An axis as those declare it whose weights have it. */
function readAxis(walk: Walk, name: Identifier, weights: readonly WeightAt[], interiorOf: InteriorOf): void {
  const symbols = new Map<string, Symbol>();
  for (const { place, symbol: weight } of weights) {
    const symbol = interiorOf(place).sizes.get(name.name);
    if (symbol && hasAxis(place.declaration, weight.name, name.name)) symbols.set(symbol.key, symbol);
  }
  for (const symbol of symbols.values()) note(walk, name.span, symbol);
}

function hasAxis({ body }: LayerPlace["declaration"], weight: string, axis: string): boolean {
  const axes = layersOf(body).weights.get(weight)?.type.axes ?? [];
  return axes.some((each) => each.kind === "axis" && each.label?.name === axis);
}

// ----------------------------------------------------------------------------------------------- what concerns a config

/** `params(gpt2.lm)` */
export function readCheck(walk: Walk, { condition }: CheckDeclaration): void {
  visitNames(condition, (name, isCalled) => {
    if (isCalled) word(walk, name, "check");
    else note(walk, name.span, configNamed(walk, name.name));
  });
  visitMembers(condition, (config, task) =>
    note(walk, task.span, taskOf(walk, modelOfConfig(walk, config), task.name)),
  );
}

function visitMembers(node: unknown, visit: (config: string, task: Identifier) => void): void {
  if (Array.isArray(node)) return node.forEach((each) => visitMembers(each, visit));
  if (typeof node !== "object" || node === null) return;
  if (isMember(node) && node.object.kind === "name") visit(node.object.name, node.name);
  for (const [key, child] of Object.entries(node)) if (key !== "span") visitMembers(child, visit);
}

const isMember = (node: object): node is Extract<Expression, { kind: "member" }> =>
  "kind" in node && node.kind === "member";

export function readRun(walk: Walk, { keyword, target, over, settings }: RunDeclaration, interiorOf: InteriorOf): void {
  const [config, task] = target;
  if (!config) return;
  note(walk, config.span, configNamed(walk, config.name));
  const model = modelOfConfig(walk, config.name);
  if (task) note(walk, task.span, taskOf(walk, model, task.name));
  if (over && model) note(walk, over.span, interiorOf(model).sizes.get(over.name));
  for (const { name, value } of settings.entries) {
    word(walk, name, keyword);
    visitWords(walk, value, keyword);
  }
}

export function readCompression(
  walk: Walk,
  { keyword, config, rules }: CompressionDeclaration,
  interiorOf: InteriorOf,
): void {
  note(walk, config.span, configNamed(walk, config.name));
  const model = modelOfConfig(walk, config.name);
  const places = model ? placesOfModel(walk.sight, model) : [];
  for (const { target, method } of rules) {
    const weights = readTarget(walk, target, places);
    visitWords(walk, method, keyword, (name) => readAxis(walk, name, weights, interiorOf));
  }
}

function readTarget(walk: Walk, target: CompressionRule["target"], places: readonly LayerPlace[]): readonly WeightAt[] {
  if (target.kind === "weight-kind") return readWeightKind(walk, target);
  const { places: ends, weights } = readAddress(walk, target.segments, places);
  return [...weights, ...weightsBelow(walk.sight, ends)];
}

/** Samplers, optimizers and ways to store numbers are words; what stands in their brackets is an axis. */
function visitWords(walk: Walk, expression: Expression, of: string, axis?: (name: Identifier) => void): void {
  const on = (inner: Expression): void => visitWords(walk, inner, of, axis);
  switch (expression.kind) {
    case "name":
      return word(walk, { ...expression, kind: "identifier" }, of);
    case "list":
      return expression.items.forEach(on);
    case "unary":
      return on(expression.operand);
    case "call":
      on(expression.callee);
      return expression.arguments.forEach(({ name, value }) => {
        if (name) word(walk, name, of);
        on(value);
      });
    case "subscript":
      on(expression.object);
      for (const item of expression.items)
        if (item.kind === "expression-item" && item.value.kind === "name")
          axis?.({ ...item.value, kind: "identifier" });
      return;
    default:
  }
}

function configNamed({ sight, file }: Walk, name: string): Symbol | undefined {
  const config = sight.config(file, name);
  return config && declaredSymbol(file.name, config);
}

function modelOfConfig({ sight, file }: Walk, name: string): Model | undefined {
  const config = sight.config(file, name);
  return config && blockBehind(sight, file, config.model.name)?.block;
}

function taskOf({ sight }: Walk, model: Model | undefined, name: string): Symbol | undefined {
  const found = model && sight.tasksOf(model.declaration.name.name).find(({ task }) => task.name.name === name);
  return found && declaredSymbol(found.file.name, found.task);
}
