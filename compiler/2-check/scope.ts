/** Where an expression is understood: the names, axes and weights in reach, and the graph that is being built. */
import type { BlockDeclaration, Expression, Span } from "../../grammar/ast.js";
import type { Declared, NamedDeclaration, Program, SourceFile } from "../1-resolve/program.js";
import { hasErrors, isFull, problem, type Mark, type Problem, type ProblemDetails } from "../diagnostics/problem.js";
import type { Code, Parameters } from "../diagnostics/catalogue.js";
import type { Axis, Node, Value, ValueType, WeightTree } from "../ir/graph.js";
import type { Atom, Condition, Dim, Facts } from "../shapes/index.js";
import type { Builder } from "./builder.js";
import type { Effort } from "./effort.js";
import type { EntryKind } from "./kinds.js";
import type { Meaning } from "./meaning.js";
import type { Readings } from "./readings.js";
import type { Returned } from "./results.js";
import type { Yielded } from "./scan.js";
import type { NamedShape } from "./shapes-of.js";
import type { Duties, Summary } from "./summaries.js";

/** Where a config number came from, for blame. */
export interface Origin {
  readonly mark: Mark;
  readonly kind: "default" | "config" | "loop" | "input";
}

/** `scope` is as it is at that moment; it goes on changing. */
export type Observe = (scope: Scope, span: Span, meaning: Meaning) => void;

/** What ids from outside must be: below the tightest size that they look up, but for a value that is left out. */
export interface Bound {
  readonly below: Dim;
  readonly except: number | undefined;
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
  /** Input ids by the symbol of their entries, with what they are used to look up. */
  readonly bounds: Map<Atom, Bound | undefined>;
  /** What was read for configs before, and what is kept of what is being read. */
  readonly readings: Readings;
  readonly outer: Map<string, Atom>;
  /** Intrinsic kernels are used in place of the std definitions they equal. */
  readonly intrinsics: boolean;
  /** Sizes that undecided conditions choose, by what they choose between: the same question has one answer. */
  readonly choices: Map<string, Dim>;
  /** How much has been read so far. */
  readonly effort: Effort;
  /** How many more turns of loops may be written out one by one. */
  readonly turns: { left: number };
  /** Defaults of config entries at a definition: what a counterexample is best told with. */
  readonly preferred: Map<Atom, number>;
  readonly duties: Duties;
  /** What a block demands of those who apply it. */
  readonly summaryOf: (block: Declared<BlockDeclaration>) => Summary;
  /** What kinds the entries of blocks are. */
  readonly kinds: Map<object, Map<string, EntryKind>>;
  /** What each value of the declaration being read is, where someone wants to know. */
  readonly shapes: NamedShape[] | undefined;
  /** Told what each expression and each stage of a pipe means as it is read, by the span of its tree. */
  readonly observe: Observe | undefined;
  facts: Facts;
}

export interface Scope {
  readonly context: Context;
  readonly file: SourceFile;
  /** The declaration being read, for messages. */
  readonly owner: string;
  readonly names: Map<string, Meaning>;
  /** Declared shape variables and outer axes, as sizes. */
  readonly sizes: Map<string, Dim>;
  /** Axes of the values so far, by label, for `@axis`. */
  readonly axes: Map<string, Dim | "ambiguous">;
  /** The counter of the `repeat` being read. */
  readonly loop: string | undefined;
  /** What the `scan` being read has yielded; absent outside of one. */
  readonly yields: Yielded[] | undefined;
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
  /** The definitions that were followed to here, outermost first: none of them may be followed again. */
  readonly following: readonly NamedDeclaration[];
  /** In masks, scores and index functions operands may broadcast both ways; the result's axes stand in this order. */
  readonly order: readonly string[] | undefined;
  readonly inLoss: boolean;
  readonly outcome: Outcome;
}

/** What a body has given so far. */
export interface Outcome {
  /** What it returns, once it has. */
  returned: Returned | undefined;
  /** Every `return` met, in all branches that a config may take. */
  readonly returns: Returned[];
  /** What it returns before its end, in branches that a config may take, and when. */
  readonly early: { readonly condition: Condition; readonly written: Expression; readonly returned: Returned }[];
  /** Only a task says what training makes small. */
  readonly losses: Value[] | undefined;
  /** Its cells, by name: what each holds from one call to the next. */
  readonly cells: Map<string, ValueType>;
}

export const noOutcome = (): Outcome => ({
  returned: undefined,
  returns: [],
  early: [],
  losses: undefined,
  cells: new Map(),
});

export function mark(scope: Scope, span: Span, label?: string): Mark {
  return { file: scope.file.name, span, ...(label !== undefined && { label }) };
}

/** Where the user put to use what is read next: here, or where the user's file led here. What a mask is given is its user's choice. */
export function siteOf(scope: Scope, span: Span): Mark | undefined {
  const isOwn = !scope.file.name.startsWith("std/") && !(scope.site && scope.following.at(-1)?.kind === "index");
  return isOwn ? mark(scope, span) : scope.site;
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
  // The library is not the user's to mend.
  const isMend = !details.fixes?.some(({ file }) => file.startsWith("std/"));
  const found = problem(code, parameters, primary, {
    secondary,
    notes,
    ...(isMend && { help: details.help, fixes: details.fixes }),
  });
  const { problems, readings } = scope.context;
  readings.reported += 1;
  // One name that is not declared is one mistake, however often it is used.
  // The same holds for one division that is not exact.
  if ((code === "N102" || code === "T201") && isSaidBefore(scope, found.message, primary)) return;
  const same = (p: Problem): boolean =>
    isAlike(p.code, code) && p.primary?.file === primary.file && p.primary.span.start === primary.span.start;
  if (isFull(problems) && (found.severity !== "error" || hasErrors(problems))) return;
  if (!problems.some(same)) problems.push(found);
}

/** A number that does not divide is one mistake, whether a split or a `where` is the first to notice. */
const isAlike = (a: Code, b: Code): boolean => a === b || [a, b].every((code) => code === "T201" || code === "T203");

/** Whether the same has been said of another place. */
export function isSaidBefore({ context }: Scope, message: string, { file, span }: Mark): boolean {
  return context.problems.some(
    ({ message: said, primary }) => said === message && primary?.file === file && primary.span.start !== span.start,
  );
}

/** A scope inside this one, with some of its fields replaced; names and axes are copies, so that the inner ones stay inside. */
export function inner(scope: Scope, changes: Partial<Scope>): Scope {
  return {
    ...scope,
    ...changes,
    names: changes.names ?? new Map(scope.names),
    sizes: changes.sizes ?? new Map(scope.sizes),
    axes: changes.axes ?? new Map(scope.axes),
  };
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
