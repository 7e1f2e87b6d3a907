/** What a declaration means by each of its names. */
import type {
  BlockAliasDeclaration,
  BlockDeclaration,
  ConfigDeclaration,
  Declaration,
  FunctionDeclaration,
  ImportDeclaration,
  IndexDeclaration,
  Input,
  Parameter,
  TaskDeclaration,
} from "../../../grammar/ast.js";
import type { SourceFile } from "../../1-resolve/program.js";
import { blockBehind, entriesOf, entriesOfModel, isRegion } from "./blocks.js";
import { readExpression, readSettings, readType } from "./expression.js";
import { readCheck, readCompression, readRun, readWeights, type InteriorOf } from "./rules.js";
import type { Sight } from "./sight.js";
import { placeIn, readBody } from "./statement.js";
import { declaredSymbol } from "./symbol.js";
import {
  assign,
  createWalk,
  declareEntry,
  declareInput,
  declareSize,
  globalSymbol,
  note,
  word,
  type Interior,
  type Walk,
} from "./walk.js";

export function readInterior(
  sight: Sight,
  file: SourceFile,
  declaration: Declaration,
  interiorOf: InteriorOf,
): Interior {
  const behind = declaration.kind === "task" ? blockBehind(sight, file, declaration.model.name) : undefined;
  const walk = createWalk(sight, file, declaration, behind && interiorOf(behind.block));
  if ("name" in declaration) note(walk, declaration.name.span, declaredSymbol(file.name, declaration), "declares");
  readNames(walk, declaration, interiorOf);
  const occurrences = walk.found.sort((a, b) => a.span.start - b.span.start);
  const { names, sizes, layers, entries } = walk;
  return { occurrences, names, sizes, layers, entries };
}

function readNames(walk: Walk, declaration: Declaration, interiorOf: InteriorOf): void {
  switch (declaration.kind) {
    case "import":
      return readImport(walk, declaration);
    case "outer":
      return;
    case "block":
      return readBlock(walk, declaration);
    case "alias":
      return readAlias(walk, declaration);
    case "task":
      return readTask(walk, declaration);
    case "function":
      return readFunction(walk, declaration);
    case "index":
      return readIndex(walk, declaration);
    case "config":
      return readConfig(walk, declaration, interiorOf);
    case "check":
      return readCheck(walk, declaration);
    case "weights":
      return readWeights(walk, declaration, interiorOf);
    case "run":
      return readRun(walk, declaration, interiorOf);
    case "compression":
      return readCompression(walk, declaration, interiorOf);
  }
}

function readImport(walk: Walk, { names }: ImportDeclaration): void {
  // A name that the file declares too is not what is imported.
  for (const { name, span } of names) {
    const imported = walk.sight.imported(walk.file, name);
    note(walk, span, imported ? declaredSymbol(imported.file.name, imported.declaration) : globalSymbol(walk, name));
  }
}

function readBlock(walk: Walk, { variables, parameters, inputs, results, where, body }: BlockDeclaration): void {
  const place = placeIn(walk);
  variables.forEach((name) => declareSize(walk, name));
  readEntries(walk, parameters);
  readInputs(walk, inputs);
  results.forEach((type) => readType(place, type));
  where.forEach((fact) => readExpression(place, fact));
  readBody(walk, body);
}

function readTask(walk: Walk, { parameters, inputs, model, values, results, where, body }: TaskDeclaration): void {
  const place = placeIn(walk);
  readEntries(walk, parameters);
  note(walk, model.span, globalSymbol(walk, model.name));
  values.forEach((name) => assign(walk, name));
  readInputs(walk, inputs);
  results.forEach((type) => readType(place, type));
  where.forEach((fact) => readExpression(place, fact));
  readBody(walk, body);
}

function readFunction(walk: Walk, { variables, inputs, results, where, body }: FunctionDeclaration): void {
  const place = placeIn(walk);
  variables.forEach((name) => declareSize(walk, name));
  readInputs(walk, inputs);
  results.forEach((type) => readType(place, type));
  where.forEach((fact) => readExpression(place, fact));
  if (body.kind === "body") readBody(walk, body);
  else readExpression(place, body);
}

function readIndex(walk: Walk, { inputs, value }: IndexDeclaration): void {
  readInputs(walk, inputs);
  readExpression({ ...placeIn(walk), inRegion: true }, value);
}

function readEntries(walk: Walk, parameters: readonly Parameter[]): void {
  parameters.forEach((parameter) => declareEntry(walk, parameter));
  for (const { type, fallback } of parameters) {
    if (type) word(walk, type.name, "type");
    if (fallback) readExpression(placeIn(walk), fallback);
  }
}

function readInputs(walk: Walk, inputs: readonly Input[]): void {
  inputs.forEach((input) => declareInput(walk, input));
  for (const input of inputs) {
    readType(placeIn(walk), input.type);
    if (input.fallback) readExpression({ ...placeIn(walk), inRegion: isRegion(input) }, input.fallback);
  }
}

function readAlias(walk: Walk, { target, settings }: BlockAliasDeclaration): void {
  note(walk, target.span, globalSymbol(walk, target.name));
  const block = blockBehind(walk.sight, walk.file, target.name)?.block;
  readSettings(placeIn(walk), settings, (entry) => (block ? entriesOf(block, entry) : []));
}

/** A value may be made of the model's other entries. */
function readConfig(walk: Walk, { model: name, settings }: ConfigDeclaration, interiorOf: InteriorOf): void {
  note(walk, name.span, globalSymbol(walk, name.name));
  const model = blockBehind(walk.sight, walk.file, name.name)?.block;
  if (model) for (const [entry, symbol] of interiorOf(model).entries) walk.names.set(entry, symbol);
  readSettings(placeIn(walk), settings, (entry) => (model ? entriesOfModel(walk.sight, model, entry) : []));
}
