import type { MarkupContent, MarkupKind } from "vscode-languageserver";

/** Markdown, for a client that says it shows it or says nothing; else the same text as it is. */
export const markup = (value: string, formats: readonly MarkupKind[] | undefined): MarkupContent => ({
  kind: formats && !formats.includes("markdown") ? "plaintext" : "markdown",
  value,
});
