/** Where an expression is understood: the names, axes and weights in reach, and the graph that is being built. */
import type { Span } from "../../grammar/ast.js";
import type { Program, SourceFile } from "../1-resolve/program.js";
import { problem, type Mark, type Problem, type ProblemDetails } from "../diagnostics/problem.js";
import type { Code, Parameters } from "../diagnostics/catalogue.js";
import type { Axis, Function, Node, Value, WeightTree } from "../ir/graph.js";
import type { Atom, Dim, Facts } from "../shapes/index.js";
import type { Builder } from "./builder.js";
import type { Meaning } from "./meaning.js";

/** Where a config number came from, for blame. */
export interface Origin {
  readonly mark: Mark;
  readonly kind: "default" | "config" | "loop" | "input";
}

/**
 * One run of the checker. At a `definition` every config entry is a symbol and calls are firewalls: a callee is known by its
 * signature. In an `instance` config entries have `numbers`, and calls are followed, which builds the graph.
 */
export interface Context {
  readonly program: Program;
  readonly mode: "definition" | "instance";
  /** Whether a block (or function) is being read, whose sizes its callers bind, and not a model. */
  readonly isBlock: boolean;
  readonly problems: Problem[];
  readonly numbers: Map<Atom, number>;
  readonly origins: Map<Atom, Origin>;
  /** Position atoms of input ids, and the tightest size they are used to look up. */
  readonly bounds: Map<Atom, Dim>;
  /** Functions built so far, by what they do, so that equal ones are one. */
  readonly functions: Map<string, Function>;
  readonly outer: Map<string, Atom>;
  /** Intrinsic kernels are used in place of the std definitions they equal. */
  readonly intrinsics: boolean;
  facts: Facts;
}

export interface Scope {
  readonly context: Context;
  readonly file: SourceFile;
  /** Where the declaration being read begins in its file. */
  readonly start: number;
  /** The declaration being read, for messages. */
  readonly owner: string;
  readonly names: Map<string, Meaning>;
  /** Declared shape variables and outer axes, as sizes. */
  readonly sizes: Map<string, Dim>;
  /** Axes of the values so far, by label, for `@axis`. */
  readonly axes: Map<string, Dim | "ambiguous">;
  /** The counter of the `repeat` being read. */
  readonly loop: string | undefined;
  /** What `..` stands for. */
  readonly rest: readonly Axis[];
  readonly builder: Builder;
  readonly tree: WeightTree;
  /** Tells apart who declares weights in one tree: two unlabelled layers of one block would share theirs. */
  readonly address: string;
  /** Path of labels from the model down, for `via` lines. */
  readonly via: readonly string[];
  /** Where the user's own file put to use what is being read; the library is not blamed for what it was given. */
  readonly site: Mark | undefined;
  /** Names of the blocks being read, outermost first: a block in it may not be applied again. */
  readonly blocks: readonly string[];
  /** In masks, scores and index functions operands may broadcast both ways; the result's axes stand in this order. */
  readonly order: readonly string[] | undefined;
  readonly inLoss: boolean;
  readonly result: { value: Meaning | undefined; losses: Value[] };
}

export function mark(scope: Scope, span: Span, label?: string): Mark {
  return { file: scope.file.name, span, ...(label !== undefined && { label }) };
}

/** Reports a problem at `span`, once: the same block read for two instances says the same thing twice. */
export function report<C extends Code>(
  scope: Scope,
  code: C,
  parameters: Parameters<C>,
  span: Span | Mark,
  details: ProblemDetails & { label?: string } = {},
): void {
  const own = "file" in span ? span : mark(scope, span, details.label);
  const inLibrary = own.file.startsWith("std/") && scope.site !== undefined;
  const primary = inLibrary ? scope.site : own;
  const secondary = [...(details.secondary ?? []), ...(inLibrary ? [own] : [])];
  const notes = [...(details.notes ?? []), ...(scope.via.length > 0 ? [`via ${scope.via.join(" > ")}`] : [])];
  const found = problem(code, parameters, primary, { ...details, secondary, notes });
  const { problems } = scope.context;
  // One name that is not declared is one mistake, however often it is used.
  // The same holds for one division that is not exact.
  const once = code === "N102" || code === "T201";
  const unknownName =
    once &&
    problems.some(
      (p) =>
        p.code === code &&
        p.message === found.message &&
        p.primary?.file === primary.file &&
        p.primary.span.start > scope.start &&
        p.primary.span.start < primary.span.start,
    );
  if (unknownName) return;
  const same = (p: Problem): boolean =>
    p.code === code && p.primary?.file === primary.file && p.primary.span.start === primary.span.start;
  if (!problems.some(same)) problems.push(found);
}

/** A scope inside this one, with some of its fields replaced; names and axes are copies, so that the inner ones stay inside. */
export function inner(scope: Scope, changes: Partial<Scope>): Scope {
  return { ...scope, names: new Map(scope.names), sizes: new Map(scope.sizes), axes: new Map(scope.axes), ...changes };
}

/** Declares a shape variable: a size by its name, and an axis. */
export function declareSize(scope: Scope, name: string, dim: Dim): void {
  scope.sizes.set(name, dim);
  scope.axes.set(name, dim);
}

/** Makes the axes of a value known to `@axis`; a label with two sizes is ambiguous. */
export function noteAxes(scope: Scope, axes: readonly Axis[], same: (a: Dim, b: Dim) => boolean): void {
  for (const { label, dim } of axes) {
    if (label === "") continue;
    const known = scope.axes.get(label);
    if (known === undefined) scope.axes.set(label, dim);
    else if (known !== "ambiguous" && !same(known, dim)) scope.axes.set(label, "ambiguous");
  }
}

/** Runs `build` with new nodes going to `nodes`. */
export function withNodes<T>(scope: Scope, nodes: Node[], build: () => T): T {
  const { builder } = scope;
  const outside = builder.nodes;
  builder.nodes = nodes;
  try {
    return build();
  } finally {
    builder.nodes = outside;
  }
}
