/** Declarations and primitives as suggestions: their heads, what they say of themselves, and how they are put to use. */
import type { BlockDeclaration, Span } from "../../../grammar/ast.js";
import {
  lookup,
  type Declared,
  type NamedDeclaration,
  type Program,
  type SourceFile,
} from "../../1-resolve/program.js";
import { primitives, type Primitive } from "../../ops/index.js";
import { clipped, oneLine } from "../one-line.js";
import { plain, type Suggestion } from "./suggestion.js";

/** All that a file can name: its own, its imports, and of the library first what every model has. */
export function declaredIn(program: Program, file: SourceFile): Declared[] {
  const library = [...program.library].sort(([, a], [, b]) => Number(isCommon(b)) - Number(isCommon(a)));
  const names = new Set([...file.declarations.keys(), ...file.imported.keys(), ...library.map(([name]) => name)]);
  return [...names].flatMap((name) => lookup(program, file, name) ?? []);
}

/** `Linear`, `LayerNorm` and the like. */
const isCommon = ({ file }: Declared): boolean => file.name === "std/layers.tfm";

/** The block behind a name, through aliases, with the entries that these set. */
export function blockNamed(
  program: Program,
  file: SourceFile,
  name: string,
): (Declared<BlockDeclaration> & { readonly set: ReadonlySet<string> }) | undefined {
  const set = new Set<string>();
  let current = lookup(program, file, name);
  for (let steps = 0; current?.declaration.kind === "alias" && steps < 50; steps++) {
    for (const entry of current.declaration.settings.entries) set.add(entry.name.name);
    current = lookup(program, current.file, current.declaration.target.name);
  }
  return current?.declaration.kind === "block"
    ? { declaration: current.declaration, file: current.file, set }
    : undefined;
}

/** How a declaration begins, up to its body or what stands for it, on one line. */
export function headText({ declaration, file }: Declared): string {
  return oneLine(file.text.slice(declaration.span.start, endOfHead(declaration, file)));
}

function endOfHead(declaration: NamedDeclaration, { text }: SourceFile): number {
  if (declaration.kind === "block") return declaration.body.span.start;
  if (declaration.kind !== "function") return declaration.span.end;
  const { start } = declaration.body.span;
  return declaration.body.kind === "body" ? start : start - 1 - (/[^=]*$/.exec(text.before(start))?.[0].length ?? 0);
}

/** Markdown: the head, and what stands above it. */
export function documented(head: string, doc: string | undefined): string {
  const code = `\`\`\`tfm\n${head}\n\`\`\``;
  return doc === undefined ? code : `${code}\n\n${doc}`;
}

/** A block where it is put to use, with gaps for the entries that it needs. `given`: local names, which need only be named. */
export function useOfBlock(program: Program, declared: Declared, given: ReadonlySet<string>): Suggestion {
  const { declaration } = declared;
  const name = declaration.name.name;
  const block = blockNamed(program, declared.file, name);
  const needed = (block?.declaration.parameters ?? []).filter(
    (entry) => !entry.fallback && !block?.set.has(entry.name.name),
  );
  const gaps = needed.map(({ name: { name: entry } }, n) =>
    given.has(entry) ? entry : `${entry}: \${${n + 1}:${plain(entry)}}`,
  );
  return {
    ...described(declared),
    ...(needed.length > 0 && { snippet: `${name}{${gaps.join(", ")}}$0` }),
  };
}

/** A function, mask or score where it is called; behind `|>` its first argument is there already. */
export function useOfFunction(declared: Declared, isPiped: boolean): Suggestion {
  const { declaration } = declared;
  const name = declaration.name.name;
  const inputs = declaration.kind === "function" || declaration.kind === "index" ? declaration.inputs : [];
  const needed = inputs.slice(isPiped ? 1 : 0).filter(({ fallback }) => !fallback);
  const gaps = needed.map((input, n) => `\${${n + 1}:${plain(input.name.name)}}`);
  return { ...described(declared), ...(needed.length > 0 && { snippet: `${name}(${gaps.join(", ")})$0` }) };
}

export function described(declared: Declared): Suggestion {
  const { declaration } = declared;
  const head = headText(declared);
  const kind =
    declaration.kind === "index" || declaration.kind === "block"
      ? declaration.keyword
      : declaration.kind === "alias"
        ? "block"
        : declaration.kind;
  return {
    label: declaration.name.name,
    kind,
    detail: clipped(head),
    documentation: documented(head, declaration.doc),
  };
}

export function useOfPrimitive(primitive: Primitive, isPiped: boolean): Suggestion {
  const usage = usageOf(primitive);
  const brackets = /\[([^\]]*)\]/.exec(usage)?.[1];
  const axis = brackets === undefined ? "" : `[\${1:${plain(brackets)}}]`;
  const values = /\((.*)\)/.exec(usage)?.[1]?.split(", ") ?? [];
  const needed = (primitive.kind === "special" ? values.filter((each) => !each.includes(":")) : values).slice(
    isPiped ? 1 : 0,
  );
  const gaps = needed.map((each, n) => `\${${n + 2}:${plain(each)}}`);
  const call = isPiped && gaps.length === 0 ? "" : `(${gaps.join(", ")})`;
  return {
    label: primitive.name,
    kind: "primitive",
    detail: usage,
    documentation: documented(usage, primitive.doc),
    ...((axis !== "" || call !== "") && { snippet: `${primitive.name}${axis}${call}$0` }),
  };
}

/** As it is called: `softmax[a](x)`. */
export function usageOf(primitive: Primitive): string {
  switch (primitive.kind) {
    case "special":
      return primitive.usage;
    case "reduce":
      return `${primitive.name}[a](x)`;
    case "elementwise":
      return primitive.arity === 1 ? `${primitive.name}(x)` : `${primitive.name}(a, b)`;
  }
}

export const allPrimitives: readonly Primitive[] = [...primitives.values()];

/** `heads`, `bias = true`, `x: f32[.., d]`, as they are written. */
export const written = ({ text }: SourceFile, { span }: { readonly span: Span }): string =>
  oneLine(text.slice(span.start, span.end));
