/** Reads definitions for all configurations and sizes at once. */
import type {
  BlockDeclaration,
  Declaration,
  Expression,
  FunctionDeclaration,
  Identifier,
  Input,
  Span,
  TaskDeclaration,
  Type,
} from "../../grammar/ast.js";
import { lookup, type Declared, type Program, type SourceFile } from "../1-resolve/program.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { closest } from "../diagnostics/suggest.js";
import { asAtom, atom, noFacts, variable, type Atom, type Dim } from "../shapes/index.js";
import { createBuilder, value } from "./builder.js";
import { effortFor } from "./effort.js";
import { noteDeclared } from "./declared-at.js";
import type { Ending } from "./ending.js";
import { dataEntry } from "./entries.js";
import { evaluate } from "./expressions.js";
import { readIndex } from "./index-definition.js";
import { unknown, type Meaning } from "./meaning.js";
import { alwaysGiven } from "./mend/input.js";
import { noReadings } from "./readings.js";
import { assumeFacts } from "./require.js";
import { declareSize, inner, mark, noOutcome, noteAxes, report, type Context, type Scope } from "./scope.js";
import { kindsIn } from "./kinds.js";
import { symbol } from "./settings.js";
import { compareReturns } from "./results.js";
import { readBody } from "./statements.js";
import { noSummary, summarise, type Summary } from "./summaries.js";
import { isDType, resolveType } from "./types.js";
import { emptyTree, remember } from "./weight-tree.js";
import { equalDims } from "./decide.js";
import { checkEntryOrder } from "./entry-order.js";
import type { Problem } from "../diagnostics/problem.js";
import type { ValueType } from "../ir/graph.js";

/** What was read of a declaration. */
export interface Definite {
  /** What it leaves open to those who use it. */
  readonly summary: Summary;
  /** Of a model. */
  readonly ending?: Ending;
}

/** Reads a declaration for all configurations and sizes at once. `ending`: of the model whose task it is, if that is known. */
export function readDeclaration(
  context: Context,
  file: SourceFile,
  declaration: Declaration,
  ending?: Ending,
): Definite {
  const { outer } = context;
  const scopeOf = (name: Identifier): Scope => createScope(context, file, name.name, outer);
  switch (declaration.kind) {
    case "block":
      return readDefinition(scopeOf(declaration.name), declaration);
    case "function":
      readFunction(scopeOf(declaration.name), declaration);
      break;
    case "index": {
      const scope = scopeOf(declaration.name);
      readIndex(scope, declaration, (input) => inputMeaning(scope, input));
      break;
    }
    case "task":
      readTask(context, file, declaration, ending);
      break;
    case "alias":
      checkModelName(scopeOf(declaration.name), declaration.target);
      break;
    case "config":
      checkModelName(scopeOf(declaration.name), declaration.model);
      break;
    default:
      break;
  }
  return { summary: noSummary };
}

export function outerAtoms(program: Program, atomOf: typeof atom = atom): Map<string, Atom> {
  const names = new Set<string>();
  for (const { declaration } of program.library.values())
    if (declaration.kind === "outer") names.add(declaration.name.name);
  for (const file of program.files.values()) for (const name of file.outer) names.add(name);
  return new Map([...names].map((name) => [name, atomOf(name, "axis")]));
}

export function createContext(
  program: Program,
  mode: Context["mode"],
  problems: Problem[],
  outer: Map<string, Atom>,
  isBlock = false,
  summaryOf: Context["summaryOf"] = () => noSummary,
): Context {
  return {
    program,
    mode,
    isBlock,
    problems,
    numbers: new Map(),
    origins: new Map(),
    bounds: new Map(),
    readings: noReadings(),
    outer,
    intrinsics: true,
    choices: new Map(),
    effort: effortFor(program),
    turns: { left: 2048 },
    preferred: new Map(),
    duties: { obligations: [], granted: new Set(), declared: 0, reader: undefined },
    summaryOf,
    kinds: new Map(),
    shapes: undefined,
    observe: undefined,
    facts: noFacts,
  };
}

export function createScope(
  context: Context,
  file: SourceFile,
  owner: string,
  outer: ReadonlyMap<string, Atom>,
): Scope {
  return {
    context,
    file,
    owner,
    names: new Map(),
    sizes: new Map<string, Dim>([...outer].map(([name, a]) => [name, variable(a)])),
    axes: new Map<string, Dim>([...outer].map(([name, a]) => [name, variable(a)])),
    loop: undefined,
    yields: undefined,
    rest: [],
    builder: createBuilder(undefined),
    tree: emptyTree(),
    address: "",
    via: [],
    site: undefined,
    following: [],
    order: undefined,
    inLoss: false,
    outcome: noOutcome(),
  };
}

function checkModelName(scope: Scope, name: { name: string; span: { start: number; end: number } }): void {
  const found = lookup(scope.context.program, scope.file, name.name)?.declaration;
  if (found?.kind === "block" || found?.kind === "alias" || scope.file.lost.has(name.name)) return;
  const near = closest(name.name, [...scope.file.declarations.keys()]);
  report(scope, "N102", { name: name.name }, name.span, didYouMean(mark(scope, name.span), near));
}

/** Fills the scope with symbols for everything that a call or a config will decide, and reads the body. */
function readDefinition(scope: Scope, declaration: BlockDeclaration): Definite {
  const entered = enterDefinition(scope, declaration);
  const own = new Map(entered.names);
  readBody(entered, declaration.body);
  const { facts } = scope.context;
  compareReturns(entered, declaration, entered.outcome.returns);
  const summary = summarise(entered, own);
  return declaration.keyword === "model" ? { summary, ending: { scope: entered, facts } } : { summary };
}

/** No name may stand twice in one signature. */
function checkDistinct(
  scope: Scope,
  groups: readonly (readonly { readonly name: Identifier | string; readonly span: Span }[])[],
): void {
  for (const group of groups) {
    const seen = new Map<string, Span>();
    for (const { name, span } of group) {
      const text = typeof name === "string" ? name : name.name;
      const first = seen.get(text);
      if (first)
        report(scope, "N104", { name: text }, span, { secondary: [mark(scope, first, "first declared here")] });
      else seen.set(text, span);
    }
  }
}

/** `..` stands once in a type, and in a result only where an input says what it is. */
function checkRest(scope: Scope, { inputs, results }: BlockDeclaration): void {
  for (const { axes } of [...inputs.map(({ type }) => type), ...results]) {
    const second = (axes ?? []).filter(({ kind }) => kind === "rest")[1];
    if (second) report(scope, "T208", { expected: "one `..` in a type", found: "a second" }, second.span);
  }
  const rest = results.flatMap(({ axes }) => axes ?? []).find(({ kind }) => kind === "rest");
  if (rest && !usesRest(inputs))
    report(scope, "T208", { expected: "an input with `..`, which says what it is here", found: "none" }, rest.span);
}

/** Every size of a model is read off its inputs, so each must stand alone as an axis of one that is always there. */
function checkSizes(scope: Scope, declaration: BlockDeclaration): void {
  if (declaration.keyword !== "model") return;
  const bare = new Set(declaration.inputs.flatMap(bareAxes));
  const told = new Set(declaration.inputs.filter((input) => !mayBeMissing(input)).flatMap(bareAxes));
  const known = new Set(
    [...declaration.variables, ...declaration.parameters.map((each) => each.name)].map((each) => each.name),
  );
  // An axis that is misspelt is an unknown name, which is said where it stands.
  if ([...bare].some((name) => !known.has(name) && !scope.context.outer.has(name))) return;
  for (const { name, span } of declaration.variables) {
    if (told.has(name)) continue;
    const optional = declaration.inputs.find((input) => bareAxes(input).includes(name));
    report(scope, "T210", { size: name, model: declaration.name.name }, span, {
      secondary: optional ? [mark(scope, optional.span, "may be left out")] : [],
      ...(optional ? alwaysGiven(scope, optional) : { help: `give an input the axis \`${name}\`` }),
    });
  }
}

const bareAxes = ({ type }: Input): string[] =>
  (type.axes ?? []).flatMap((axis) => (axis.kind === "axis" && axis.dim.kind === "name" ? [axis.dim.name] : []));

/** Whether nothing has the input's axes where it is left out: a default that is a number takes any. */
const mayBeMissing = ({ fallback }: Input): boolean =>
  fallback?.kind === "boolean" || fallback?.kind === "number" || fallback?.kind === "unary";

function enterDefinition(scope: Scope, declaration: BlockDeclaration): Scope {
  checkDistinct(scope, [declaration.variables, declaration.parameters, declaration.inputs]);
  checkSizes(scope, declaration);
  checkRest(scope, declaration);
  checkEntryOrder(scope, declaration.parameters);
  for (const { name } of declaration.variables) declareSize(scope, name, variable(atom(name, "axis")));
  const kinds = kindsIn(scope.context, scope.file, declaration);
  const entries = new Map<string, Meaning>();
  for (const { name, fallback } of declaration.parameters) {
    const meaning = symbol(scope, name.name, kinds.get(name.name) ?? "int");
    entries.set(name.name, meaning);
    scope.names.set(name.name, meaning);
    preferDefault(scope, fallback, meaning);
  }
  scope.names.set("cfg", { kind: "settings", entries });
  const { context } = scope;
  const withRest = {
    ...scope,
    rest: usesRest(declaration.inputs) ? [{ label: "..", dim: variable(atom("..", "axis")) }] : [],
  };
  context.duties.reader = withRest;
  assumeFacts(withRest, declaration.where);
  context.duties.declared = context.facts.conditions.length;
  for (const parameter of declaration.parameters) if (parameter.fallback) checkDefault(withRest, parameter.fallback);
  bindInputs(withRest, declaration.inputs);
  return withRest;
}

/** Counterexamples are told with the defaults where they serve. */
function preferDefault({ context }: Scope, fallback: Expression | undefined, meaning: Meaning): void {
  const known = meaning.kind === "int" ? asAtom(meaning.dim) : undefined;
  if (known && fallback?.kind === "number" && !fallback.real) context.preferred.set(known, fallback.value);
}

/** A default that divides is checked where it is used, with the numbers of that use; here only its names are. */
function checkDefault(scope: Scope, fallback: Expression): void {
  const { context } = scope;
  const { facts } = context;
  const { obligations } = context.duties;
  const before = obligations.length;
  evaluate(scope, fallback);
  obligations.length = before;
  context.facts = facts;
}

const usesRest = (inputs: readonly Input[]): boolean =>
  inputs.some(({ type }) => type.axes?.some(({ kind }) => kind === "rest"));

function bindInputs(scope: Scope, inputs: readonly Input[]): void {
  for (const input of inputs) scope.names.set(input.name.name, inputMeaning(scope, input));
}

function inputMeaning(scope: Scope, input: Input): Meaning {
  const kind = input.type.name.name;
  if (kind === "mask" || kind === "score") {
    return { kind: "lambda", of: kind, expression: { kind: "missing", span: input.span }, scope };
  }
  if (kind === "fn") return { kind: "function", target: "any", axes: [], given: [], scope: undefined };
  if (kind === "int") return symbol(scope, input.name.name, "int");
  if (kind === "real") return symbol(scope, input.name.name, "real");
  if (kind === "string") return symbol(scope, input.name.name, "text");
  if (kind === "bool" && !input.type.axes) return symbol(scope, input.name.name, "bool");
  if (!isDType(kind)) {
    report(
      scope,
      "T208",
      { expected: "a type (f32, i32, bool, int, real, string, fn, mask, score, block)", found: `\`${kind}\`` },
      input.type.name.span,
    );
    return unknown;
  }
  const type = resolveType(scope, input.type);
  if (!type) return unknown;
  noteAxes(scope, type.axes, (a, b) => equalDims(scope.context, a, b) === "yes");
  const index = type.dtype === "i32" ? dataEntry(input.name.name) : undefined;
  const made = value(scope.builder, input.name.name, type.dtype, type.axes);
  noteDeclared(scope, made, input.span);
  return { kind: "tensor", value: made, index };
}

function readFunction(scope: Scope, declaration: FunctionDeclaration): void {
  for (const { name } of declaration.variables) declareSize(scope, name, variable(atom(name, "axis")));
  const entered = {
    ...scope,
    rest: usesRest(declaration.inputs) ? [{ label: "..", dim: variable(atom("..", "axis")) }] : [],
    inLoss: true,
  };
  assumeFacts(entered, declaration.where);
  bindInputs(entered, declaration.inputs);
  const { body } = declaration;
  if (body.kind === "body") {
    readBody(entered, body);
    return compareReturns(entered, declaration, entered.outcome.returns);
  }
  const meanings = [evaluate({ ...entered, order: [] }, body)];
  compareReturns(entered, declaration, [{ meanings, written: [body], span: body.span }]);
}

/** A task continues its model: it sees the model's entries, inputs and layers, and the value it is `on`. */
function readTask(context: Context, file: SourceFile, task: TaskDeclaration, known: Ending | undefined): void {
  const found = lookup(context.program, file, task.model.name);
  if (found?.declaration.kind !== "block")
    return checkModelName(createScope(context, file, task.name.name, context.outer), task.model);
  const model = { declaration: found.declaration, file: found.file };
  const ending = known ?? readSilently(context, model);
  const undo = remember(ending.scope.tree); // Its other tasks have layers of their own.
  try {
    readOwn(goOn(ending, context, { file, owner: task.name.name }), task, model.declaration, ending);
  } finally {
    undo();
  }
}

/** What is wrong with a model is told of the model alone. */
function readSilently(context: Context, { declaration, file }: Declared<BlockDeclaration>): Ending {
  const silent = { ...context, problems: [], shapes: undefined };
  const scope = enterDefinition(createScope(silent, file, declaration.name.name, context.outer), declaration);
  readBody(scope, declaration.body);
  return { scope, facts: silent.facts };
}

/** The scope of a task behind its model, of which it changes nothing but the tree of weights. */
function goOn(
  { scope, facts }: Ending,
  context: Context,
  own: { readonly file: SourceFile; readonly owner: string },
): Scope {
  const { choices, duties, preferred, bounds } = scope.context;
  scope.context.facts = facts; // Masks of the model are read where it wrote them.
  const names = new Map([...scope.names].map(([name, meaning]) => [name, withOwnLabels(meaning)]));
  const entered = inner(scope, {
    ...own,
    names,
    context: {
      ...context,
      facts,
      choices: new Map(choices),
      duties: { ...duties, obligations: [...duties.obligations], granted: new Set(duties.granted) },
      preferred: new Map(preferred),
      bounds: new Map(bounds),
    },
    builder: {
      ...scope.builder,
      owned: new Set(scope.builder.owned),
      captured: new Map(scope.builder.captured),
      nodes: [],
    },
    outcome: { ...noOutcome(), losses: [] },
  });
  entered.context.duties.reader = entered;
  return entered;
}

const withOwnLabels = (meaning: Meaning): Meaning =>
  meaning.kind === "label"
    ? { ...meaning, application: { ...meaning.application, labels: new Map(meaning.application.labels) } }
    : meaning;

function readOwn(scope: Scope, task: TaskDeclaration, model: BlockDeclaration, ending: Ending): void {
  const { context, file } = scope;
  const there = { ...ending.scope, context: { ...context, problems: [], shapes: undefined } };
  const kinds = kindsIn(context, file, task);
  for (const { name } of task.parameters)
    scope.names.set(name.name, symbol(scope, name.name, kinds.get(name.name) ?? "int"));
  nameValues(scope, task, model, (type) => resolveType(there, type));
  assumeFacts(scope, task.where);
  bindInputs(scope, task.inputs);
  readBody(scope, task.body);
  compareReturns(scope, task, scope.outcome.returns);
}

/** The model's results under the names that its task gives them. */
function nameValues(
  scope: Scope,
  { values, name }: TaskDeclaration,
  model: BlockDeclaration,
  resolve: (type: Type) => ValueType | undefined,
): void {
  if (model.results.length > 0 && values.length !== model.results.length) {
    const given = `${model.results.length} value${model.results.length === 1 ? "" : "s"}`;
    const what = `${model.name.name} gives ${given}, ${name.name} names ${values.length}`;
    report(scope, "T202", { what }, values[0]?.span ?? name.span);
  }
  for (const [n, { name: each }] of values.entries()) {
    const type = model.results[n] && resolve(model.results[n]);
    const meaning: Meaning = type
      ? { kind: "tensor", value: value(scope.builder, each, type.dtype, type.axes) }
      : unknown;
    if (type) noteAxes(scope, type.axes, (a, b) => equalDims(scope.context, a, b) === "yes");
    scope.names.set(each, meaning);
  }
}
