/** Problems as an editor shows them. */
import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic,
  type DiagnosticRelatedInformation,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Mark, Problem } from "../compiler/index.js";
import { locationOf, rangeOf } from "./places.js";

export interface DiagnosticOptions {
  /** The text that a file of the program has; undefined where it cannot be read. */
  readonly document: (file: string) => TextDocument | undefined;
  readonly pageOf: (code: string) => string | undefined;
}

/** What stands there has no effect. */
const useless: ReadonlySet<string> = new Set(["N112", "W302"]);

export function diagnosticOf(problem: Problem, document: TextDocument, options: DiagnosticOptions): Diagnostic {
  const { code, severity, primary, secondary } = problem;
  const page = options.pageOf(code);
  const related = secondary.flatMap((mark) => relatedTo(mark, options));
  return {
    range: rangeOf(document, primary?.span ?? { start: 0, end: 0 }),
    severity: severities[severity],
    code,
    ...(page !== undefined && { codeDescription: { href: page } }),
    source: "tfmc",
    message: messageOf(problem),
    ...(related.length > 0 && { relatedInformation: related }),
    ...(useless.has(code) && severity !== "error" && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  hint: DiagnosticSeverity.Hint,
} as const;

/** The fact, then what is said about the place, further facts, and the mend: a line each. */
const messageOf = ({ message, primary, notes, help }: Problem): string =>
  [
    message,
    ...(primary?.label === undefined ? [] : [primary.label]),
    ...notes,
    ...(help === undefined ? [] : [`help: ${help}`]),
  ].join("\n");

function relatedTo({ file, span, label }: Mark, { document }: DiagnosticOptions): DiagnosticRelatedInformation[] {
  const there = document(file);
  return there ? [{ location: locationOf(there, span), message: label ?? "here" }] : [];
}
