/** Where a block is put to use, what it left open is asked of the sizes that it is given; the caller's own text is blamed. */
import type { BlockDeclaration, Setting, Span } from "../../grammar/ast.js";
import {
  asAtom,
  assume,
  atomsOf,
  atomsOfCondition,
  printCondition,
  type Atom,
  type Condition,
} from "../shapes/index.js";
import type { Declared } from "../1-resolve/program.js";
import type { Mark } from "../diagnostics/problem.js";
import type { Given } from "./arguments.js";
import { numberOf } from "./decide.js";
import type { Demand } from "./demand.js";
import { spend } from "./effort.js";
import { factToAdd } from "./fact-to-add.js";
import { isUnknown } from "./ends.js";
import { meet } from "./meet.js";
import { divisorAdvice, listed } from "./numbers.js";
import { reportFixed } from "./report-fixed.js";
import { mark, report, type Scope } from "./scope.js";
import { isUndecidable, translate, type Obligation, type Summary } from "./summaries.js";
import { printSize } from "./types.js";
import { clipped, describeRange } from "./within-axis.js";
import type { Dim } from "../shapes/index.js";

/** One application of a block, for blame. */
export interface Applied {
  readonly label: string | undefined;
  readonly span: Span;
  readonly given: ReadonlyMap<string, Given>;
  readonly settings: ReadonlyMap<string, { readonly setting: Setting; readonly from: Scope }>;
}

/** What asking one demand costs, in expressions read. */
const stepsOfDemand = 10;

/** `body` is the callee's scope, its entries and inputs bound in the caller's terms. False (reported) where it cannot be met. */
export function settle(scope: Scope, body: Scope, block: Declared<BlockDeclaration>, applied: Applied): boolean {
  const { context } = scope;
  const summary = context.summaryOf(block);
  const known = new Map<Atom, Dim>();
  const failed: { obligation: Obligation; demand: Demand; wanting: readonly Condition[] }[] = [];
  for (const obligation of summary.obligations) {
    if (!spend(scope, stepsOfDemand, applied.span)) return false;
    const { demand, given } = translate(body, summary, known, obligation);
    if (isUndecidable(given)) continue; // Each config will tell whether that branch is taken.
    const { facts } = context;
    context.facts = given.reduce(assume, facts);
    const via = [...(applied.label === undefined ? [] : [applied.label]), ...obligation.via];
    const fail = (wanting: readonly Condition[]): void =>
      void failed.push({ obligation: { ...obligation, via }, demand, wanting });
    const isMet = meet(scope, demand, applied.span, fail, { place: obligation.place, via: [...scope.via, ...via] });
    if (given.length > 0) context.facts = facts;
    if (!isMet && (demand.kind !== "fact" || failed.at(-1)?.wanting.length === 0)) break;
  }
  // What else it demands may be the same mistake; what it requires else is mended with it.
  const [first] = failed;
  if (!first) return true;
  const facts = failed.flatMap((other) => (other.demand.kind === "fact" ? other.wanting : []));
  const { obligation, demand, wanting } = first;
  const all = demand.kind === "fact" && wanting.length > 0 ? facts : wanting;
  blame(scope, body, summary, applied, obligation, demand, all);
  return false;
}

function blame(
  scope: Scope,
  body: Scope,
  summary: Summary,
  applied: Applied,
  obligation: Obligation,
  demand: Demand,
  wanting: readonly Condition[],
): void {
  const { context } = scope;
  const there: Scope = { ...scope, via: [...scope.via, ...obligation.via] };
  const causes = causesOf(scope, summary, applied, obligation.demand);
  const [primary = mark(scope, applied.span), ...others] = causes;
  const sizeText = (dim: Dim): string => printSize(dim, numberOf(context, dim));
  const secondary = (label: string): { secondary: Mark[] } => ({
    secondary: [...others, { ...obligation.place, label: obligation.place.label ?? label }],
  });
  switch (demand.kind) {
    case "division": {
      const parameters = { divisor: sizeText(demand.divisor), dividend: sizeText(demand.dividend) };
      const [whole, parts] = [numberOf(context, demand.dividend), numberOf(context, demand.divisor)];
      const help = whole !== undefined && parts !== undefined ? divisorAdvice(whole, parts) : undefined;
      report(there, "T201", parameters, primary, { ...secondary("must be exact"), help, ...factToAdd(scope, wanting) });
      return;
    }
    case "fact": {
      const { condition, callee } = demand;
      const contrary =
        condition.kind === "divides"
          ? `${sizeText(condition.divisor)} does not divide ${sizeText(condition.dividend)}`
          : undefined;
      const fact = condition.kind === "constant" ? factWithNumbers(body, obligation.demand) : printCondition(condition);
      const parameters = { fact, callee, contrary };
      report(there, "T203", parameters, primary, { ...secondary("required here"), ...factToAdd(scope, wanting) });
      return;
    }
    case "range":
      report(there, "T204", { what: describeRange(scope, demand) }, primary, {
        ...secondary("looked up here"),
        ...(isUnknown(demand.index) && primary.file === scope.file.name && causes.length > 0
          ? clipped(scope, primary.span, demand.size)
          : factToAdd(scope, wanting)),
      });
      return;
    case "slice": {
      const what = `slice ${sizeText(demand.from)}..${sizeText(demand.to)} runs past axis ${demand.axis}, which has ${sizeText(demand.size)} entries`;
      report(there, "T204", { what }, primary, { ...secondary("sliced here"), ...factToAdd(scope, wanting) });
      return;
    }
    case "fixed":
      reportFixed(scope, [...obligation.via, demand.address].join("."), demand.size, mark(scope, applied.span));
  }
}

/** `seq % 2 == 0, with seq = 7`: the callee's own words, where in the caller's nothing is left of them. */
function factWithNumbers(body: Scope, demand: Demand): string {
  if (demand.kind !== "fact") return "";
  const numbers = atomsOfCondition(demand.condition).flatMap(({ name }) => {
    const entry = body.names.get(name);
    const dim = entry?.kind === "int" ? entry.dim : body.sizes.get(name);
    const number = dim && numberOf(body.context, dim);
    return number === undefined ? [] : [`${name} = ${number}`];
  });
  return `${printCondition(demand.condition)}${numbers.length > 0 ? `, with ${listed(numbers)}` : ""}`;
}

/** What the caller wrote for the names that the callee's demand speaks of, the likeliest culprit first. */
function causesOf(scope: Scope, { symbols }: Summary, { given, settings }: Applied, demand: Demand): Mark[] {
  const names = new Set(symbolsOf(demand).flatMap((symbol) => symbols.get(symbol) ?? []));
  return [...names].flatMap((name): Mark[] => {
    const setting = settings.get(name);
    if (setting?.from.file === scope.file)
      return [mark(scope, setting.setting.value.span, labelFor(demand, name, symbols))];
    const argument = given.get(name);
    if (argument?.kind === "written") return [mark(scope, argument.argument.value.span)];
    return argument?.kind === "piped" && argument.at ? [mark(scope, argument.at)] : [];
  });
}

/** `12 rows` beside the setting that says how many entries the table has. */
function labelFor(demand: Demand, name: string, symbols: Summary["symbols"]): string | undefined {
  const size = demand.kind === "range" ? asAtom(demand.size) : undefined;
  const isSize = size !== undefined && symbols.get(size) === name;
  return isSize ? "the table's size" : undefined;
}

function symbolsOf(demand: Demand): readonly Atom[] {
  switch (demand.kind) {
    case "division":
      return [...atomsOf(demand.divisor), ...atomsOf(demand.dividend)];
    case "fact":
      return atomsOfCondition(demand.condition);
    case "range":
      return [...atomsOf(demand.index), ...atomsOf(demand.size)];
    case "slice":
      return [...atomsOf(demand.from), ...atomsOf(demand.to), ...atomsOf(demand.size)];
    case "fixed":
      return [];
  }
}
