/** The shape of what a line computes, to be shown behind it: as in the manual, `x |> up: Linear{out: 4 * d}   f32[batch, seq, 4*d]`. */
import type { Declaration, Span } from "../../grammar/ast.js";
import { endOf, inText, spanInText, type SourceText } from "../../grammar/index.js";
import type { Definition } from "../2-check/definitions.js";
import type { NamedShape } from "../2-check/shapes-of.js";
import { printType } from "../2-check/types.js";
import { nodesIn } from "./nodes-at.js";
import type { Snapshot } from "./snapshot.js";

export interface InlayShape {
  /** Behind which character of the text. */
  readonly offset: number;
  /** `f32[batch, seq, 4*d]`; of a statement that names several values, the type of each. */
  readonly label: string;
  /** The stage or the name that has this shape: `hover` there says more. */
  readonly of: Span;
}

/** `lines`: one for each line. `all`: behind every stage and every name. */
export type InlayStyle = "off" | "lines" | "all";

/** In the order of the text. `range`: only what is between these offsets. */
export function inlayShapes(
  snapshot: Snapshot,
  file: string,
  range?: Span,
  { style = "lines" }: { readonly style?: InlayStyle } = {},
): InlayShape[] {
  const source = snapshot.source(file);
  if (!source || style === "off") return [];
  const { start, end } = range ?? { start: 0, end: source.text.length };
  return source.sections.flatMap((section): InlayShape[] => {
    const { declaration, at } = section;
    const definition = declaration && snapshot.view.definitions.get(declaration);
    if (!definition || endOf(section) < start || at > end) return [];
    return shapesIn(source.file.text, declaration, definition, style)
      .map(({ offset, label, of }) => ({ offset: inText(section, offset), label, of: spanInText(section, of) }))
      .filter(({ offset }) => start <= offset && offset <= end);
  });
}

const known = { lines: new WeakMap<Definition, InlayShape[]>(), all: new WeakMap<Definition, InlayShape[]>() };

/** Where the trees have them. A declaration that an edit leaves as it is has the same as before. */
function shapesIn(
  text: SourceText,
  declaration: Declaration,
  definition: Definition,
  style: Exclude<InlayStyle, "off">,
): InlayShape[] {
  const before = known[style].get(definition);
  if (before) return before;
  // What is read twice, under different facts, was last read with what is known after both.
  const last = new Map(
    definition.shapes.map((shape) => [`${shape.kind} ${shape.span.start} ${shape.span.end}`, shape]),
  );
  const shapes = [...last.values()].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const made = style === "all" ? atEach(shapes) : atLines(text, declaration, shapes);
  known[style].set(definition, made);
  return made;
}

const atEach = (shapes: readonly NamedShape[]): InlayShape[] => shapes.map(behind).sort((a, b) => a.offset - b.offset);

const behind = ({ span, type }: NamedShape): InlayShape => ({ offset: span.end, label: printType(type), of: span });

/** What a statement names, where that statement ends; on other lines the last stage that ends there. */
function atLines(text: SourceText, declaration: Declaration, shapes: readonly NamedShape[]): InlayShape[] {
  if (shapes.length === 0) return [];
  const lineEnd = (offset: number): number => {
    const rest = text.after(offset);
    const end = rest.indexOf("\n");
    return offset + (end < 0 ? rest.length : end);
  };
  const byLine = new Map<number, InlayShape>();
  for (const shape of shapes) {
    const line = lineEnd(shape.span.end);
    const earlier = byLine.get(line);
    // A stage may hold others: the one that ends last is the line's.
    if (shape.kind === "stage" && (!earlier || earlier.offset <= shape.span.end)) byLine.set(line, behind(shape));
  }
  const types = new Map(shapes.flatMap(({ kind, span, type }) => (kind === "value" ? [[span.start, type]] : [])));
  for (const { names, span } of namings(declaration)) {
    const found = names.flatMap(({ start }) => types.get(start) ?? []);
    const [of] = names;
    if (!of || found.length === 0) continue;
    byLine.set(lineEnd(span.end), { offset: span.end, label: found.map(printType).join(", "), of });
  }
  return [...byLine.values()].sort((a, b) => a.offset - b.offset);
}

interface Naming {
  readonly names: readonly Span[];
  readonly span: Span;
}

/** Statements that name something. `+=` and `*=` keep the shape, and a value by another name is no news. */
function namings(declaration: Declaration): Naming[] {
  return nodesIn(declaration).flatMap((node): Naming[] => {
    if (node.kind === "unpack") return [{ names: node.names.map(({ span }) => span), span: node.span }];
    if (node.kind !== "assign" || node.operator !== "=" || node.value.kind === "name") return [];
    return [{ names: [node.name.span], span: node.span }];
  });
}
