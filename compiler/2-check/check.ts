/** Checks every definition of a program for all configurations and sizes at once. */
import type {
  BlockDeclaration,
  FunctionDeclaration,
  Identifier,
  Input,
  Span,
  TaskDeclaration,
} from "../../grammar/ast.js";
import { checkRecursion } from "./recursion.js";
import { lookup, type Program, type SourceFile } from "../1-resolve/program.js";
import { closest } from "../diagnostics/suggest.js";
import { assume, atom, noFacts, variable, type Atom, type Dim } from "../shapes/index.js";
import { createBuilder, value } from "./builder.js";
import { evaluate } from "./expressions.js";
import { unknown, type Meaning } from "./meaning.js";
import { readFacts } from "./require.js";
import { declareSize, mark, noteAxes, report, type Context, type Scope } from "./scope.js";
import { kindsOf, symbol } from "./settings.js";
import { checkResult } from "./signature.js";
import { readBody } from "./statements.js";
import { describe } from "./numbers.js";
import { isDType, printType, resolveType } from "./types.js";
import { emptyTree } from "./weight-tree.js";
import { equalDims } from "./decide.js";
import type { Problem } from "../diagnostics/problem.js";

export function checkDefinitions(program: Program): Problem[] {
  const problems: Problem[] = [];
  const outer = outerAtoms(program);
  problems.push(...checkRecursion(program));
  for (const file of program.files.values()) {
    for (const declaration of file.tree.declarations) {
      const isBlock =
        declaration.kind === "function" || (declaration.kind === "block" && declaration.keyword === "block");
      const context = createContext(program, "definition", problems, outer, isBlock);
      switch (declaration.kind) {
        case "block":
          readDefinition(createScope(context, file, declaration.name.name, outer, declaration.span.start), declaration);
          break;
        case "function":
          readFunction(createScope(context, file, declaration.name.name, outer, declaration.span.start), declaration);
          break;
        case "task":
          readTask(context, file, declaration, outer);
          break;
        case "alias":
        case "config":
          checkModelName(
            createScope(context, file, declaration.name.name, outer, declaration.span.start),
            declaration.kind === "alias" ? declaration.target : declaration.model,
          );
          break;
        default:
          break;
      }
    }
  }
  return problems;
}

export function outerAtoms(program: Program): Map<string, Atom> {
  const names = new Set<string>();
  for (const { declaration } of program.library.values())
    if (declaration.kind === "outer") names.add(declaration.name.name);
  for (const file of program.files.values()) {
    for (const declaration of file.tree.declarations)
      if (declaration.kind === "outer") names.add(declaration.name.name);
  }
  return new Map([...names].map((name) => [name, atom(name, "axis")]));
}

export function createContext(
  program: Program,
  mode: Context["mode"],
  problems: Problem[],
  outer: Map<string, Atom>,
  isBlock = false,
): Context {
  return {
    program,
    mode,
    isBlock,
    problems,
    numbers: new Map(),
    origins: new Map(),
    bounds: new Map(),
    functions: new Map(),
    outer,
    intrinsics: true,
    facts: noFacts,
  };
}

export function createScope(
  context: Context,
  file: SourceFile,
  owner: string,
  outer: ReadonlyMap<string, Atom>,
  start = 0,
): Scope {
  return {
    context,
    file,
    start,
    owner,
    names: new Map(),
    sizes: new Map<string, Dim>([...outer].map(([name, a]) => [name, variable(a)])),
    axes: new Map<string, Dim>([...outer].map(([name, a]) => [name, variable(a)])),
    loop: undefined,
    rest: [],
    builder: createBuilder(undefined),
    tree: emptyTree(),
    address: "",
    via: [],
    site: undefined,
    blocks: [owner],
    order: undefined,
    inLoss: false,
    result: { value: undefined, losses: [] },
  };
}

function checkModelName(scope: Scope, name: { name: string; span: { start: number; end: number } }): void {
  const found = lookup(scope.context.program, scope.file, name.name)?.declaration;
  if (found?.kind === "block" || found?.kind === "alias" || scope.file.lost.has(name.name)) return;
  const near = closest(name.name, [...scope.file.declarations.keys()]);
  report(scope, "N102", { name: name.name }, name.span, {
    ...(near !== undefined && { label: `did you mean ${near}?` }),
  });
}

/** Fills the scope with symbols for everything that a call or a config will decide, reads the body, and gives its scope. */
function readDefinition(scope: Scope, declaration: BlockDeclaration): Scope {
  const entered = enterDefinition(scope, declaration);
  const result = readBody(entered, declaration.body);
  compareResult(entered, declaration, result);
  return entered;
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
function checkRest(scope: Scope, { inputs, result }: BlockDeclaration): void {
  for (const { axes } of [...inputs.map(({ type }) => type), ...(result ? [result] : [])]) {
    const second = (axes ?? []).filter(({ kind }) => kind === "rest")[1];
    if (second) report(scope, "T208", { expected: "one `..` in a type", found: "a second" }, second.span);
  }
  const rest = result?.axes?.find(({ kind }) => kind === "rest");
  if (rest && !usesRest(inputs))
    report(scope, "T208", { expected: "an input with `..`, which says what it is here", found: "none" }, rest.span);
}

/** Every size of a model is read off its inputs, so each must stand alone as an axis of one of them. */
function checkSizes(scope: Scope, declaration: BlockDeclaration): void {
  if (declaration.keyword !== "model") return;
  const bare = new Set(
    declaration.inputs.flatMap(({ type }) =>
      (type.axes ?? []).flatMap((axis) => (axis.kind === "axis" && axis.dim.kind === "name" ? [axis.dim.name] : [])),
    ),
  );
  for (const { name, span } of declaration.variables) {
    if (bare.has(name)) continue;
    report(scope, "T210", { size: name, model: declaration.name.name }, span, {
      help: `give an input the axis \`${name}\``,
    });
  }
}

function enterDefinition(scope: Scope, declaration: BlockDeclaration): Scope {
  checkDistinct(scope, [declaration.variables, declaration.parameters, declaration.inputs]);
  checkSizes(scope, declaration);
  checkRest(scope, declaration);
  for (const { name } of declaration.variables) declareSize(scope, name, variable(atom(name, "axis")));
  const kinds = kindsOf(scope.context.program, scope.file, declaration);
  const entries = new Map<string, Meaning>();
  for (const { name } of declaration.parameters) {
    const meaning = symbol(name.name, kinds.get(name.name) ?? "int");
    entries.set(name.name, meaning);
    scope.names.set(name.name, meaning);
  }
  scope.names.set("cfg", { kind: "settings", entries });
  const withRest = {
    ...scope,
    rest: usesRest(declaration.inputs) ? [{ label: "..", dim: variable(atom("..", "axis")) }] : [],
  };
  for (const { condition } of readFacts(withRest, declaration.where))
    scope.context.facts = assume(scope.context.facts, condition);
  for (const parameter of declaration.parameters) if (parameter.fallback) checkDefault(withRest, parameter.fallback);
  bindInputs(withRest, declaration.inputs);
  return withRest;
}

/** A default that divides is checked where it is used, with the numbers of that use; here only its names are. */
function checkDefault(scope: Scope, fallback: Parameters<typeof evaluate>[1]): void {
  const facts = scope.context.facts;
  evaluate(scope, fallback);
  scope.context.facts = facts;
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
  if (kind === "int") return symbol(input.name.name, "int");
  if (kind === "real") return symbol(input.name.name, "real");
  if (kind === "string") return symbol(input.name.name, "text");
  if (kind === "bool" && !input.type.axes) return symbol(input.name.name, "bool");
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
  const index = type.dtype === "i32" ? variable(atom(input.name.name, "axis", { min: 0 })) : undefined;
  return { kind: "tensor", value: value(scope.builder, input.name.name, type.dtype, type.axes), index };
}

function compareResult(
  scope: Scope,
  declaration: BlockDeclaration | TaskDeclaration | FunctionDeclaration,
  result: Meaning,
): void {
  if (!declaration.result || !isDType(declaration.result.name.name)) return;
  const declared = resolveType(scope, declaration.result);
  if (!declared) return;
  const body = declaration.body.kind === "body" ? declaration.body : undefined;
  const last = body?.statements.findLast(({ kind }) => kind === "return");
  if (body && !last && !body.statements.some(({ kind }) => kind === "if")) {
    report(scope, "N108", { name: "return", callee: scope.owner }, declaration.result.span, {
      help: "end the body with `return ...`",
    });
    return;
  }
  if (result.kind !== "tensor" && result.kind !== "unknown" && declared.axes.length > 0) {
    report(
      scope,
      "T208",
      { expected: printType(declared), found: describe(result.kind) },
      last?.span ?? declaration.span,
    );
  }
  if (result.kind === "tensor")
    checkResult(scope, declared, result.value, last?.span ?? declaration.span, declaration.result.span);
}

function readFunction(scope: Scope, declaration: FunctionDeclaration): void {
  for (const { name } of declaration.variables) declareSize(scope, name, variable(atom(name, "axis")));
  const entered = {
    ...scope,
    rest: usesRest(declaration.inputs) ? [{ label: "..", dim: variable(atom("..", "axis")) }] : [],
    inLoss: true,
  };
  for (const { condition } of readFacts(entered, declaration.where))
    scope.context.facts = assume(scope.context.facts, condition);
  bindInputs(entered, declaration.inputs);
  const result =
    declaration.body.kind === "body"
      ? readBody(entered, declaration.body)
      : evaluate({ ...entered, order: [] }, declaration.body);
  compareResult(entered, declaration, result);
}

/** A task continues its model: it sees the model's entries, inputs and layers, and the value it is `on`. */
function readTask(context: Context, file: SourceFile, task: TaskDeclaration, outer: ReadonlyMap<string, Atom>): void {
  const found = lookup(context.program, file, task.model.name);
  const scope = createScope(context, file, task.name.name, outer, task.span.start);
  if (found?.declaration.kind !== "block") return checkModelName(scope, task.model);
  const silent = { ...context, problems: [] };
  const model = enterDefinition(createScope(silent, found.file, found.declaration.name.name, outer), found.declaration);
  const hidden = readBody(model, found.declaration.body);
  context.facts = silent.facts;
  const entered: Scope = {
    ...model,
    context,
    file,
    start: task.span.start,
    owner: task.name.name,
    result: { value: undefined, losses: [] },
  };
  const kinds = kindsOf(context.program, file, task);
  for (const { name } of task.parameters)
    entered.names.set(name.name, symbol(name.name, kinds.get(name.name) ?? "int"));
  const declared = found.declaration.result && resolveType({ ...model, context: silent }, found.declaration.result);
  const stand: Meaning = declared
    ? { kind: "tensor", value: value(entered.builder, task.value.name, declared.dtype, declared.axes) }
    : hidden;
  entered.names.set(task.value.name, stand);
  bindInputs(entered, task.inputs);
  const result = readBody(entered, task.body);
  compareResult(entered, task, result);
}
