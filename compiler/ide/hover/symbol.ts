/** What a name means where it stands, by what kind of thing it stands for. */
import type { Apply, Expression, Input, Span, WeightStatement } from "../../../grammar/ast.js";
import { printExpression } from "../../../grammar/index.js";
import type { SourceFile } from "../../1-resolve/program.js";
import { sourceLine } from "../../1-resolve/source-of.js";
import { primitives } from "../../ops/index.js";
import { evaluate, printDim, type Atom, type Dim } from "../../shapes/index.js";
import { blockNamed, usageOf } from "../complete/declared.js";
import type { Occurrence, Symbol } from "../names/symbol.js";
import { nodesIn } from "../nodes-at.js";
import type { Seen } from "../observed.js";
import { declaredText, headLines } from "./declared.js";
import { entryText } from "./entry.js";
import { layerText } from "./layer.js";
import { code, inline, paragraphs } from "./markdown.js";
import { modelText } from "./model.js";
import { configsFor, layersNamed, type HoverPlace } from "./place.js";
import { meaningText, underText } from "./types.js";
import { weightText } from "./weight.js";
import { wordDocs } from "./words.js";

export function symbolText(place: HoverPlace, occurrence: Occurrence): string | undefined {
  const { symbol, span } = occurrence;
  const { snapshot } = place;
  const file = snapshot.source(symbol.file)?.file;
  const { declaration } = symbol;
  switch (symbol.kind) {
    case "word":
      return wordText(symbol);
    case "primitive":
      return paragraphs(primitiveText(symbol.name), resultText(place));
    case "value":
      return valueText(place, symbol.name, span);
    default:
      return file && declaration ? declaredSymbolText(place, occurrence, file) : undefined;
  }
}

/** Of the named argument of a primitive, the primitive tells. */
function wordText({ name, owner = "" }: Symbol): string | undefined {
  const docs = Object.hasOwn(wordDocs, owner) ? wordDocs[owner] : undefined;
  const doc = docs && Object.hasOwn(docs, name) ? docs[name] : undefined;
  return doc === undefined ? primitiveText(owner) : paragraphs(code(name), doc);
}

function primitiveText(name: string): string | undefined {
  const primitive = primitives.get(name);
  return primitive && paragraphs(code(usageOf(primitive)), primitive.doc);
}

function declaredSymbolText(
  place: HoverPlace,
  { symbol: { kind, name, declaration, owner }, role, span }: Occurrence,
  file: SourceFile,
): string | undefined {
  const { snapshot } = place;
  if (!declaration) return undefined;
  switch (kind) {
    case "model":
    case "task":
    case "config":
      return paragraphs(declaredText(file, declaration), numbersText(place, { kind, name }));
    case "block":
    case "alias":
    case "function":
    case "mask":
    case "score":
      return paragraphs(declaredText(file, declaration), role === "declares" ? undefined : resultText(place));
    case "outer":
      return paragraphs(declaredText(file, declaration), "An outer axis: its entries are independent of each other.");
    case "layer":
      return layerHover(place, declaration, file, name);
    case "entry":
      return "parameters" in declaration
        ? paragraphs(
            entryText(snapshot, file, declaration, name),
            isOwnBlock(place, owner) ? underOf(place, name) : undefined,
          )
        : undefined;
    case "input": {
      const input = "inputs" in declaration ? declaration.inputs.find((each) => each.name.name === name) : undefined;
      return input && inputText(place, file, input, owner, role, span);
    }
    case "size":
    case "axis":
      return sizeText(place, kind, name, owner);
    case "counter": {
      const loop = nodesIn(declaration).find((node) => node.kind === "repeat" && node.index.name === name);
      return loop?.kind === "repeat" ? counterText(place, name, loop.count) : undefined;
    }
    case "weight":
    case "state": {
      const isOwn = (node: { readonly kind: string }): node is WeightStatement => node.kind === "weight";
      const statement = nodesIn(declaration)
        .filter(isOwn)
        .find((node) => node.name.name === name);
      const label = ownLabel(place);
      return (
        statement &&
        weightText(place, file, statement, ({ address, weight }) => {
          const isBelow =
            label === undefined || new RegExp(`(^|\\.)${label}(\\.(\\{\\w+\\}|\\d+))?\\.${name}$`).test(address);
          return weight.block === owner && (address === name || address.endsWith(`.${name}`)) && isBelow;
        })
      );
    }
    default:
      return undefined;
  }
}

function counterText(place: HoverPlace, name: string, count: Expression): string {
  const found = place.under();
  const turns = found && underText(found, [count.span]);
  return paragraphs(
    code(`repeat ${name} < ${printExpression(count)}`),
    `${inline(name)} is 0, 1, 2, ... in one turn after the other.`,
    turns && `${turns} turns`,
  );
}

const ownName = ({ declaration }: HoverPlace): string | undefined =>
  "name" in declaration ? declaration.name.name : undefined;

/** `wte` of `wte.weight`. */
function ownLabel({ path }: HoverPlace): string | undefined {
  const member = path.findLast((node) => node.kind === "member");
  const object = member?.object.kind === "subscript" ? member.object.object : member?.object;
  return object?.kind === "name" ? object.name : undefined;
}

/** A value, where it is named or read: names may be given again, so that it matters where. */
function valueText(place: HoverPlace, name: string, span: Span): string | undefined {
  const { path, defined, source } = place;
  const nodes = path.filter(
    (node) => source.toText(node.span)?.start === span.start && (node.kind === "name" || node.kind === "identifier"),
  );
  const spans = nodes.map((node) => node.span);
  const seen = spans.flatMap((each) => defined().get(each) ?? []).at(-1);
  const text = seen && meaningText(seen.meaning);
  if (text === undefined) return seen?.meaning.kind === "unknown" || !seen ? undefined : code(`${name} = ...`);
  const found = place.under();
  return paragraphs(code(`${name}${text}`), found && underText(found, spans, text.slice(2)));
}

/** What comes out of the stage or the call that the name is of. */
function resultText(place: HoverPlace): string | undefined {
  const { path, defined } = place;
  const stage = path.findLast((node) => {
    const seen = defined().get(node.span)?.at(-1);
    const isResult = seen?.meaning.kind === "tensor" || seen?.meaning.kind === "several";
    return isResult && ["apply", "call", "name", "rearrange"].includes(node.kind);
  });
  const seen: Seen | undefined = stage && defined().get(stage.span)?.at(-1);
  const text = seen && meaningText(seen.meaning)?.slice(2);
  if (!stage || text === undefined || seen?.scope.order) return undefined;
  const found = place.under();
  const under = found && underText(found, [stage.span], text);
  const layer = stage.kind === "apply" ? layerText(place, stage, found) : undefined;
  return paragraphs(`Gives ${inline(text)}${under === undefined ? "" : `; ${under}`}`, layer);
}

function layerHover(
  place: HoverPlace,
  declaration: NonNullable<Symbol["declaration"]>,
  file: SourceFile,
  name: string,
): string | undefined {
  const { path, snapshot, defined, under } = place;
  const isHere = (node: { readonly kind: string }): node is Apply => node.kind === "apply";
  const here = path.filter(isHere).find((node) => layersNamed(place.declaration, name).includes(node));
  const stage = here ?? layersNamed(declaration, name)[0];
  if (!stage) return undefined;
  const block = blockNamed(snapshot.program, file, stage.block.name);
  const seen = defined().get(stage.span)?.at(-1);
  const text = seen && meaningText(seen.meaning)?.slice(2);
  const found = under(here ? undefined : { declaration, file: file.name });
  const inNumbers = found && underText(found, [stage.span], text);
  return paragraphs(
    code(layerLine(file, stage), ...(block ? ["", ...headLines(block.file, block.declaration)] : [])),
    block?.declaration.doc,
    text === undefined ? undefined : `Gives ${inline(text)}${inNumbers === undefined ? "" : `; ${inNumbers}`}`,
    layerText(place, stage, found),
  );
}

/** Arguments that would not fit are left out. */
function layerLine(file: SourceFile, stage: Apply): string {
  const line = sourceLine(file, stage.span);
  if (line.length <= lineLimit || !stage.settings) return line;
  return `${sourceLine(file, { start: stage.span.start, end: stage.settings.span.end })}(...)`;
}

const lineLimit = 110;

/** Where it is read, it may have been given another value. */
function inputText(
  place: HoverPlace,
  file: SourceFile,
  input: Input,
  owner: string | undefined,
  role: Occurrence["role"],
  span: Span,
): string {
  const here = role === "declares" || owner !== ownName(place) ? undefined : valueText(place, input.name.name, span);
  const fallback = input.fallback ? `, ${inline(printExpression(input.fallback))} if left out` : "";
  return paragraphs(here ?? code(sourceLine(file, input.span)), `Input of ${inline(owner ?? "")}${fallback}.`);
}

/** Of a model all configs are told; a block has what it is applied with. */
const isOwnBlock = ({ declaration }: HoverPlace, owner: string | undefined): boolean =>
  declaration.kind === "block" && declaration.keyword === "block" && declaration.name.name === owner;

/** What a config makes of something that has a name in the declaration. */
function underOf(place: HoverPlace, name: string, said?: string): string | undefined {
  const found = place.under();
  const spans = nodesIn(place.declaration).flatMap((node) =>
    node.kind === "name" && node.name === name ? [node.span] : [],
  );
  return found && underText(found, spans, said);
}

/** A size of the declaration, or an axis: how much of it there is. */
function sizeText(place: HoverPlace, kind: "size" | "axis", name: string, owner: string | undefined): string {
  const sizeIn = ({ scope }: Seen): string | undefined => {
    const dim = scope.sizes.get(name) ?? scope.axes.get(name);
    if (dim === undefined || dim === "ambiguous") return undefined;
    const number = scope.context.mode === "instance" ? numberIn(scope.context.numbers, dim) : undefined;
    return number ?? (scope.context.mode === "instance" ? undefined : printDim(dim));
  };
  const all = (seen: ReadonlyMap<Span, readonly Seen[]>): string[] => [
    ...new Set([...seen.values()].flat().flatMap((each) => sizeIn(each) ?? [])),
  ];
  const [defined, found] = [all(place.defined()), place.under()];
  const own = defined.length === 1 && defined[0] !== name ? ` = ${defined[0]}` : "";
  const numbers = found ? all(found.seen) : [];
  const under =
    found &&
    numbers.length > 0 &&
    numbers.length <= 3 &&
    `${inline(found.config.name.name)}: ${numbers.map(inline).join(" or ")}`;
  const what =
    kind === "size" ? `Size of ${inline(owner ?? "")}, read off its inputs, and the axis of that size.` : "Axis.";
  return paragraphs(code(`${name}${own}`), what, under || undefined);
}

function numberIn(numbers: ReadonlyMap<Atom, number>, dim: Dim): string | undefined {
  const number = evaluate(dim, (atom) => numbers.get(atom));
  return number === undefined ? undefined : String(number);
}

function numbersText(place: HoverPlace, { kind, name }: Pick<Symbol, "kind" | "name">): string | undefined {
  const { snapshot, declaration, options } = place;
  const configs = configsFor(snapshot, declaration, options.config);
  const config =
    kind === "config"
      ? snapshot.program.entry.configs.get(name)
      : configs.find(({ model }) => kind === "task" || model.name === name);
  return config && !snapshot.view.doubtful.has(config)
    ? modelText(snapshot, config, kind === "task" ? name : undefined)
    : undefined;
}
