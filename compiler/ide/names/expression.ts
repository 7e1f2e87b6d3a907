/** The names in expressions. */
import type {
  Apply,
  Argument,
  Attend,
  Body,
  Expression,
  Identifier,
  Input,
  Item,
  Name,
  Parameter,
  Pattern,
  Rearrange,
  Scan,
  Setting,
  Settings,
  Stage,
  Subscript,
  Type,
} from "../../../grammar/ast.js";
import { primitives } from "../../ops/index.js";
import { blockBehind, entriesOf, inputOf, isFunction, isRegion, labelName } from "./blocks.js";
import { placesOfModel, weightsNamed, type LayerPlace } from "./layer-places.js";
import { wordSymbol, type Symbol } from "./symbol.js";
import {
  assign,
  axis,
  blockNamed,
  declareLayer,
  functionBehind,
  inside,
  meaningOf,
  note,
  word,
  type Walk,
} from "./walk.js";

/** What masks and scores know beside the names of where they are written. */
const indexNames: ReadonlySet<string> = new Set(["q", "k", "s", "head"]);

/** Where an expression stands, as far as names go. */
export interface Place {
  readonly walk: Walk;
  /** In a mask or a score. */
  readonly inRegion: boolean;
  /** Bodies are made of statements, which are made of expressions. */
  readonly readBody: (walk: Walk, body: Body) => void;
}

export function readExpression(place: Place, expression: Expression): void {
  const { walk } = place;
  switch (expression.kind) {
    case "name":
      return note(walk, expression.span, nameIn(place, expression));
    case "position":
      return axis(walk, expression.axis);
    case "list":
      return expression.items.forEach((item) => readExpression(place, item));
    case "unary":
      return readExpression(place, expression.operand);
    case "binary":
      return [expression.left, expression.right].forEach((side) => readExpression(place, side));
    case "conditional":
      return [expression.condition, expression.then, expression.otherwise].forEach((part) =>
        readExpression(place, part),
      );
    case "member":
      return readMember(place, expression.object, expression.name);
    case "subscript":
      return readSubscript(place, expression);
    case "call":
      return readCall(place, expression.callee, expression.arguments, false);
    case "apply":
      return readApply(place, expression);
    case "pipe":
      readExpression(place, expression.input);
      return expression.stages.forEach((stage) => readStage(place, stage));
    case "attend":
      return readAttend(place, expression);
    case "scan":
      return readScan(place, expression);
    case "number":
    case "string":
    case "boolean":
    case "missing":
      return;
  }
}

function nameIn({ walk, inRegion }: Place, { name }: Name, isCalled = false): Symbol | undefined {
  // An input of a mask may be called so; in a body, what is called so is out of a mask's sight.
  const isOwn = walk.declaration.kind === "index" && walk.names.has(name);
  if (inRegion && indexNames.has(name) && !isOwn) return wordSymbol(name, "region");
  if (name === "cfg" && !walk.names.has(name)) return wordSymbol(name, "body");
  return meaningOf(walk, name, isCalled);
}

function readStage(place: Place, stage: Stage): void {
  if (stage.kind === "rearrange") return readRearrange(place, stage);
  if (stage.kind === "call") return readCall(place, stage.callee, stage.arguments, true);
  if (stage.kind === "name") return note(place.walk, stage.span, nameIn(place, stage, true));
  return readExpression(place, stage);
}

/** `wte.weight`, `norm[0].weight`, `cfg.bias` */
function readMember(place: Place, object: Expression, name: Identifier): void {
  const { walk } = place;
  readExpression(place, object);
  if (object.kind === "name" && object.name === "cfg")
    return note(walk, name.span, walk.model?.entries.get(name.name) ?? walk.entries.get(name.name));
  const label = labelName(object);
  if (label === undefined) return;
  for (const from of layerPlaces(walk))
    for (const weight of weightsNamed(walk.sight, from, label, name.name)) note(walk, name.span, weight);
}

/** Where the labels that a body may name have their layers. */
function layerPlaces({ sight, file, declaration }: Walk): readonly LayerPlace[] {
  if (declaration.kind === "block") return [{ declaration, file, given: new Map() }];
  if (declaration.kind !== "task") return [];
  const model = blockBehind(sight, file, declaration.model.name);
  return [{ declaration, file, given: new Map() }, ...(model ? placesOfModel(sight, model.block).slice(0, 1) : [])];
}

// ------------------------------------------------------------------------------------------------------------ brackets

function readSubscript(place: Place, { object, items }: Subscript): void {
  const { walk } = place;
  const named = object.kind === "name" ? object : undefined;
  const layer = named && walk.names.get(named.name)?.kind !== "value" ? layerNamed(walk, named.name) : undefined;
  const symbol = layer ?? (named && nameIn(place, named));
  if (named) note(walk, named.span, symbol);
  else readExpression(place, object);
  readItems(place, items, symbol !== undefined && takesAxes(symbol));
}

const layerNamed = ({ layers, model }: Walk, name: string): Symbol | undefined =>
  layers.get(name) ?? model?.layers.get(name);

/** Brackets behind a function name its axes, all others hold indices. */
function takesAxes({ kind, declaration, name }: Symbol): boolean {
  switch (kind) {
    case "function":
    case "primitive":
      return true;
    case "entry":
      return (
        declaration !== undefined &&
        "parameters" in declaration &&
        declaration.parameters.some(isNamed(name, isFunction))
      );
    case "input":
      return (
        declaration !== undefined &&
        "inputs" in declaration &&
        declaration.inputs.some(isNamed(name, ({ type }) => type.name.name === "fn"))
      );
    default:
      return false;
  }
}

const isNamed =
  <T extends Parameter | Input>(name: string, holds: (one: T) => boolean) =>
  (one: T): boolean =>
    one.name.name === name && holds(one);

function readItems(place: Place, items: readonly Item[], areAxes: boolean): void {
  const { walk } = place;
  for (const item of items) {
    switch (item.kind) {
      case "rename-item":
        axis(walk, item.from);
        axis(walk, item.to);
        break;
      case "index-item":
        axis(walk, item.axis);
        readExpression(place, item.index);
        break;
      case "slice-item":
        axis(walk, item.axis);
        for (const bound of [item.from, item.to]) if (bound) readExpression(place, bound);
        break;
      case "expression-item":
        if (areAxes && item.value.kind === "name") axis(walk, { ...item.value, kind: "identifier" });
        else readExpression(place, item.value);
    }
  }
}

function readRearrange(place: Place, { from, to, sizes }: Rearrange): void {
  readPattern(place.walk, from);
  readPattern(place.walk, to);
  for (const { name, value } of sizes) {
    axis(place.walk, name);
    readExpression(place, value);
  }
}

function readPattern(walk: Walk, { elements }: Pattern): void {
  for (const element of elements) {
    if (element.kind === "identifier") axis(walk, element);
    else if (element.kind === "merge") {
      if (element.name) axis(walk, element.name);
      element.parts.forEach((part) => axis(walk, part));
    }
  }
}

/** `f32[batch, half: seq / 2]` */
export function readType(place: Place, { name, axes = [] }: Type): void {
  word(place.walk, name, "type");
  for (const each of axes) {
    if (each.kind === "rest") continue;
    if (each.label) axis(place.walk, each.label);
    if (each.label?.span.start !== each.dim.span.start) readExpression(place, each.dim);
  }
}

// -------------------------------------------------------------------------------------------------------------- calls

function readCall(place: Place, callee: Expression, written: readonly Argument[], isPiped: boolean): void {
  const { walk } = place;
  const name = callee.kind === "subscript" ? callee.object : callee;
  const symbol = name.kind === "name" ? nameIn(place, name, true) : undefined;
  if (callee.kind === "name") note(walk, callee.span, symbol);
  else if (callee.kind === "subscript" && callee.object.kind === "name" && symbol) {
    note(walk, callee.object.span, symbol);
    readItems(place, callee.items, takesAxes(symbol));
  } else readExpression(place, callee);
  const declared = functionBehind(walk, symbol);
  const { declaration } = declared ?? {};
  if (declared && (declaration?.kind === "function" || declaration?.kind === "index"))
    return readArguments(place, written, {
      inputs: declaration.inputs,
      piped: isPiped ? 1 : 0,
      symbolOf: (input) => inputOf(declared.file.name, declaration, declaration.inputs, input),
    });
  readArguments(place, written, {
    inputs: [],
    piped: 0,
    symbolOf: (input) =>
      symbol?.kind === "primitive" && primitives.has(symbol.name) ? wordSymbol(input, symbol.name) : undefined,
  });
}

interface Callee {
  readonly inputs: readonly Input[];
  /** How many of them have their value from a pipe. */
  readonly piped: number;
  readonly symbolOf: (input: string) => Symbol | undefined;
}

function readArguments(place: Place, written: readonly Argument[], { inputs, piped, symbolOf }: Callee): void {
  let next = piped;
  for (const { name, value } of written) {
    const input = name ? inputs.find((each) => each.name.name === name.name) : inputs[next++];
    if (name) note(place.walk, name.span, symbolOf(name.name));
    readExpression({ ...place, inRegion: place.inRegion || (input !== undefined && isRegion(input)) }, value);
  }
}

/** `attn: Attention{heads}(mask: causal)` */
function readApply(place: Place, { label, block, settings, arguments: written = [] }: Apply): void {
  const { walk } = place;
  if (label?.kind === "subscript") readItems(place, label.items, false);
  const symbol = blockNamed(walk, block.name);
  note(walk, block.span, symbol);
  const chain = symbol?.kind === "entry" ? undefined : blockBehind(walk.sight, walk.file, block.name);
  const behind = chain?.block;
  if (settings) readSettings(place, settings, (entry) => (behind ? entriesOf(behind, entry) : []));
  readArguments(place, written, {
    inputs: behind?.declaration.inputs ?? [],
    piped: 1,
    symbolOf: (input) => behind && inputOf(behind.file.name, behind.declaration, behind.declaration.inputs, input),
  });
  const name = label?.kind === "subscript" ? label.object : label;
  if (name?.kind === "name") declareLayer(walk, { ...name, kind: "identifier" }, label?.kind === "subscript");
}

/** `keysOf`: what entries of that name are to those who are set. */
export function readSettings(place: Place, { entries }: Settings, keysOf: (entry: string) => readonly Symbol[]): void {
  const { walk } = place;
  for (const { name, form, value } of entries) {
    const noteKeys = (more: Parameters<typeof note>[4]): void =>
      keysOf(name.name).forEach((key) => note(walk, name.span, key, "reads", more));
    if (value.kind !== "name" || form === "equals") {
      noteKeys({});
      readExpression(place, value);
    } else if (form === "pun") {
      note(walk, name.span, nameIn(place, value), "reads", { pun: "value" });
      noteKeys({ pun: "key" });
    } else {
      noteKeys({ beside: { ...value, kind: "identifier" } });
      note(walk, value.span, nameIn(place, value), "reads", { beside: name });
    }
  }
}

// ----------------------------------------------------------------------------------------------------- attend and scan

function readAttend(place: Place, { query, key, arguments: written, settings }: Attend): void {
  const { walk } = place;
  axis(walk, query);
  axis(walk, key);
  written.forEach(({ value }) => readExpression(place, value));
  inside(walk, () => {
    const entries = settings?.entries ?? [];
    for (const setting of entries) if (setting.form === "equals") readIndexName(place, setting);
    for (const setting of entries) {
      if (setting.form === "equals") continue;
      const inRegion = place.inRegion || setting.name.name === "mask" || setting.name.name === "score";
      readSettings({ ...place, inRegion }, { kind: "settings", entries: [setting], span: setting.span }, (clause) => [
        wordSymbol(clause, "attend"),
      ]);
    }
  });
}

/** `head = @g`: what masks and scores are to mean by a name. */
function readIndexName(place: Place, { name, value }: Setting): void {
  readExpression({ ...place, inRegion: true }, value);
  if (indexNames.has(name.name)) word(place.walk, name, "region");
  else assign(place.walk, name);
}

function readScan(place: Place, { axis: along, carried, body }: Scan): void {
  const { walk } = place;
  axis(walk, along);
  for (const { form, value } of carried) if (form !== "pun") readExpression(place, value);
  inside(walk, () => {
    carried.forEach(({ name }) => assign(walk, name));
    place.readBody(walk, body);
  });
}
