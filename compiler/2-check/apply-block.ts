/** Blocks put to use: matched by signature; at a definition that is all, in an instance the body is read and becomes a function. */
import type { Apply, BlockDeclaration, Input, Setting, Settings, Span } from "../../grammar/ast.js";
import { lookup, namesInScope, type Declared, type SourceFile } from "../1-resolve/program.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import type { Value } from "../ir/graph.js";
import { asConfig, matchArguments, type ConfigEntries, type Given } from "./arguments.js";
import { follow } from "./effort.js";
import { createBuilder, use, value } from "./builder.js";
import { fitsKind, frozen, outerSizes } from "./call-function.js";
import { branchTaken } from "./conditions.js";
import { equalDims } from "./decide.js";
import { applyAnyBlock, enteredBlock, type EnteredBlock } from "./entered-block.js";
import { evaluate, globalScope } from "./expressions.js";
import { laterEntry } from "./entry-order.js";
import { changedShape } from "./keeps-shape.js";
import { functionInstead } from "./function-instead.js";
import { intrinsicBlock } from "./intrinsics.js";
import { readLabel, sameLayer } from "./layer-label.js";
import { checkLambda, outsideLabels } from "./lambda.js";
import { descend } from "./weight-tree.js";
import { configured, inserted, sourceOf } from "./mend/mend.js";
import { mendDType } from "./mend/input.js";
import { unknown, type Application, type LabelMeaning, type Meaning } from "./meaning.js";
import { describe } from "./numbers.js";
import { ownLabels } from "./own-labels.js";
import { readOnce, type Made } from "./read-once.js";
import { requireFacts } from "./require.js";
import { sameShape } from "./same-shape.js";
import { asMeaning, returnedValues } from "./results.js";
import { mark, noOutcome, noteAxes, report, siteOf, type Scope } from "./scope.js";
import { settle } from "./settle.js";
import { kindsIn } from "./kinds.js";
import { numberAsTensor } from "./scalars.js";
import { checkNames, readSetting } from "./settings.js";
import { bindAxes, checkAxes, enterAxes, insideRest, leaveAxes, type Matching } from "./signature.js";
import { declareWeights, readBody } from "./statements.js";
import { emitCall, finishCallee } from "./emit-call.js";
import { writtenInSetting } from "./written.js";
import { isDType, printType, resolveType } from "./types.js";

/** `attn: Attention{heads}(mask: causal)` with a piped value, or without one. */
export function applyBlock(scope: Scope, stage: Apply, piped: Meaning, pipedAt?: Span): Meaning {
  const name = stage.block.name;
  const label = readLabel(scope, stage);
  if (label === "error") return unknown;
  const given = enteredBlock(scope, name);
  const isAny = given !== undefined && given.name === undefined;
  const resolved = isAny ? undefined : resolveBlock(scope, name, stage.block.span, stage.settings, stage);
  if (!resolved && !isAny) return unknown;
  const place = label
    ? descend(scope, label.segments, name, stage.span, label.counter)
    : { tree: scope.tree, path: [] };
  if (!place) return unknown;
  const application: Application = {
    block: name,
    blockSpan: stage.block.span,
    settings: stage.settings,
    file: scope.file,
    span: stage.span,
    labels: new Map(),
    ...place,
  };
  if (label && !sameLayer(scope, application, label.text)) return unknown;
  if (label) scope.names.set(label.key, { kind: "label", name: label.text, application });
  if (!resolved) return applyAnyBlock(scope, stage, piped);
  if (piped.kind === "unknown") return unknown;
  const result = apply(scope, resolved, {
    application,
    label: label?.text,
    piped,
    arguments: stage.arguments ?? [],
    span: stage.span,
    pipedAt,
  });
  return given && !keepsShape(scope, stage, given, piped, result) ? unknown : result;
}

/** What a definition took for granted of a block that it is given. */
function keepsShape(
  scope: Scope,
  { block, span }: Apply,
  { at }: EnteredBlock,
  piped: Meaning,
  result: Meaning,
): boolean {
  if (piped.kind !== "tensor" || result.kind !== "tensor") return result.kind !== "unknown";
  if (sameShape(scope, piped.value.type, result.value.type)) return true;
  const what = `${block.name} must keep the shape: it makes ${printType(result.value.type)} of ${printType(piped.value.type)}`;
  report(scope, "T202", { what }, at ?? span, { secondary: at ? [mark(scope, span, "applied here")] : [] });
  return false;
}

/** `x |> shared`: the same weights again. */
export function applyLabel(
  scope: Scope,
  { name, application }: LabelMeaning,
  piped: Meaning,
  span: Span,
  pipedAt?: Span,
): Meaning {
  const there = { ...scope, file: application.file };
  const given = enteredBlock(there, application.block);
  if (given && given.name === undefined)
    return applyAnyBlock(scope, { kind: "apply", block: { kind: "identifier", name, span }, span }, piped);
  const resolved = resolveBlock(there, application.block, span, application.settings);
  if (!resolved || piped.kind === "unknown") return unknown;
  return apply(scope, resolved, { application, label: name, piped, arguments: [], span, pipedAt });
}

interface Resolved {
  readonly declaration: BlockDeclaration;
  readonly file: SourceFile;
  /** Entries by name, each with the scope it is to be read in. */
  readonly settings: Map<string, { readonly setting: Setting; readonly from: Scope }>;
  /** Whether the block has every entry that is given: if not, an entry that is missing may be one that was misspelt. */
  readonly known: boolean;
  /** The definitions that are being read once it is. */
  readonly following: Scope["following"];
}

/** The block behind a name, through aliases, whose settings the user's own override. */
function resolveBlock(
  scope: Scope,
  name: string,
  span: Span,
  settings: Settings | undefined,
  stage?: Apply,
): Resolved | undefined {
  const given = enteredBlock(scope, name);
  const from = given?.scope ?? scope;
  const found = lookup(scope.context.program, from.file, given?.name ?? name);
  const collected: Resolved["settings"] = new Map();
  const collect = (entries: Settings | undefined, where: Scope): void => {
    for (const setting of entries?.entries ?? [])
      if (!collected.has(setting.name.name)) collected.set(setting.name.name, { setting, from: where });
  };
  collect(settings, scope);
  for (const earlier of given?.settings ?? []) collect(earlier.settings, earlier.scope);
  let current: Declared | undefined = found;
  let aliases: Scope["following"] | undefined = scope.following;
  while (current?.declaration.kind === "alias") {
    const file: SourceFile = current.file;
    collect(current.declaration.settings, globalScope(scope, file));
    aliases = follow(scope, current.declaration, span, aliases);
    if (!aliases) return undefined;
    current = lookup(scope.context.program, file, current.declaration.target.name);
  }
  if (current?.declaration.kind !== "block") {
    if (scope.file.lost.has(name)) return undefined;
    const blocks = namesInScope(scope.context.program, scope.file).filter((n) => /^[A-Z]/.test(n));
    const near = closest(name, blocks);
    const instead = functionInstead(scope, name, stage);
    report(scope, "N102", { name }, span, instead ?? didYouMean(mark(scope, span), near));
    return undefined;
  }
  const { declaration } = current;
  const following = follow(scope, declaration, span, aliases);
  if (!following) return undefined;
  const written = [...collected.values()];
  // Each is blamed where it is written: an alias may stand in another file.
  const known = [...new Set(written.map(({ from }) => from))]
    .map((where) => written.filter(({ from }) => from === where))
    .map((own) =>
      checkNames(
        own[0]?.from ?? scope,
        declaration.name.name,
        declaration.parameters,
        own.map(({ setting }) => setting),
      ),
    )
    .every((each) => each);
  return { declaration, file: current.file, settings: collected, known, following };
}

function configEntries(scope: Scope, { declaration, settings }: Resolved, at: Application): ConfigEntries {
  return {
    names: declaration.parameters.map(({ name }) => name.name),
    due: declaration.parameters.flatMap(({ name, fallback }) =>
      fallback || settings.has(name.name) ? [] : [name.name],
    ),
    add: (entry) => configured(scope, at.settings, at.blockSpan, entry),
  };
}

interface Use {
  readonly application: Application;
  readonly label: string | undefined;
  readonly piped: Meaning;
  /** Where what is piped was written. */
  readonly pipedAt: Span | undefined;
  readonly arguments: NonNullable<Apply["arguments"]>;
  readonly span: Span;
}

function apply(scope: Scope, resolved: Resolved, at: Use): Meaning {
  const { declaration, file } = resolved;
  const { context } = scope;
  const name = declaration.name.name;
  const config = configEntries(scope, resolved, at.application);
  const piped = { meaning: at.piped, span: at.span, at: at.pipedAt };
  const given = matchArguments(scope, name, declaration.inputs, piped, at.arguments, config);
  if (!given) return unknown;
  const instance = context.mode === "instance";
  const builder = instance ? createBuilder(scope.builder) : scope.builder;
  const body: Scope = {
    ...scope,
    file,
    owner: name,
    names: new Map(),
    rest: [],
    ...outerSizes(scope),
    loop: undefined,
    yields: undefined,
    builder,
    tree: at.application.tree,
    address:
      at.label === undefined
        ? `${scope.address} ${scope.file.name}:${at.span.start}`
        : at.application.path.map(String).join("."),
    following: resolved.following,
    via: at.label === undefined ? scope.via : [...scope.via, at.label],
    site: siteOf(scope, at.span),
    order: undefined,
    outcome: noOutcome(),
  };
  const matching: Matching = {
    callee: body,
    labels: new Map(),
    named: new Map(),
    variables: new Set(declaration.variables.map((v) => v.name)),
    rest: undefined,
  };
  const failures = context.problems.length;

  const meanings = readTensors(scope, matching, declaration, given, at, config);
  if (!meanings) return unknown;
  const entered: Scope = { ...body, rest: insideRest(matching.rest ?? [], ownLabels(declaration)) };
  const inside: Matching = { ...matching, callee: entered };
  if (!readSettings(scope, entered, inside, resolved, at.application)) return unknown;
  const operands = enterInputs(scope, entered, inside, declaration, given, meanings, at.span);
  if (!operands) return unknown;
  if (!requireFacts(scope, entered, name, declaration.where, at.span)) return unknown;
  if (!instance && !settle(scope, entered, { declaration, file }, { ...at, given, settings: resolved.settings }))
    return unknown;
  const declared = declaration.results.flatMap((type) => resolveType(entered, type) ?? []);
  // A signature that says less than it must has had its diagnostic.
  if (declared.length < declaration.results.length || declared.length === 0) return unknown;
  for (const [own, label] of matching.labels) at.application.labels.set(own, label);
  const label = at.label?.replace(/\[.*/, "");
  const outs = declared.map(({ dtype, axes }) =>
    value(scope.builder, label ?? (instance ? name.toLowerCase() : "y"), dtype, leaveAxes(inside, axes)),
  );
  if (!instance) declareWeights(entered, declaration.body);
  else {
    const use = { isLabelled: at.label !== undefined, parameters: operands };
    const made = readOnce(entered, declaration, use, () =>
      readInstance(entered, { declaration, file }, operands, failures),
    );
    if (!made) return unknown;
    emitCall(scope, made, [...operands.values()], at.label === undefined ? [] : at.application.path, outs);
  }
  return asMeaning(outs.map((out) => ({ kind: "tensor", value: out })));
}

/** Tensor arguments are read first: they bind the shape variables that everything else may mention. */
function readTensors(
  scope: Scope,
  matching: Matching,
  declaration: BlockDeclaration,
  given: ReadonlyMap<string, Given>,
  at: Use,
  config: ConfigEntries,
): Map<string, { meaning: Meaning; span: Span }> | undefined {
  const meanings = new Map<string, { meaning: Meaning; span: Span }>();
  for (const input of declaration.inputs) {
    const found = given.get(input.name.name);
    if (!found || !isDType(input.type.name.name)) continue;
    const span = found.kind === "piped" ? at.span : found.argument.value.span;
    const read = found.kind === "piped" ? found.meaning : evaluate(scope, found.argument.value);
    const meaning = numberAsTensor(scope, read, input.type, span);
    if (meaning.kind === "unknown") return undefined;
    if (input.type.axes && meaning.kind !== "tensor") {
      const index = declaration.inputs.find(({ type }) => meaning.kind === "lambda" && type.name.name === meaning.of);
      const mend =
        index && found.kind === "written"
          ? {
              help: `pass it by name: \`${index.name.name}: ${sourceOf(scope, span)}\``,
              fixes: [inserted(scope, span.start, `${index.name.name}: `)],
            }
          : ["int", "real", "bool"].includes(meaning.kind) && found.kind === "written" && config
            ? asConfig(scope, declaration.name.name, found.argument, at.arguments, config)
            : {};
      report(
        scope,
        "T208",
        { expected: `a tensor for \`${input.name.name}\` of ${declaration.name.name}`, found: describe(meaning.kind) },
        span,
        mend,
      );
      return undefined;
    }
    if (meaning.kind === "tensor") {
      if (isDType(input.type.name.name) && meaning.value.type.dtype !== input.type.name.name) {
        const { at: blamed, ...mend } = mendDType(scope, meaning.value, input.type.name.name, span);
        report(
          scope,
          "D401",
          {
            what: `${declaration.name.name} needs ${input.type.name.name} for \`${input.name.name}\`, this is ${meaning.value.type.dtype}`,
          },
          blamed ?? mark(scope, span, printType(meaning.value.type)),
          {
            secondary: [
              ...(blamed ? [mark(scope, span, printType(meaning.value.type))] : []),
              mark(matching.callee, input.type.span, `${input.type.name.name} is due here`),
            ],
            ...mend,
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
  { declaration, settings, known }: Resolved,
  { settings: written, blockSpan }: Application,
): boolean {
  const kinds = kindsIn(scope.context, matching.callee.file, declaration);
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
      if (meaning.kind === "int")
        meaning = { kind: "int", dim: writtenInSetting(from, given.setting, meaning.dim), label: name };
      const changed =
        meaning.kind === "block" && scope.context.mode === "definition" ? changedShape(from, meaning) : undefined;
      if (changed !== undefined) {
        report(from, "T202", { what: `${name} must keep the shape: ${changed}` }, given.setting.value.span);
        return false;
      }
      // A block that is only passed on stays what it was where it was written.
      if (meaning.kind === "block" && meaning.scope === from) meaning = { ...meaning, scope: frozen(from) };
    } else if (parameter.fallback && laterEntry(declaration.parameters, parameter)) {
      return false; // Its declaration has had its diagnostic.
    } else if (parameter.fallback) {
      meaning = readSetting(body, declaration.name.name, parameter, kind, parameter.fallback);
      if (meaning.kind === "int") meaning = { kind: "int", dim: meaning.dim, label: name };
    }
    if (!meaning) {
      if (!known) return false;
      const pun = scope.names.get(name)?.kind === "int";
      report(scope, "N108", { name, callee: declaration.name.name }, blockSpan, {
        help: `pass it: ${declaration.name.name}{${name}${pun ? "" : ": ..."}}`,
        fixes: pun ? [configured(scope, written, blockSpan, name)] : [],
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
  given: ReadonlyMap<string, Given>,
  meanings: ReadonlyMap<string, { meaning: Meaning; span: Span }>,
  span: Span,
): Map<Value, Value> | undefined {
  const operands = new Map<Value, Value>();
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
    const written = given.get(name);
    const other = found?.meaning ?? readOther(scope, body, input, written);
    const outside = other?.kind === "lambda" && written ? outsideLabels(body.rest, matching.rest ?? []) : undefined;
    const meaning = other?.kind === "lambda" && outside ? { ...other, outside } : other;
    if (meaning?.kind === "lambda" && written && scope.context.mode === "definition")
      checkLambda(scope, body, input, meaning);
    if (!meaning) {
      report(scope, "N108", { name, callee: declaration.name.name }, span);
      return undefined;
    }
    if (meaning.kind === "unknown") return undefined;
    if (meaning.kind === "tensor" && !found && input.type.axes && isDType(input.type.name.name)) {
      // A default is an expression of the callee's own: its `..` has the labels that it has inside.
      const within = matching.rest ? { ...matching, rest: body.rest } : matching;
      if (!bindAxes(body, within, input, meaning.value.type, input.span)) return undefined;
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
    const from = given ? scope : body;
    // Who observes is told of the whole.
    const isWhole = scope.context.mode === "definition" || scope.context.observe !== undefined;
    const taken = isWhole ? expression : branchTaken(from, expression);
    return { kind: "lambda", of: kind, expression: taken, scope: frozen(from) };
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

/** The callee's body as a function of the graph. Undefined where more than `failures` problems are found by then. */
function readInstance(
  body: Scope,
  { declaration, file }: Declared<BlockDeclaration>,
  operands: ReadonlyMap<Value, Value>,
  failures: number,
): Made | undefined {
  declareWeights(body, declaration.body);
  const fused = intrinsicBlock(body, declaration, file);
  const meanings = fused ? [fused] : readBody(body, declaration.body);
  const at = declaration.body.statements.at(-1)?.span ?? declaration.span;
  const results = returnedValues(body, declaration.results, meanings, at)?.values;
  if (!results || body.context.problems.length > failures) return undefined;
  return finishCallee(body, {
    name: declaration.name.name,
    role: declaration.keyword,
    doc: declaration.doc,
    parameters: [...operands.keys()],
    body: body.builder.nodes,
    results,
  });
}
