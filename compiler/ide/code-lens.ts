/** Lines above declarations: what a config weighs, and what can be done with a model. */
import type { ConfigDeclaration, Declaration, Span } from "../../grammar/ast.js";
import { bytesText, countText } from "./number-text.js";
import type { Snapshot } from "./snapshot.js";

export interface CodeLens {
  /** `size` only tells something; the others are to be done with what is named. */
  readonly kind: "size" | "compile" | "graph";
  /** Of the name of the model or config. */
  readonly span: Span;
  readonly title: string;
  readonly name: string;
}

/** In the order of the text. Of a config with mistakes there are no numbers. */
export function codeLenses(snapshot: Snapshot, file: string): CodeLens[] {
  const source = snapshot.source(file);
  if (!source || file !== snapshot.entry) return [];
  return source.sections.flatMap(({ declaration }) => {
    const made = declaration && lensesOf(snapshot, declaration);
    const span = made && source.toText(made.at);
    return span ? made.lenses.map((lens) => ({ ...lens, span })) : [];
  });
}

function lensesOf(
  snapshot: Snapshot,
  declaration: Declaration,
): { readonly at: Span; readonly lenses: readonly Omit<CodeLens, "span">[] } | undefined {
  if (declaration.kind === "config") {
    const { name, span } = declaration.name;
    const title = sizeOf(snapshot, declaration);
    return { at: span, lenses: title === undefined ? [] : [{ kind: "size", title, name }] };
  }
  if (declaration.kind !== "block" || declaration.keyword !== "model") return undefined;
  const { name, span } = declaration.name;
  return {
    at: span,
    lenses: [
      { kind: "compile", title: "Compile to TypeScript", name },
      { kind: "graph", title: "Show the architecture", name },
    ],
  };
}

/** `124,439,808 parameters · 498 MB as f32 · KV cache 73.7 KB a token`; undefined where the config has mistakes. */
function sizeOf({ view, entry }: Snapshot, config: ConfigDeclaration): string | undefined {
  const { count, cached } = view.configs.of(entry, config).counted ?? {};
  if (count === undefined) return undefined;
  return [
    `${countText(count)} parameters`,
    `${bytesText(4n * count)} as f32`,
    ...(cached ? [`KV cache ${bytesText(4n * cached)} a token`] : []),
  ].join(" · ");
}
