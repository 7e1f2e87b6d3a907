/** Blocks put to use: matched by signature; at a definition that is all, in an instance the body is read and becomes a function. */
import type { Apply, BlockDeclaration, Expression, Input, Setting, Settings, Span } from "../../grammar/ast.js";
import { printExpression } from "../../grammar/index.js";
import { lookup, namesInScope, type Declared, type SourceFile } from "../1-resolve/program.js";
import { closest } from "../diagnostics/suggest.js";
import type { Mark } from "../diagnostics/problem.js";
import type { Axis, Value, WeightPath, WeightTree } from "../ir/graph.js";
import { dimKey, type Dim } from "../shapes/index.js";
import { matchArguments, type Given } from "./arguments.js";
import { createBuilder, use, value } from "./builder.js";
import { fitsKind, frozen, outerSizes } from "./call-function.js";
import { concrete, equalDims } from "./decide.js";
import { evaluate, globalScope } from "./expressions.js";
import { intrinsicBlock } from "./intrinsics.js";
import { checkLambda } from "./lambda.js";
import { descend } from "./weight-tree.js";
import { unknown, type Application, type LabelMeaning, type Meaning } from "./meaning.js";
import { describe } from "./numbers.js";
import { ownLabels } from "./own-labels.js";
import { requireFacts } from "./require.js";
import { mark, noteAxes, report, type Scope } from "./scope.js";
import { checkNames, kindsOf, readSetting } from "./settings.js";
import {
  bindAxes,
  checkAxes,
  checkResult,
  enterAxes,
  insideRest,
  leaveAxes,
  asDeclared,
  type Matching,
} from "./signature.js";
import { declareWeights, readBody } from "./statements.js";
import { emitCallOf } from "./emit-call.js";
import { isDType, printType, resolveType } from "./types.js";

/** `attn: Attention{heads}(mask: causal)` with a piped value, or without one. */
export function applyBlock(scope: Scope, stage: Apply, piped: Meaning): Meaning {
  const name = stage.block.name;
  const label = readLabel(scope, stage);
  if (label === "error") return unknown;
  const resolved = resolveBlock(scope, name, stage.block.span, stage.settings);
  if (!resolved) return unknown;
  const place = label
    ? descend(scope, label.segments, resolved.declaration.name.name, stage.span)
    : { tree: scope.tree, path: [] };
  if (!place) return unknown;
  const application: Application = {
    block: name,
    settings: stage.settings,
    file: scope.file,
    span: stage.span,
    labels: new Map(),
    ...place,
  };
  if (label && !sameLayer(scope, application, label.text)) return unknown;
  if (label) scope.names.set(label.key, { kind: "label", name: label.text, application });
  if (piped.kind === "unknown") return unknown;
  return apply(scope, resolved, {
    application,
    label: label?.text,
    piped,
    arguments: stage.arguments ?? [],
    span: stage.span,
  });
}

/** `x |> shared`: the same weights again. */
export function applyLabel(scope: Scope, { name, application }: LabelMeaning, piped: Meaning, span: Span): Meaning {
  const resolved = resolveBlock({ ...scope, file: application.file }, application.block, span, application.settings);
  if (!resolved || piped.kind === "unknown") return unknown;
  return apply(scope, resolved, { application, label: name, piped, arguments: [], span });
}

const applied = new WeakMap<WeightTree, { readonly text: string; readonly place: Mark }>();

/** One address is one layer: used again it must be the same block with the same config. */
function sameLayer(scope: Scope, { tree, block, settings, span }: Application, label: string): boolean {
  const text = `${block}${settings ? sourceText(scope, settings.span) : ""}`;
  const known = applied.get(tree);
  if (!known) applied.set(tree, { text, place: mark(scope, span) });
  if (!known || known.text === text) return true;
  report(scope, "N111", { address: label, first: known.text }, span, {
    secondary: [{ ...known.place, label: "first used here" }],
    help: "give this layer a label of its own",
  });
  return false;
}

const sourceText = (scope: Scope, { start, end }: Span): string =>
  scope.file.text.slice(start, end).replace(/\s+/g, "");

interface LabelPlace {
  readonly key: string;
  readonly text: string;
  readonly segments: readonly (string | Dim)[];
}

function readLabel(scope: Scope, stage: Apply): LabelPlace | "error" | undefined {
  const { label } = stage;
  if (!label) return undefined;
  const text = printExpression(label);
  if (label.kind === "name" && scope.loop !== undefined && !scope.names.has(label.name)) {
    const help = `${label.name}[${scope.loop}] makes a layer for each turn, ${label.name}[0] shares one`;
    report(scope, "N110", { label: label.name, index: scope.loop }, label.span, { help });
    return "error";
  }
  if (label.kind === "name") return { key: label.name, text, segments: [label.name] };
  const key = labelKey(scope, label);
  if (
    key !== undefined &&
    label.kind === "subscript" &&
    label.object.kind === "name" &&
    label.items[0]?.kind === "expression-item"
  ) {
    const index = evaluate(scope, label.items[0].value);
    if (index.kind === "int") return { key, text, segments: [label.object.name, index.dim] };
  }
  report(scope, "T208", { expected: "a label: a name, or a name with one index", found: `\`${text}\`` }, label.span);
  return "error";
}

/** `h[0]` and `h[i]` are kept by name and index, so that the same address is the same layer. */
export function labelKey(scope: Scope, expression: Expression): string | undefined {
  if (expression.kind !== "subscript" || expression.object.kind !== "name") return undefined;
  const [item] = expression.items;
  if (item?.kind !== "expression-item" || expression.items.length > 1) return undefined;
  const { value: index } = item;
  // Only whole numbers can index layers; anything else is a look-up in a tensor and is read there.
  if (
    index.kind === "name"
      ? scope.names.get(index.name)?.kind !== "int"
      : index.kind !== "number" && index.kind !== "binary"
  )
    return undefined;
  if (scope.names.get(expression.object.name)?.kind === "tensor") return undefined;
  const meaning = evaluate(scope, index);
  return meaning.kind === "int"
    ? `${expression.object.name}[${dimKey(concrete(scope.context, meaning.dim))}]`
    : undefined;
}

interface Resolved {
  readonly declaration: BlockDeclaration;
  readonly file: SourceFile;
  /** Entries by name, each with the scope it is to be read in. */
  readonly settings: Map<string, { readonly setting: Setting; readonly from: Scope }>;
}

/** The block behind a name, through aliases, whose settings the user's own override. */
function resolveBlock(scope: Scope, name: string, span: Span, settings: Settings | undefined): Resolved | undefined {
  const given = scope.names.get(name);
  const from = given?.kind === "block" ? given.scope : scope;
  const found = lookup(scope.context.program, from.file, given?.kind === "block" ? given.name : name);
  const collected: Resolved["settings"] = new Map();
  const collect = (entries: Settings | undefined, where: Scope): void => {
    for (const setting of entries?.entries ?? [])
      if (!collected.has(setting.name.name)) collected.set(setting.name.name, { setting, from: where });
  };
  collect(settings, scope);
  if (given?.kind === "block") collect(given.settings, given.scope);
  let current: Declared | undefined = found;
  for (let steps = 0; current?.declaration.kind === "alias"; steps++) {
    const file: SourceFile = current.file;
    collect(current.declaration.settings, globalScope(scope, file));
    if (steps > 50) {
      report(scope, "N109", { name }, span);
      return undefined;
    }
    current = lookup(scope.context.program, file, current.declaration.target.name);
  }
  if (current?.declaration.kind !== "block") {
    if (scope.file.lost.has(name)) return undefined;
    const blocks = namesInScope(scope.context.program, scope.file).filter((n) => /^[A-Z]/.test(n));
    const near = closest(name, blocks);
    report(scope, "N102", { name }, span, { ...(near !== undefined && { label: `did you mean ${near}?` }) });
    return undefined;
  }
  const { declaration } = current;
  if (scope.blocks.includes(declaration.name.name)) {
    report(scope, "N109", { name: declaration.name.name }, span);
    return undefined;
  }
  checkNames(
    scope,
    declaration.name.name,
    declaration.parameters,
    [...collected.values()].map(({ setting }) => setting),
  );
  return { declaration, file: current.file, settings: collected };
}

interface Use {
  readonly application: Application;
  readonly label: string | undefined;
  readonly piped: Meaning;
  readonly arguments: NonNullable<Apply["arguments"]>;
  readonly span: Span;
}

function apply(scope: Scope, resolved: Resolved, at: Use): Meaning {
  const { declaration, file } = resolved;
  const { context } = scope;
  const name = declaration.name.name;
  const given = matchArguments(
    scope,
    name,
    declaration.inputs,
    { meaning: at.piped, span: at.span },
    at.arguments,
    declaration.parameters.map((p) => p.name.name),
  );
  if (!given) return unknown;
  const instance = context.mode === "instance";
  const builder = instance ? createBuilder(scope.builder) : scope.builder;
  const body: Scope = {
    ...globalScope(scope, file),
    owner: name,
    names: new Map(),
    ...outerSizes(scope),
    loop: undefined,
    builder,
    tree: at.application.tree,
    address:
      at.label === undefined
        ? `${scope.address} ${scope.file.name}:${at.span.start}`
        : at.application.path.map(String).join("."),
    blocks: [...scope.blocks, name],
    via: at.label === undefined ? scope.via : [...scope.via, at.label],
    site: scope.file.name.startsWith("std/") ? scope.site : mark(scope, at.span),
    order: undefined,
    result: { value: undefined, losses: [] },
  };
  const matching: Matching = {
    callee: body,
    labels: new Map(),
    named: new Map(),
    variables: new Set(declaration.variables.map((v) => v.name)),
    rest: undefined,
  };
  const failures = context.problems.length;

  const meanings = readTensors(scope, matching, declaration, given, at);
  if (!meanings) return unknown;
  const entered: Scope = { ...body, rest: insideRest(matching.rest ?? [], ownLabels(declaration)) };
  const inside: Matching = { ...matching, callee: entered };
  if (!readSettings(scope, entered, inside, resolved, at.span)) return unknown;
  const operands = enterInputs(scope, entered, inside, declaration, meanings, at);
  if (!operands) return unknown;
  if (!requireFacts(scope, entered, name, declaration.where, at.span)) return unknown;
  if (!declaration.result) {
    report(scope, "U901", { what: `a block without a result type (${name})` }, at.span);
    return unknown;
  }
  const declared = resolveType(entered, declaration.result);
  if (!declared) return unknown;
  for (const [own, label] of matching.labels) at.application.labels.set(own, label);
  const axes = leaveAxes(inside, declared.axes);
  if (!instance) {
    declareWeights(entered, declaration.body);
    return { kind: "tensor", value: value(scope.builder, at.label ?? "y", declared.dtype, axes) };
  }
  const result = readInstance(entered, declaration, file, declared);
  if (!result || context.problems.length > failures) return unknown;
  return { kind: "tensor", value: emitCall(scope, entered, declaration, result, operands, at, axes) };
}

/** Tensor arguments are read first: they bind the shape variables that everything else may mention. */
function readTensors(
  scope: Scope,
  matching: Matching,
  declaration: BlockDeclaration,
  given: ReadonlyMap<string, Given>,
  at: Use,
): Map<string, { meaning: Meaning; span: Span }> | undefined {
  const meanings = new Map<string, { meaning: Meaning; span: Span }>();
  for (const input of declaration.inputs) {
    const found = given.get(input.name.name);
    if (!found || !isDType(input.type.name.name)) continue;
    const span = found.kind === "piped" ? at.span : found.argument.value.span;
    const meaning = found.kind === "piped" ? found.meaning : evaluate(scope, found.argument.value);
    if (meaning.kind === "unknown") return undefined;
    if (input.type.axes && meaning.kind !== "tensor") {
      const index = declaration.inputs.find(({ type }) => meaning.kind === "lambda" && type.name.name === meaning.of);
      const help = index && `pass it by name: ${index.name.name}: ...`;
      report(
        scope,
        "T208",
        { expected: `a tensor for \`${input.name.name}\` of ${declaration.name.name}`, found: describe(meaning.kind) },
        span,
        { help },
      );
      return undefined;
    }
    if (meaning.kind === "tensor") {
      if (meaning.value.type.dtype !== input.type.name.name) {
        report(
          scope,
          "D401",
          {
            what: `${declaration.name.name} needs ${input.type.name.name} for \`${input.name.name}\`, this is ${meaning.value.type.dtype}`,
          },
          span,
          {
            label: printType(meaning.value.type),
            secondary: [mark(matching.callee, input.type.span, "declared here")],
          },
        );
        return undefined;
      }
      if (!bindAxes(scope, matching, input, meaning.value.type, span)) return undefined;
    }
    meanings.set(input.name.name, { meaning, span });
  }
  return meanings;
}

/** Config entries in the order they are declared, so that defaults may build on earlier ones. */
function readSettings(
  scope: Scope,
  body: Scope,
  matching: Matching,
  { declaration, settings }: Resolved,
  span: Span,
): boolean {
  const kinds = kindsOf(scope.context.program, matching.callee.file, declaration);
  const entries = new Map<string, Meaning>();
  for (const parameter of declaration.parameters) {
    const name = parameter.name.name;
    const given = settings.get(name);
    const kind = kinds.get(name) ?? "int";
    let meaning: Meaning | undefined;
    if (given) {
      const from = given.from === scope ? scope : { ...given.from, via: scope.via };
      meaning = readSetting(from, declaration.name.name, parameter, kind, given.setting.value);
      if (meaning.kind === "int") matching.labels.set(name, meaning.label ?? "");
      // Inside, the entry is known by its own name, which labels axes of that size.
      if (meaning.kind === "int") meaning = { kind: "int", dim: meaning.dim, label: name };
      if (meaning.kind === "block") meaning = { ...meaning, scope: frozen(from) };
    } else if (parameter.fallback) {
      meaning = readSetting(body, declaration.name.name, parameter, kind, parameter.fallback);
      if (meaning.kind === "int") meaning = { kind: "int", dim: meaning.dim, label: name };
    }
    if (!meaning) {
      report(scope, "N108", { name, callee: declaration.name.name }, span, {
        help: `pass it: ${declaration.name.name}{${name}: ...}`,
      });
      return false;
    }
    if (meaning.kind === "unknown" && kind !== "block") return false;
    body.names.set(name, meaning);
    entries.set(name, meaning);
  }
  body.names.set("cfg", { kind: "settings", entries });
  return true;
}

/** Binds inputs inside the callee; in an instance each tensor becomes a parameter of its function. Gives the caller's operands. */
function enterInputs(
  scope: Scope,
  body: Scope,
  matching: Matching,
  declaration: BlockDeclaration,
  meanings: ReadonlyMap<string, { meaning: Meaning; span: Span }>,
  at: Use,
): Map<Value, Value> | undefined {
  const operands = new Map<Value, Value>();
  const given = matchArguments(
    scope,
    declaration.name.name,
    declaration.inputs,
    { meaning: at.piped, span: at.span },
    at.arguments,
    declaration.parameters.map((p) => p.name.name),
  );
  for (const input of declaration.inputs) {
    const name = input.name.name;
    const found = meanings.get(name);
    if (found?.meaning.kind === "tensor" && input.type.axes) {
      const type = found.meaning.value.type;
      if (!checkAxes(scope, matching, declaration.name.name, input, type, found.span)) return undefined;
      const outside = use(scope.builder, found.meaning.value);
      const axes = enterAxes(matching, input, outside);
      noteAxes(body, axes, (a, b) => equalDims(scope.context, a, b) === "yes");
      const parameter = value(body.builder, name, type.dtype, axes);
      operands.set(parameter, outside);
      body.names.set(name, { kind: "tensor", value: parameter, index: found.meaning.index });
      continue;
    }
    const written = given?.get(name);
    const meaning = found?.meaning ?? readOther(scope, body, input, written);
    if (meaning?.kind === "lambda" && written && scope.context.mode === "definition")
      checkLambda(scope, body, input, meaning);
    if (!meaning) {
      report(scope, "N108", { name, callee: declaration.name.name }, at.span);
      return undefined;
    }
    if (meaning.kind === "unknown") return undefined;
    if (meaning.kind === "tensor" && !found && input.type.axes && isDType(input.type.name.name)) {
      if (!bindAxes(body, matching, input, meaning.value.type, input.span)) return undefined;
      noteAxes(body, meaning.value.type.axes, (a, b) => equalDims(scope.context, a, b) === "yes");
    }
    body.names.set(name, meaning);
  }
  return operands;
}

/** Inputs that are not tensors: masks and scores stay expressions of the caller; functions and numbers are read there. */
function readOther(scope: Scope, body: Scope, input: Input, given: Given | undefined): Meaning | undefined {
  const kind = input.type.name.name;
  if (kind === "mask" || kind === "score") {
    const expression = given?.kind === "written" ? given.argument.value : input.fallback;
    if (!expression) return undefined;
    return { kind: "lambda", of: kind, expression, scope: frozen(given ? scope : body) };
  }
  if (given?.kind === "written") {
    const meaning = evaluate(scope, given.argument.value);
    if (meaning.kind !== "unknown" && !fitsKind(kind, meaning)) {
      report(
        scope,
        "D401",
        { what: `${body.owner} needs ${kind} for \`${input.name.name}\`, this is ${describe(meaning.kind)}` },
        given.argument.value.span,
      );
      return unknown;
    }
    return meaning.kind === "function" && !meaning.scope ? { ...meaning, scope: frozen(scope) } : meaning;
  }
  if (given?.kind === "piped") return given.meaning;
  return input.fallback && evaluate(body, input.fallback);
}

/** The callee's body as a function of the graph. */
function readInstance(
  body: Scope,
  declaration: BlockDeclaration,
  file: SourceFile,
  declared: { dtype: Value["type"]["dtype"]; axes: readonly Axis[] },
): Value | undefined {
  declareWeights(body, declaration.body);
  const fused = intrinsicBlock(body, declaration, file);
  const result = fused ?? readBody(body, declaration.body);
  if (result.kind !== "tensor") return undefined;
  const at = declaration.body.statements.at(-1)?.span ?? declaration.span;
  const found = use(body.builder, result.value);
  if (!checkResult(body, declared, found, at, declaration.result?.span ?? declaration.span)) return undefined;
  return asDeclared(body, declared, found);
}

function emitCall(
  scope: Scope,
  body: Scope,
  declaration: BlockDeclaration,
  result: Value,
  operands: ReadonlyMap<Value, Value>,
  at: Use,
  axes: readonly Axis[],
): Value {
  const path: WeightPath = at.label === undefined ? [] : at.application.path;
  const name = at.label?.replace(/\[.*/, "") ?? declaration.name.name.toLowerCase();
  const made = {
    name: declaration.name.name,
    role: declaration.keyword,
    doc: declaration.doc,
    parameters: [...operands.keys()],
    body: body.builder.nodes,
    result,
  };
  return emitCallOf(
    scope,
    body,
    made,
    [...operands.values()],
    path,
    value(scope.builder, name, result.type.dtype, axes),
  );
}
