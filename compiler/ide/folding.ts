/** Parts of a text that can be hidden. */
import type { Span, WeightRule } from "../../grammar/ast.js";
import { scan } from "../../grammar/scan.js";
import type { Token } from "../../grammar/tokens.js";
import type { Snapshot, Source } from "./snapshot.js";

export interface Folding {
  /** From the line that stays to the last that is hidden; several lines. */
  readonly span: Span;
  readonly kind: "brackets" | "declaration" | "comment" | "imports" | "rules";
}

/** In the order of the text; of two that begin on one line the longer. */
export function folding(snapshot: Snapshot, file: string): Folding[] {
  const source = snapshot.source(file);
  if (!source) return [];
  const { text } = source;
  const { tokens, comments } = scan(text);
  const ownLines = comments.filter(({ ownLine }) => ownLine).map(({ span }) => span);
  const all: Folding[] = [
    ...inBrackets(tokens).map((span) => ({ span, kind: "brackets" as const })),
    ...declarations(source).map((span) => ({ span, kind: "declaration" as const })),
    ...runs(text, ownLines).map((span) => ({ span, kind: "comment" as const })),
    ...runs(text, imports(source)).map((span) => ({ span, kind: "imports" as const })),
    ...ruleRuns(source).map((span) => ({ span, kind: "rules" as const })),
  ];
  const longest = new Map<number, Folding>();
  for (const each of all) {
    if (!hasLines(text, each.span)) continue;
    const line = text.lastIndexOf("\n", each.span.start - 1);
    const known = longest.get(line);
    if (!known || known.span.end < each.span.end) longest.set(line, each);
  }
  return [...longest.values()].sort((a, b) => a.span.start - b.span.start);
}

const hasLines = (text: string, { start, end }: Span): boolean => text.slice(start, end).includes("\n");

const opening: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

function inBrackets(tokens: readonly Token[]): Span[] {
  const open: Token[] = [];
  return tokens.flatMap((token): Span[] => {
    if (token.kind === "(" || token.kind === "[" || token.kind === "{") open.push(token);
    const kind = opening[token.kind];
    const at = kind === undefined ? -1 : open.findLastIndex((each) => each.kind === kind);
    if (at < 0) return [];
    const [first] = open.splice(at);
    return first && first.line !== token.line ? [{ start: first.start, end: token.end }] : [];
  });
}

/** Such as a head of two lines: the whole declaration. */
const declarations = ({ file, toText }: Source): Span[] =>
  file.all.flatMap(({ kind, span }) => (kind === "import" ? [] : (toText(span) ?? [])));

const imports = ({ file, toText }: Source): Span[] =>
  file.all.flatMap(({ kind, span }) => (kind === "import" ? (toText(span) ?? []) : []));

/** A line ends, perhaps with a comment, and the next begins. */
const nextLine = /^[^\S\n]*(?:#[^\n]*)?\r?\n[^\S\n]*$/;

/** Things on lines that follow each other, together. */
function runs(text: string, spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    const between = last && text.slice(last.end, span.start);
    if (last && between !== undefined && nextLine.test(between))
      found[found.length - 1] = { start: last.start, end: span.end };
    else found.push(span);
  }
  return found;
}

/** Rules of one sort that follow each other without an empty line: what config.json says, where the weights are. */
function ruleRuns({ file, text, toText }: Source): Span[] {
  return file.all.flatMap((declaration) => {
    if (declaration.kind !== "weights") return [];
    return (["config", "names"] as const).flatMap((sort) => {
      const rules = declaration.rules.filter((rule) => sortOf(rule) === sort);
      return runs(
        text,
        rules.flatMap(({ span }) => toText(span) ?? []),
      );
    });
  });
}

function sortOf(rule: WeightRule): "config" | "names" {
  const ofConfig = ["type-rule", "class-rule", "config-rule", "expect-rule"].includes(rule.kind);
  return ofConfig || (rule.kind === "ignore-rule" && rule.what === "fields") ? "config" : "names";
}
