/** Calls: primitives, functions written in `.tfm` (read where they are called), masks and scores with arguments, partial calls. */
import type { Argument, Call, FunctionDeclaration, IndexDeclaration, Input, Span } from "../../grammar/ast.js";
import { lookup, type Declared } from "../1-resolve/program.js";
import { noteAxes, inner, mark, noOutcome, report, siteOf, type Scope } from "./scope.js";
import { asMeaning, returnedValues } from "./results.js";
import { matchArguments, type Given } from "./arguments.js";
import { createBuilder, use, value } from "./builder.js";
import { follow } from "./effort.js";
import { readOnce } from "./read-once.js";
import { emitCall, finishCallee } from "./emit-call.js";
import type { Axis, Value } from "../ir/graph.js";
import type { Dim } from "../shapes/index.js";
import { equalDims } from "./decide.js";
import { enteredEntries } from "./entries.js";
import { evaluate, globalScope } from "./expressions.js";
import { asIndexInput } from "./index-input.js";
import { intrinsicFunction } from "./intrinsics.js";
import { lambdaScope } from "./lambda.js";
import { unknown, type FunctionMeaning, type Meaning, type TensorMeaning } from "./meaning.js";
import { mendDType } from "./mend/input.js";
import { describe } from "./numbers.js";
import { ownLabels } from "./own-labels.js";
import { requireFacts } from "./require.js";
import { bindAxes, canonicalRest, checkAxes, enterAxes, insideRest, leaveAxes, type Matching } from "./signature.js";
import { callPrimitive } from "./primitives/call-primitive.js";
import { readBody } from "./statements.js";
import { relabel } from "./subscript.js";
import { isDType } from "./types.js";

/** `callee(arguments)`, with a piped value as the first argument where there is one. */
export function callFunction(scope: Scope, call: Call, piped: Meaning | undefined): Meaning {
  const index = indexDeclaration(scope, call);
  if (index) return callIndex(scope, index, call, piped);
  const callee = evaluate(scope, call.callee);
  switch (callee.kind) {
    case "unknown":
      return unknown;
    case "function":
      return applyFunction(scope, callee, call.arguments, piped, call.span);
    default:
      report(scope, "T208", { expected: "a function", found: describe(callee.kind) }, call.callee.span);
      return unknown;
  }
}

export function applyFunction(
  scope: Scope,
  callee: FunctionMeaning,
  written: readonly Argument[],
  piped: Meaning | undefined,
  span: Span,
): Meaning {
  const { target } = callee;
  if (target === "any") {
    // A `fn` entry at a definition keeps the shape of what it is given.
    return piped?.kind === "tensor"
      ? { kind: "tensor", value: value(scope.builder, piped.value.name, piped.value.type.dtype, piped.value.type.axes) }
      : (piped ?? unknown);
  }
  if (!("declaration" in target)) {
    // Arguments given earlier were written in another scope than the ones given now.
    const earlier = callee.given.map((argument) => ({ argument, scope: callee.scope ?? scope }));
    const all = [...earlier, ...written.map((argument) => ({ argument, scope }))];
    return callPrimitive(scope, target, callee.axes, all, piped, span);
  }
  return callDeclared(scope, target, callee, written, piped, span);
}

function callDeclared(
  scope: Scope,
  { declaration, file }: Declared<FunctionDeclaration>,
  callee: FunctionMeaning,
  written: readonly Argument[],
  piped: Meaning | undefined,
  span: Span,
): Meaning {
  const name = declaration.name.name;
  const following = follow(scope, declaration, span);
  if (!following) return unknown;
  const { inputs } = declaration;
  const earlierScope = callee.scope ?? scope;
  const given = matchArguments(scope, name, inputs, piped && { meaning: piped, span }, written);
  const earlier =
    matchArguments(
      earlierScope,
      name,
      inputs.slice(),
      undefined,
      callee.given.map((a) => a),
    ) ?? new Map<string, Given>();
  if (!given) return unknown;
  const first = inputs[0];
  // Without its first argument a call is a partial one: `rope(base: theta)` waits for the tensor.
  if (first && !first.fallback && !given.has(first.name.name) && !earlier.has(first.name.name)) {
    return {
      kind: "function",
      target: { declaration, file },
      axes: callee.axes,
      given: [...callee.given, ...written],
      scope: frozen(scope),
    };
  }
  const variables = new Set(declaration.variables.map((v) => v.name));
  const own = ownLabels(declaration);
  // In an instance a function of tensors is a function of the graph too; in masks and scores it is read in place.
  const separate =
    scope.context.mode === "instance" &&
    scope.order === undefined &&
    inputs.some(({ type }) => isDType(type.name.name) && type.axes);
  const inside: Scope = {
    ...scope,
    file,
    names: new Map(),
    rest: [],
    ...outerSizes(scope),
    loop: undefined,
    yields: undefined,
    owner: name,
    site: siteOf(scope, span),
    builder: separate ? createBuilder(scope.builder) : scope.builder,
    following,
    outcome: noOutcome(),
  };
  const matching: Matching = { callee: inside, labels: new Map(), named: new Map(), variables, rest: undefined };
  callee.axes.forEach((axis, n) => {
    const variable = declaration.variables[n]?.name;
    if (axis.amount) report(scope, "T208", { expected: "an axis name", found: "an axis and a value" }, axis.span);
    if (variable !== undefined) matching.named.set(variable, axis);
  });
  const read = readInputs(scope, earlierScope, matching, name, inputs, given, earlier, own, span);
  if (!read) return unknown;
  const { body, operands } = read;
  if (!requireFacts(scope, body, name, declaration.where, span)) return unknown;
  const leave = ({ type }: Value): Axis[] => leaveAxes({ ...matching, callee: body }, type.axes);
  if (!separate) {
    const returned = readResults(body, { declaration, file }, span);
    if ("meaning" in returned) return returned.meaning;
    return asTensors(
      returned.values.map((found) => relabel(scope, found, leave(found))),
      returned.tensors,
    );
  }
  let other: Meaning = unknown;
  const made = readOnce(body, declaration, { isLabelled: false, parameters: operands }, () => {
    const returned = readResults(body, { declaration, file }, span);
    if ("meaning" in returned) {
      other = returned.meaning;
      return undefined;
    }
    const { values: results, tensors } = returned;
    const parameters = [...operands.keys()];
    const { nodes } = body.builder;
    const callee = finishCallee(body, { name, role: "block", doc: declaration.doc, parameters, body: nodes, results });
    return tensors.some(({ index, truth }) => index ?? truth) ? { ...callee, traces: tensors } : callee;
  });
  if (!made) return other;
  const outs = made.callee.results.map((found) =>
    value(scope.builder, [...operands.values()][0]?.name ?? name, found.type.dtype, leave(found)),
  );
  return asTensors(emitCall(scope, made, [...operands.values()], [], outs), made.traces ?? []);
}

const asTensors = (outs: readonly Value[], traces: readonly Pick<TensorMeaning, "index" | "truth">[]): Meaning =>
  asMeaning(outs.map((out, n) => ({ ...traces[n], kind: "tensor", value: out })));

/** What a function's body comes to: tensors, or numbers, truth values and the like, which come back as they are. */
function readResults(
  body: Scope,
  { declaration, file }: Declared<FunctionDeclaration>,
  span: Span,
): { readonly meaning: Meaning } | { readonly values: readonly Value[]; readonly tensors: readonly TensorMeaning[] } {
  const fused = intrinsicFunction(body, declaration, file, [...body.names.values()]);
  const meanings = fused
    ? [fused]
    : declaration.body.kind === "body"
      ? readBody(body, declaration.body)
      : [evaluate(body, declaration.body)];
  const tensors = meanings.filter((meaning) => meaning.kind === "tensor");
  if (tensors.length < meanings.length || tensors.length === 0) return { meaning: asMeaning(meanings) };
  // `-> bool` without brackets says nothing of axes: what is made of positions has theirs.
  const isOpen = declaration.results.every(
    ({ axes }, n) => !axes && tensors[n]?.value.type.dtype === declaration.results[n]?.name.name,
  );
  const results = isOpen ? [] : declaration.results.filter(({ name: dtype }) => isDType(dtype.name));
  const returned = returnedValues(body, results, tensors, span);
  return returned ? { values: returned.values, tensors } : { meaning: unknown };
}

/** What a callee sees of sizes before it is matched: the outer axes. */
export function outerSizes(scope: Scope): Pick<Scope, "sizes" | "axes"> {
  const sizes = new Map<string, Dim>();
  for (const name of scope.context.outer.keys()) {
    const dim = scope.sizes.get(name);
    if (dim !== undefined) sizes.set(name, dim);
  }
  return { sizes, axes: new Map(sizes) };
}

/** Binds inputs: tensors by shape first, then everything else in order, defaults in the callee's own scope. */
function readInputs(
  scope: Scope,
  earlierScope: Scope,
  matching: Matching,
  callee: string,
  inputs: readonly Input[],
  given: ReadonlyMap<string, Given>,
  earlier: ReadonlyMap<string, Given>,
  own: ReadonlySet<string>,
  span: Span,
): { body: Scope; operands: Map<Value, Value> } | undefined {
  const operands = new Map<Value, Value>();
  const meanings = new Map<string, { meaning: Meaning; span: Span }>();
  for (const input of inputs) {
    const now = given.get(input.name.name);
    const found = now ?? earlier.get(input.name.name);
    if (!found) continue;
    const from = now ? scope : earlierScope;
    const reading = now ? scope : { ...earlierScope, builder: scope.builder };
    if (found.kind === "piped") meanings.set(input.name.name, { meaning: found.meaning, span: found.span });
    else
      meanings.set(input.name.name, {
        meaning: evaluate(reading, found.argument.value),
        span: from === scope ? found.argument.value.span : span,
      });
  }
  if ([...meanings.values()].some(({ meaning }) => meaning.kind === "unknown")) return undefined;
  for (const input of inputs) {
    const found = meanings.get(input.name.name);
    if (found?.meaning.kind !== "tensor" || !isDType(input.type.name.name) || !input.type.axes) continue;
    if (found.meaning.value.type.dtype !== input.type.name.name) {
      const { at: blamed, ...mend } = mendDType(scope, found.meaning.value, input.type.name.name, found.span);
      report(
        scope,
        "D401",
        {
          what: `${callee} needs ${input.type.name.name} for \`${input.name.name}\`, this is ${found.meaning.value.type.dtype}`,
        },
        blamed ?? found.span,
        { secondary: blamed ? [mark(scope, found.span)] : [], ...mend },
      );
      return undefined;
    }
    if (!bindAxes(scope, matching, input, found.meaning.value.type, found.span)) return undefined;
  }
  const restInside =
    scope.context.mode === "instance" ? canonicalRest(matching.rest ?? [], own) : insideRest(matching.rest ?? [], own);
  // Explicit axes name a variable that no input binds by itself, and must agree with one that does.
  const body: Scope = { ...matching.callee, rest: restInside, order: orderInside(matching, restInside) };
  const entering: Matching = { ...matching, callee: body };
  for (const input of inputs) {
    const found = meanings.get(input.name.name);
    const meaning = found
      ? entered(scope, entering, callee, input, found.meaning, found.span, operands)
      : input.fallback
        ? evaluate(body, input.fallback)
        : undefined;
    if (!meaning) {
      report(scope, "N108", { name: input.name.name, callee }, span);
      return undefined;
    }
    body.names.set(input.name.name, meaning);
  }
  return { body, operands };
}

/** In a mask or score, the order of the scores' axes under the labels that they have inside of the function. */
function orderInside({ callee, labels, rest }: Matching, restInside: readonly Axis[]): Scope["order"] {
  const inward = new Map([...labels].map(([own, label]) => [label, own]));
  rest?.forEach(({ label }, n) => inward.set(label, restInside[n]?.label ?? label));
  return callee.order?.map((label) => inward.get(label) ?? label);
}

/** An argument as the callee sees it: its axes under the callee's labels, its kind checked. */
function entered(
  scope: Scope,
  matching: Matching,
  callee: string,
  input: Input,
  meaning: Meaning,
  at: Span,
  operands: Map<Value, Value>,
): Meaning {
  const wanted = input.type.name.name;
  if (meaning.kind === "tensor" && isDType(wanted) && input.type.axes) {
    if (!checkAxes(scope, matching, callee, input, meaning.value.type, at)) return unknown;
    const operand = use(scope.builder, meaning.value);
    const axes = enterAxes(matching, input, operand);
    noteAxes(matching.callee, axes, (a, b) => equalDims(scope.context, a, b) === "yes");
    const known = enteredEntries(meaning, axes);
    if (matching.callee.builder === scope.builder) return { ...known, value: relabel(matching.callee, operand, axes) };
    const parameter = value(matching.callee.builder, input.name.name, operand.type.dtype, axes);
    operands.set(parameter, operand);
    return { ...known, value: parameter };
  }
  if (wanted === "real" && meaning.kind === "int" && meaning.literal)
    return { kind: "real", value: Number(scope.file.text.slice(at.start, at.end)) };
  if (!fitsKind(wanted, meaning)) {
    report(
      scope,
      "D401",
      { what: `${callee} needs ${wanted} for \`${input.name.name}\`, this is ${describe(meaning.kind)}` },
      at,
    );
    return unknown;
  }
  return meaning;
}

const kinds: ReadonlyMap<string, readonly Meaning["kind"][]> = new Map([
  ["int", ["int", "tensor"]],
  ["real", ["real", "tensor"]],
  ["bool", ["bool", "tensor"]],
  ["string", ["text"]],
  ["fn", ["function"]],
  ["block", ["block"]],
  ["f32", ["real", "tensor"]],
  ["i32", ["int", "tensor"]],
]);

/** Whether a meaning can stand where an input of the written type is due. */
export function fitsKind(type: string, meaning: Meaning): boolean {
  return (
    kinds.get(type)?.includes(meaning.kind) !== false ||
    (type === "real" && meaning.kind === "int" && meaning.literal === true)
  );
}

/** A mask or score called with arguments: `window(4)`, `s |> softcap(50.0)`. */
function indexDeclaration(scope: Scope, call: Call): Declared<IndexDeclaration> | undefined {
  if (call.callee.kind !== "name" || scope.names.has(call.callee.name)) return undefined;
  const found = lookup(scope.context.program, scope.file, call.callee.name);
  return found?.declaration.kind === "index" ? { declaration: found.declaration, file: found.file } : undefined;
}

function callIndex(
  scope: Scope,
  { declaration, file }: Declared<IndexDeclaration>,
  call: Call,
  piped: Meaning | undefined,
): Meaning {
  const given = matchArguments(scope, declaration.name.name, declaration.inputs, undefined, call.arguments);
  if (!given) return unknown;
  const following = follow(scope, declaration, call.span);
  if (!following) return unknown;
  // A mask of one input is about that: what is wrong of it is so of the argument.
  const [argument, ...others] = call.arguments;
  const site = siteOf(scope, argument && others.length === 0 ? argument.value.span : call.span);
  const there = lambdaScope(scope, { ...globalScope(scope, file), following, site });
  for (const input of declaration.inputs) {
    const found = given.get(input.name.name);
    const meaning =
      found?.kind === "written"
        ? evaluate(scope, found.argument.value)
        : input.fallback && evaluate(there, input.fallback);
    if (!meaning) {
      report(scope, "N108", { name: input.name.name, callee: declaration.name.name }, call.span);
      return unknown;
    }
    if (meaning.kind !== "unknown" && !fitsKind(input.type.name.name, meaning)) {
      const what = `${declaration.name.name} needs ${input.type.name.name} for \`${input.name.name}\`, this is ${describe(meaning.kind)}`;
      report(scope, "D401", { what }, found?.kind === "written" ? found.argument.value.span : call.span);
      return unknown;
    }
    const at = found?.kind === "written" ? found.argument.value.span : call.span;
    const own = meaning.kind === "tensor" ? asIndexInput(scope, declaration.name.name, input, meaning, at) : meaning;
    there.names.set(input.name.name, own);
  }
  if (piped) there.names.set("s", piped);
  if (scope.order === undefined)
    return { kind: "lambda", of: declaration.keyword, expression: declaration.value, scope: there };
  return evaluate(there, declaration.value);
}

/** The scope as it is now: later assignments do not change what was written earlier. */
export function frozen(scope: Scope): Scope {
  return inner(scope, {});
}
