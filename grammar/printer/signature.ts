/** How the head of a definition is broken in lines. */
import { flatten, hardLine, hung, indent, join, mustBreak, type Document } from "./document.js";
import { width } from "./width.js";

/** What is absent is "". */
interface Signature {
  /** `block Name[seq, d]` */
  readonly head: Document;
  /** `{heads, ff}` */
  readonly parameters: Document;
  /** `(x: f32[batch, seq, d])` */
  readonly inputs: Document;
  /** ` on Model as x` */
  readonly on: Document;
  /** `-> f32[batch, seq, d]` */
  readonly result: Document;
  /** `where d % heads == 0` */
  readonly where: Document;
}

/** A line, and what it shows where parts of it go between their brackets: what is on the line of the last one. */
interface Line {
  readonly document: Document;
  readonly shown: Document;
}

/**
 * The first of several layouts that has room. What data goes in and out is together as long as it can be, below the parameters if
 * need be, and the facts are below it. Parameters that have no room beside the name, and inputs that have none on a line, go
 * between their brackets.
 */
export function signature({ head, parameters, inputs, on, result, where }: Signature): Document {
  const configured = plain([head, parameters]);
  const isSpread = parameters !== "" && !hasRoom([configured.shown, "("], 0);
  const start = isSpread ? { document: [head, hung(parameters)], shown: "}" } : configured;
  const flow = plain([inputs, on]);
  const beside = [spaced(result, where)];
  const factsBelow = [spaced(result), where];
  const resultBelow = ["", join(" ", present(result, where))];
  const apart = ["", result, where];

  const joined = (rest: readonly Document[]): Line[] => after(rest, start, flow);
  const split = (rest: readonly Document[]): Line[] => [start, ...after(rest, flow)];
  const canSplit = parameters !== "" && !isSpread;
  const spreadFlow = { document: [start.document, hung(inputs), on], shown: [")", on] };

  const layouts = [
    joined(beside),
    joined(factsBelow),
    ...(canSplit ? [split(beside)] : []),
    joined(resultBelow),
    ...(canSplit ? [split(factsBelow), split(resultBelow)] : []),
    joined(apart),
    ...(canSplit ? [split(apart)] : []),
    ...[beside, factsBelow, apart].map((rest) => after(rest, spreadFlow)),
  ].map((lines) => lines.filter(({ shown }) => !isEmpty(shown)));
  // Results and facts that have a line of their own are set on it as they fit.
  const free: readonly Document[] = [result, where];
  const fits = (line: Line, index: number, { length }: readonly Line[]): boolean =>
    free.includes(line.shown) || hasRoom(line.shown, index === 0 ? 0 : 4, index === length - 1 ? " {".length : 0);
  const [first, ...others] = layouts.find((lines) => lines.every(fits)) ?? layouts.at(-1) ?? [];
  return [
    first?.document ?? "",
    indent(
      others.map(({ document }) => [hardLine, document]),
      4,
    ),
  ];
}

const plain = (document: Document): Line => ({ document, shown: document });

const present = (...documents: readonly Document[]): Document[] => documents.filter((document) => document !== "");

const spaced = (...documents: readonly Document[]): Document =>
  present(...documents).map((document) => [" ", document]);

const isEmpty = (document: Document): boolean => flatten(document) === "" && !mustBreak(document);

/** `before` on one line with the first of `lines`. */
function after([first = "", ...lines]: readonly Document[], ...before: readonly Line[]): Line[] {
  const documents = before.map(({ document }) => document);
  const shown = before.map((line) => line.shown);
  return [{ document: [...documents, first], shown: [...shown, first] }, ...lines.map(plain)];
}

function hasRoom(document: Document, indentation: number, behind = 0): boolean {
  return !mustBreak(document) && indentation + flatten(document).length + behind <= width;
}
