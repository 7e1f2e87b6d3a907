/** What is told of the place under the mouse. */
import type { Span } from "../../../grammar/ast.js";
import { encodingNamed, encodingPicture } from "../mask-picture/encoding-picture.js";
import { expressionsAt, picturesOf } from "../mask-picture/mask-picture.js";
import type { Snapshot } from "../snapshot.js";
import { code, image, inline, paragraphs, preformatted } from "./markdown.js";
import { placeAt, type HoverOptions, type HoverPlace } from "./place.js";
import { quoted } from "./quoted.js";
import { checkText } from "./check.js";
import { symbolText } from "./symbol.js";
import { meaningText, underText } from "./types.js";
import { wordAt } from "./word.js";

export interface Hover {
  /** What it is about. */
  readonly span: Span;
  readonly markdown: string;
}

export function hover(snapshot: Snapshot, file: string, offset: number, options: HoverOptions = {}): Hover | undefined {
  const place = placeAt(snapshot, file, offset, options);
  const told = place && (named(place) ?? quoted(place) ?? counted(place));
  const found = told ?? keyword(snapshot, file, offset) ?? (place && computed(place));
  if (!place || !found) return found;
  return { span: found.span, markdown: paragraphs(found.markdown, pictures(place), encoding(place)) };
}

/** What an encoding of the library gives, which no characters can show. */
function encoding({ occurrences, options }: HoverPlace): string | undefined {
  const named = occurrences.find(({ symbol }) => symbol.file === "std/positions.tfm" && symbol.owner === undefined);
  const which = named && encodingNamed(named.symbol.name);
  const picture = which && options.images !== false ? encodingPicture(which) : undefined;
  return picture && paragraphs(picture.caption, image(picture.svg, `the encoding ${which}`));
}

function named(place: HoverPlace): Hover | undefined {
  const { occurrences } = place;
  const texts = occurrences.flatMap((occurrence) => symbolText(place, occurrence) ?? []);
  const [first] = occurrences;
  return first && texts.length > 0
    ? { span: first.span, markdown: [...new Set(texts)].join("\n\n---\n\n") }
    : undefined;
}

/** A count that is checked: what it is. */
function counted({ snapshot, source, declaration, offset }: HoverPlace): Hover | undefined {
  const span = declaration.kind === "check" ? source.toText(declaration.condition.span) : undefined;
  if (declaration.kind !== "check" || !span || offset < span.start || offset > span.end) return undefined;
  const markdown = checkText(snapshot, source.file, declaration);
  return markdown === undefined ? undefined : { span, markdown };
}

function keyword(snapshot: Snapshot, file: string, offset: number): Hover | undefined {
  const found = wordAt(snapshot, file, offset);
  return found && { span: found.span, markdown: paragraphs(code(found.word), found.doc) };
}

/** Any other part of an expression: its type. */
function computed(place: HoverPlace): Hover | undefined {
  const { path, source, defined } = place;
  const node = path.findLast(
    ({ kind }) => kind === "binary" || kind === "unary" || kind === "conditional" || kind === "attend",
  );
  const seen = node && defined().get(node.span)?.at(-1);
  const text = seen && meaningText(seen.meaning);
  const span = node && source.toText(node.span);
  if (!node || !span || text === undefined) return undefined;
  const type = text.replace(/^(: | = )/, "");
  const found = place.under();
  return { span, markdown: paragraphs(code(type), found && underText(found, [node.span], type)) };
}

/** The mask or score that the place is a part of. */
function pictures(place: HoverPlace): string | undefined {
  const { source, declaration, at, defined, under, options } = place;
  const candidates = expressionsAt(declaration, at);
  const isRegion = candidates.some(({ span }) =>
    defined()
      .get(span)
      ?.some(({ scope }) => scope.order !== undefined),
  );
  if (!isRegion) return undefined;
  const drawn = picturesOf(source, declaration, candidates, { defined: defined(), under: under()?.seen });
  return paragraphs(
    ...drawn.map(({ source: written, svg, text, caption }) => {
      const title =
        drawn.length > 1
          ? `${inline(shortened(written))}: ${caption.charAt(0).toLowerCase()}${caption.slice(1)}`
          : caption;
      return paragraphs(
        title,
        options.images === false ? preformatted(text) : image(svg, caption.replace(/[`[\]]/g, "")),
      );
    }),
  );
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
