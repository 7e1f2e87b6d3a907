/**
 * How far the reading of one definition or config goes. What a definition applies is read again at each use, so blocks,
 * functions and masks that use the next one twice double the work with each level; and each level takes stack.
 */
import type { Span } from "../../grammar/ast.js";
import type { NamedDeclaration, Program } from "../1-resolve/program.js";
import { hasErrors, isFull, type Mark, type Problem } from "../diagnostics/problem.js";
import { mark, report, type Scope } from "./scope.js";

export interface Effort {
  /** Expressions read so far, and how many may be. */
  steps: number;
  readonly limit: number;
  /** Expressions that are being read, each inside of the one before. */
  depth: number;
  /** The outermost of them, and whose it is: what is too much is so by what it leads to. */
  outermost: { readonly owner: string; readonly at: Mark } | undefined;
  /** While something is tried: with more problems than these it has failed, and the rest of it need not be read. */
  mostProblems: number;
  /** Where it has been said that this is too much: what is tried silently must be said again. */
  told: readonly Problem[] | undefined;
}

/** To read each expression of a text once takes fewer steps than it has characters. */
export function effortFor({ files }: Program): Effort {
  const length = [...files.values()].reduce((sum, { text }) => sum + text.length, 0);
  return {
    steps: 0,
    limit: Math.max(fewestSteps, length),
    depth: 0,
    outermost: undefined,
    mostProblems: Infinity,
    told: undefined,
  };
}

/** Large models without a `repeat` take some thousand steps. */
const fewestSteps = 40_000;
/** No expression that is written down nests as deep. */
const deepest = 2_000;
/** Definitions that use each other. */
export const levelLimit = 100;
export const tooDeep = `definitions that use each other nest more than ${levelLimit} levels deep`;

/** Whether one more expression may be read; `leaveExpression` follows where it may. */
export function enterExpression(scope: Scope, span: Span): boolean {
  const { effort, problems } = scope.context;
  if (effort.depth === 0) effort.outermost = { owner: scope.owner, at: mark(scope, span) };
  if (problems.length > effort.mostProblems) return false;
  if ((isFull(problems) && hasErrors(problems)) || !spend(scope, 1, span)) return false;
  if (effort.depth >= deepest)
    return refuse(scope, `expressions and what they call nest more than ${grouped(deepest)} levels deep`, span);
  effort.depth += 1;
  return true;
}

/** Whether there is effort left for so many steps, which is then spent. */
export function spend(scope: Scope, steps: number, span: Span): boolean {
  const { effort } = scope.context;
  effort.steps += steps;
  if (effort.steps <= effort.limit) return true;
  return refuse(
    scope,
    `reading ${effort.outermost?.owner ?? scope.owner} takes more than ${grouped(effort.limit)} steps`,
    span,
  );
}

/** Says so, once in each list of problems. */
function refuse(scope: Scope, what: string, span: Span): false {
  const { effort, problems } = scope.context;
  if (effort.told !== problems && !hasHitLimit(problems))
    report(scope, "L701", { what }, effort.outermost?.at ?? span, {
      help: "use `repeat` for what recurs, and fewer levels of definitions",
    });
  effort.told = problems;
  return false;
}

/** Whether there is no use in reading on: what is read after something that was too much would be too much again. */
export const hasHitLimit = (problems: readonly Problem[]): boolean =>
  (isFull(problems) && hasErrors(problems)) || problems.some(({ code }) => code === "L701");

export function leaveExpression(scope: Scope): void {
  scope.context.effort.depth -= 1;
}

/**
 * What is being read once `declaration` is followed too; undefined, and reported, where that has no end or is too deep.
 */
export function follow(
  scope: Scope,
  declaration: NamedDeclaration,
  span: Span,
  following = scope.following,
): readonly NamedDeclaration[] | undefined {
  const { name } = declaration.name;
  if (following.includes(declaration)) {
    // A circle is one mistake, whichever of those in it is read.
    const circle = following.slice(following.indexOf(declaration)).map((each) => each.name.name);
    if (circle.every((other) => name <= other))
      report(scope, "N109", { name }, span, { notes: circleNotes(circle, name) });
    return undefined;
  }
  if (following.length >= levelLimit) {
    refuse(scope, tooDeep, span);
    return undefined;
  }
  return [...following, declaration];
}

const circleNotes = (circle: readonly string[], name: string): string[] =>
  circle.length > 1 ? [[...circle, name].join(" > ")] : [];

const grouped = (number: number): string => number.toString().replace(/\B(?=(\d{3})+$)/g, "_");
