/** What is to be said of rules that do not fit their model, and what mends them. */
import type { AddressRule, Span, WeightsDeclaration } from "../../grammar/ast.js";
import type { SourceFile } from "../1-resolve/program.js";
import { sourceOf } from "../1-resolve/source-of.js";
import { didYouMean } from "../diagnostics/did-you-mean.js";
import { problem, type Mark, type Problem, type ProblemDetails } from "../diagnostics/problem.js";
import { closest } from "../diagnostics/suggest.js";
import type { Weight } from "../ir/graph.js";
import type { Address } from "./addresses.js";

const at = (start: number): Span => ({ start, end: start });

/** `* = "{}"` before the brace that ends the rules. */
export function everyOtherName({ name: file, text }: SourceFile, { span }: WeightsDeclaration): ProblemDetails {
  const rule = '* = "{}"';
  const isOnOwnLine = /\n[ \t]*$/.test(text.before(span.end - 1));
  const put = isOnOwnLine ? `  ${rule}\n` : ` ${rule} `;
  return {
    help: `give the rest their own names: \`${rule}\` at the end`,
    fixes: [{ file, span: at(span.end - 1), text: put }],
  };
}

/** The weight's axes in the order in which they are declared. */
export function everyAxis({ file, span }: Mark, labels: readonly string[]): ProblemDetails {
  const text = labels.join(" ");
  return { help: `write \`[${text}]\`, in the order of the checkpoint`, fixes: [{ file, span, text }] };
}

/** The first segment that no address has, and the name that was most likely meant there. */
export function matchesNothing(file: SourceFile, rule: AddressRule, addresses: readonly Address[]): Problem {
  const segments = rule.address.map((segment) =>
    segment.kind === "label" ? [segment.name] : segment.kind === "group" ? segment.names : [],
  );
  let left = addresses;
  for (const [n, names] of segments.entries()) {
    const known = left.flatMap(({ steps }) => steps[n]?.name ?? []);
    const wrong = names.find(({ name }) => !known.includes(name));
    if (wrong) {
      const mark = { file: file.name, span: wrong.span };
      const { label, fixes } = didYouMean(mark, closest(wrong.name, known));
      return problem(
        "W302",
        { pattern: patternOf(file, rule) },
        { ...mark, ...(label !== undefined && { label }) },
        { fixes },
      );
    }
    left = left.filter(({ steps }) => names.some(({ name }) => name === steps[n]?.name));
  }
  const end = rule.address.at(-1)?.span.end ?? rule.span.end;
  return problem(
    "W302",
    { pattern: patternOf(file, rule) },
    { file: file.name, span: { start: rule.span.start, end } },
  );
}

const patternOf = (file: SourceFile, { address, span: { start, end } }: AddressRule): string =>
  sourceOf(file, { start, end: address.at(-1)?.span.end ?? end });

/** A name that says the index: a number in it becomes the index, as does an index of another name. */
export function indexedName(
  { name: file, text }: SourceFile,
  { address, name: { span } }: AddressRule,
  stray: string | undefined,
): ProblemDetails {
  const [index] = address.flatMap((segment) =>
    segment.kind === "label" && segment.index?.kind === "identifier" ? [segment.index.name] : [],
  );
  const written = text.slice(span.start, span.end);
  const wrong = stray === undefined ? /(?<=[".])\d+(?=[".])/ : new RegExp(`\\{${stray}\\}`);
  if (index === undefined || !wrong.test(written)) return {};
  const better = written.replace(wrong, `{${index}}`);
  return { help: `write \`${better}\``, fixes: [{ file, span, text: better }] };
}

/** A weight with the name that it has in the checkpoint, and the rule that says so. */
export interface Taken {
  readonly text: string;
  readonly rule: AddressRule;
  readonly weight: Weight;
}

/** Two weights of one name. Where one rule gives it to a group, the group is one tensor on disk: `stack[out]`. */
export function oneName(file: SourceFile, name: string, first: Taken, second: Taken): Problem {
  const [primary, other] = [second.rule, first.rule].map(({ span }) => ({ file: file.name, span }));
  const parameters = { name, first: first.text, second: second.text };
  if (first.rule !== second.rule) return problem("W304", parameters, primary, { secondary: other ? [other] : [] });
  const names = /\(([^()]*)\)/.exec(second.rule.name.value)?.[1]?.trim().split(/\s+/);
  const group = second.rule.address.find((segment) => segment.kind === "group");
  if (names && group && names.length !== group.names.length) {
    const what = `${group.names.length} weights, ${names.length} names: (${names.join(" ")})`;
    return problem("W303", { what }, { file: file.name, span: second.rule.name.span });
  }
  const [axis] = second.weight.type.axes;
  const isGroup = second.rule.address.some(({ kind }) => kind === "group") && !second.rule.stack && axis?.label;
  if (!isGroup) return problem("W304", parameters, primary);
  const stack = `stack[${axis.label}]`;
  return problem("W304", parameters, primary, {
    help: `if they are one tensor on disk, one behind the other: \`${stack}\``,
    fixes: [{ file: file.name, span: at(second.rule.name.span.end), text: ` ${stack}` }],
  });
}
