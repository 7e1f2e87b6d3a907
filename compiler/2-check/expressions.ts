/** The meaning of each kind of expression. */
import type { Conditional, Expression, Name, Pipe, Position, Span, Stage } from "../../grammar/ast.js";
import { lookup, namesInScope } from "../1-resolve/program.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { catalogue } from "../diagnostics/catalogue.js";
import { closest } from "../diagnostics/suggest.js";
import { primitives } from "../ops/index.js";
import { assume, constant, not, type Condition } from "../shapes/index.js";
import { positionAtom } from "./entries.js";
import { applyBinary, applyUnary } from "./arithmetic.js";
import { applyAttend } from "./attend.js";
import { applyBlock, applyLabel } from "./apply-block.js";
import { layerAt } from "./layer-label.js";
import { callFunction } from "./call-function.js";
import { mayStayOpen, readCondition } from "./conditions.js";
import { either } from "./either.js";
import { emit, value } from "./builder.js";
import { enterExpression, follow, leaveExpression } from "./effort.js";
import { describe } from "./numbers.js";
import { evaluateLambda, isLambdaName } from "./lambda.js";
import { evaluateMember } from "./member.js";
import { setInOneBranch } from "./mend/body.js";
import { appliedByPipe } from "./mend/application.js";
import { unknown, type Meaning } from "./meaning.js";
import { rearrange } from "./rearrange.js";
import { inner, isSaidBefore, mark, report, siteOf, type Scope } from "./scope.js";
import { evaluateScan } from "./scan.js";
import { selectTensor } from "./select.js";
import { noteShape } from "./shapes-of.js";
import { lintSum } from "./sum-into-pipe.js";
import { evaluateSubscript } from "./subscript.js";

/** Never throws on what the source says; what has no meaning is reported once and is `unknown` from there on. */
export function evaluate(scope: Scope, expression: Expression): Meaning {
  if (!enterExpression(scope, expression.span)) return unknown;
  const meaning = meaningOf(scope, expression);
  leaveExpression(scope);
  scope.context.observe?.(scope, expression.span, meaning);
  return meaning;
}

function meaningOf(scope: Scope, expression: Expression): Meaning {
  switch (expression.kind) {
    case "number":
      if (!expression.real && !Number.isSafeInteger(expression.value)) {
        report(scope, "T208", { expected: "a whole number below 2^53", found: expression.text }, expression.span);
        return unknown;
      }
      return expression.real
        ? { kind: "real", value: expression.value }
        : { kind: "int", dim: constant(expression.value), literal: true };
    case "string":
      return { kind: "text", value: expression.value };
    case "boolean":
      return { kind: "bool", condition: { kind: "constant", value: expression.value } };
    case "name":
      return evaluateName(scope, expression);
    case "position":
      return evaluatePosition(scope, expression);
    case "list":
      return { kind: "list", items: expression.items };
    case "unary":
      return applyUnary(scope, expression);
    case "binary":
      return applyBinary(scope, expression);
    case "conditional":
      return evaluateConditional(scope, expression);
    case "member":
      return evaluateMember(scope, expression);
    case "subscript":
      return evaluateSubscript(scope, expression);
    case "call":
      return callFunction(scope, expression, undefined);
    case "apply":
      if (expression.arguments || expression.label) {
        const name = expression.block.name;
        const mend = appliedByPipe(scope, expression);
        report(
          scope,
          "T208",
          { expected: "a value", found: `the layer ${name}, which is applied with |>` },
          expression.span,
          mend,
        );
        // Its label comes into being, so that later uses are not blamed.
        if (expression.label) applyBlock(scope, expression, unknown);
        return unknown;
      }
      return {
        kind: "block",
        name: expression.block.name,
        settings: expression.settings,
        scope,
        at: mark(scope, expression.span),
      };
    case "pipe":
      return evaluatePipe(scope, expression);
    case "attend":
      return applyAttend(scope, expression);
    case "scan":
      return evaluateScan(scope, expression);
    case "missing":
      return unknown;
  }
}

function evaluateName(scope: Scope, { name, span }: Name): Meaning {
  const local = scope.names.get(name);
  if (local) {
    if (local.kind === "lambda" && isLambdaName(scope)) return evaluateLambda(scope, local);
    return local;
  }
  const size = scope.sizes.get(name);
  if (size !== undefined) return { kind: "int", dim: size, label: name };
  const axis = scope.axes.get(name);
  if (axis !== undefined && axis !== "ambiguous") return { kind: "int", dim: axis, label: name };
  const declared = lookup(scope.context.program, scope.file, name);
  if (declared) {
    const { declaration, file } = declared;
    switch (declaration.kind) {
      case "function":
        return { kind: "function", target: { declaration, file }, axes: [], given: [], scope: undefined };
      case "index": {
        const due = declaration.inputs.find(({ fallback }) => !fallback);
        if (due) {
          report(scope, "N108", { name: due.name.name, callee: name }, span, {
            help: `write ${name}(${due.name.name})`,
          });
          return unknown;
        }
        const following = follow(scope, declaration, span);
        if (!following) return unknown;
        const lambda: Meaning = {
          kind: "lambda",
          of: declaration.keyword,
          expression: declaration.value,
          scope: { ...globalScope(scope, file), following, site: siteOf(scope, span) },
        };
        return isLambdaName(scope) ? evaluateLambda(scope, lambda) : lambda;
      }
      case "block":
      case "alias":
        return { kind: "block", name, settings: undefined, scope, at: mark(scope, span) };
      case "outer":
        break;
    }
  }
  const primitive = primitives.get(name);
  if (primitive) return { kind: "function", target: primitive, axes: [], given: [], scope: undefined };
  if (scope.file.lost.has(name)) return unknown;
  if (name === "inf") return { kind: "real", value: Infinity };
  // To look for what was meant takes long where there are many names.
  if (isSaidBefore(scope, catalogue.N102.message({ name }), mark(scope, span))) return unknown;
  const names = [...scope.names.keys(), ...namesInScope(scope.context.program, scope.file), ...primitives.keys()];
  // A value is not what a block of nearly its name was meant for.
  const near = closest(
    name,
    names.filter((other) => !/^[A-Z]/.test(other)),
  );
  const details = scoreInMask(scope, name) ?? setInOneBranch(scope, name, span);
  report(scope, "N102", { name }, span, details ?? didYouMean(mark(scope, span), near));
  return unknown;
}

/** `s` in a mask. */
function scoreInMask(scope: Scope, name: string): { label: string } | undefined {
  return name === "s" && isLambdaName(scope) ? { label: "the score, which a mask does not know" } : undefined;
}

/** A scope that sees a file's declarations and nothing local. */
export function globalScope(scope: Scope, file: Scope["file"]): Scope {
  return inner(scope, { file, names: new Map(), rest: [] });
}

/** `@seq`: i32[seq], whose entries are known to lie in 0..seq-1. */
function evaluatePosition(scope: Scope, { axis, span }: Position): Meaning {
  const dim = scope.axes.get(axis.name);
  if (dim === undefined) {
    if (isSaidBefore(scope, catalogue.N102.message(axis), mark(scope, span))) return unknown;
    const near = closest(axis.name, [...scope.axes.keys()]);
    report(
      scope,
      "N106",
      { axis: axis.name, type: "scope" },
      span,
      didYouMean(mark(scope, span), near === undefined ? undefined : `@${near}`),
    );
    return unknown;
  }
  if (dim === "ambiguous") {
    report(scope, "T208", { expected: `one axis \`${axis.name}\``, found: "several of different sizes" }, span);
    return unknown;
  }
  const out = emit(scope.builder, {
    op: "positions",
    offset: false,
    out: value(scope.builder, axis.name, "i32", [{ label: axis.name, dim }]),
  });
  return { kind: "tensor", value: out, index: positionAtom(`@${axis.name}`, dim) };
}

function evaluateConditional(scope: Scope, expression: Conditional): Meaning {
  const condition = readCondition(scope, expression.condition);
  if (condition.kind === "decided") return evaluate(scope, condition.value ? expression.then : expression.otherwise);
  if (condition.kind === "tensor") {
    const [then, otherwise] = [evaluate(scope, expression.then), evaluate(scope, expression.otherwise)];
    return selectTensor(scope, condition.value, then, otherwise, expression, condition.truth);
  }
  if (condition.kind === "unknown" || !mayStayOpen(scope, condition.condition, expression.condition)) return unknown;
  const { context } = scope;
  const { facts } = context;
  const branch = (written: Expression, fact: Condition): Meaning => {
    context.facts = assume(facts, fact);
    const meaning = evaluate(scope, written);
    context.facts = facts;
    return meaning;
  };
  const then = branch(expression.then, condition.condition);
  const otherwise = branch(expression.otherwise, not(condition.condition));
  const open = { condition: condition.condition, written: expression.condition, name: "this" };
  return either(scope, open, then, otherwise);
}

function evaluatePipe(scope: Scope, pipe: Pipe): Meaning {
  lintSum(scope, pipe);
  let current = evaluate(scope, pipe.input);
  let at = pipe.input.span;
  for (const stage of pipe.stages) {
    if (current.kind === "unknown") {
      // The input has had its diagnostic; the stage's own label still comes into being, so that later uses are not blamed.
      if (stage.kind === "apply") applyBlock(scope, stage, unknown);
      continue;
    }
    current = applyStage(scope, stage, current, at);
    noteShape(scope, "stage", stage.span, current);
    at = stage.span;
  }
  return current;
}

function applyStage(scope: Scope, stage: Stage, input: Meaning, at: Span): Meaning {
  if (stage.kind === "apply") return applyBlock(scope, stage, input, at);
  if (stage.kind === "rearrange") return rearrange(scope, stage, input);
  if (stage.kind === "call") return callFunction(scope, stage, input);
  const target = evaluateStage(scope, stage);
  switch (target.kind) {
    case "function":
      return callFunction(scope, { kind: "call", callee: stage, arguments: [], span: stage.span }, input);
    case "label":
      return applyLabel(scope, target, input, stage.span, at);
    case "lambda":
    case "block":
      return applyBlock(
        scope,
        {
          kind: "apply",
          block: { kind: "identifier", name: target.kind === "block" ? (target.name ?? "") : "", span: stage.span },
          span: stage.span,
        },
        input,
      );
    case "unknown":
      return unknown;
    default:
      report(scope, "T208", { expected: "a layer or a function after |>", found: describe(target.kind) }, stage.span);
      return unknown;
  }
}

/** The meaning of a stage that is a name or a subscript of one: `shared`, `norm[0]`, `softmax[src]`. */
function evaluateStage(scope: Scope, stage: Expression): Meaning {
  const layer = layerAt(scope, stage);
  if (layer) return layer;
  if (stage.kind === "subscript" && stage.object.kind === "name") {
    const target = evaluate(scope, stage.object);
    if (target.kind === "function") return target;
  }
  return evaluate(scope, stage);
}
