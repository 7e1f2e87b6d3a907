/** A file's outline, and all that a project declares. */
import type { Apply, Body, Declaration, Span, WeightStatement } from "../../grammar/ast.js";
import { standardLibrary } from "../std/index.js";
import { docOf } from "./names/occurrences.js";
import { signatureOf } from "./names/signature-text.js";
import { clipped, oneLine } from "./one-line.js";
import type { SymbolKind } from "./names/symbol.js";
import type { Snapshot, Source } from "./snapshot.js";

export interface DocumentSymbol {
  readonly name: string;
  readonly kind: SymbolKind | "import" | "check" | "weights" | "run" | "compression";
  /** Its signature, or what else tells it apart. */
  readonly detail: string;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** In the order of the text. What cannot be read is left out. */
export function documentSymbols(snapshot: Snapshot, file: string): readonly DocumentSymbol[] {
  const source = snapshot.source(file);
  return (source?.file.all ?? []).flatMap((declaration) => (source ? outline(source, declaration) : []));
}

function outline(source: Source, declaration: Declaration): DocumentSymbol[] {
  const head = headOf(declaration);
  const span = source.toText(declaration.span);
  const nameSpan = source.toText(head.at);
  if (!span || !nameSpan) return [];
  const detail = signatureOf(source.file, declaration);
  return [{ name: head.name, kind: head.kind, detail, span, nameSpan, children: membersOf(source, declaration) }];
}

interface Head {
  readonly name: string;
  readonly kind: DocumentSymbol["kind"];
  readonly at: Span;
}

function headOf(declaration: Declaration): Head {
  switch (declaration.kind) {
    case "import":
      return { name: declaration.from.value, kind: "import", at: declaration.from.span };
    case "check":
      return { name: "check", kind: "check", at: declaration.span };
    case "weights":
      return { name: `weights ${declaration.model.name}`, kind: "weights", at: declaration.model.span };
    case "run": {
      const [first] = declaration.target;
      const target = declaration.target.map(({ name }) => name).join(".");
      return { name: `${declaration.keyword} ${target}`, kind: "run", at: first?.span ?? declaration.span };
    }
    case "compression": {
      const { keyword, config } = declaration;
      return { name: `${keyword} ${config.name}`, kind: "compression", at: config.span };
    }
    case "block":
    case "index":
      return { name: declaration.name.name, kind: declaration.keyword, at: declaration.name.span };
    default:
      return { name: declaration.name.name, kind: declaration.kind, at: declaration.name.span };
  }
}

/** What a definition's users name: config entries, inputs, layers, weights and cells. */
function membersOf(source: Source, declaration: Declaration): DocumentSymbol[] {
  const parameters = "parameters" in declaration ? declaration.parameters : [];
  const inputs = "inputs" in declaration ? declaration.inputs : [];
  const body = "body" in declaration && declaration.body.kind === "body" ? declaration.body : undefined;
  return [
    ...parameters.flatMap(({ name, span }) => member(source, "entry", name, name.span, span)),
    ...inputs.flatMap(({ name, span }) => member(source, "input", name, name.span, span)),
    ...(body ? madeIn(source, body) : []),
  ];
}

/** `label`: what stands before the detail. */
function member(source: Source, kind: SymbolKind, { name, span: at }: Named, label: Span, all: Span): DocumentSymbol[] {
  const [span, nameSpan] = [source.toText(all), source.toText(at)];
  const detail = clipped(oneLine(source.file.text.slice(label.end, all.end).replace(/^\s*[:=]\s*/, "")));
  return span && nameSpan ? [{ name, kind, detail, span, nameSpan, children: [] }] : [];
}

const textAt = ({ file }: Source, { span }: { readonly span: Span }): string =>
  oneLine(file.text.slice(span.start, span.end));

interface Named {
  readonly name: string;
  readonly span: Span;
}

/** Layers, weights and cells, wherever in a body they are made. */
function madeIn(source: Source, body: Body): DocumentSymbol[] {
  const found: DocumentSymbol[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null || !("kind" in node)) return;
    if (isWeight(node))
      found.push(
        ...member(source, node.keyword === "param" ? "weight" : "state", node.name, node.name.span, node.span),
      );
    if (isApply(node) && node.label) {
      const name = node.label.kind === "subscript" ? node.label.object : node.label;
      if (name.kind === "name")
        found.push(
          ...member(source, "layer", { name: textAt(source, node.label), span: name.span }, node.label.span, node.span),
        );
    }
    for (const [key, child] of Object.entries(node)) if (key !== "span") visit(child);
  };
  visit(body);
  return found;
}

const isWeight = (node: { kind: unknown }): node is WeightStatement => node.kind === "weight";
const isApply = (node: { kind: unknown }): node is Apply => node.kind === "apply";

// ---------------------------------------------------------------------------------------------------------- workspace

export interface WorkspaceSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly file: string;
  readonly span: Span;
  readonly doc: string | undefined;
}

/** Declarations of all files and of the library whose names have the letters of `query` in this order, the nearest first. */
export function workspaceSymbols(
  snapshots: readonly Snapshot[],
  query: string,
  limit = 200,
): readonly WorkspaceSymbol[] {
  const found = new Map<string, WorkspaceSymbol & { readonly rank: number }>();
  for (const snapshot of snapshots) {
    for (const file of [...snapshot.program.files.keys(), ...standardLibrary.keys()]) {
      const source = snapshot.source(file);
      for (const declaration of source?.file.all ?? []) {
        if (!source || !("name" in declaration)) continue;
        const { name, kind, at } = headOf(declaration);
        const [rank, span] = [rankOf(name, query), source.toText(at)];
        if (rank === undefined || !span || !isSymbolKind(kind)) continue;
        const inLibrary = standardLibrary.has(file) ? 0.5 : 0;
        found.set(`${file} ${span.start}`, { name, kind, file, span, doc: docOf(declaration), rank: rank + inLibrary });
      }
    }
  }
  return [...found.values()]
    .sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ rank: _, ...symbol }) => symbol);
}

const isSymbolKind = (kind: DocumentSymbol["kind"]): kind is SymbolKind =>
  !["import", "check", "weights", "run", "compression"].includes(kind);

/** 0 for the name itself; more the later the letters begin and the further they are apart. */
export function rankOf(name: string, query: string): number | undefined {
  const [text, letters] = [name.toLowerCase(), query.toLowerCase().replace(/\s/g, "")];
  if (letters === "") return name.length;
  const whole = text.indexOf(letters);
  if (whole >= 0) return whole + (text.length - letters.length) / 100;
  let at = -1;
  let gaps = 0;
  for (const letter of letters) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    gaps += next - at - 1;
    at = next;
  }
  return 10 + gaps;
}
