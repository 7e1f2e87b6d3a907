/** The editor's looks, in the page's colours: light and dark are the page's business. */
import { HighlightStyle, syntaxHighlighting, type TagStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const rules: readonly TagStyle[] = [
  { tag: tags.keyword, color: "var(--code-keyword)" },
  { tag: [tags.className, tags.typeName], color: "var(--code-type)" },
  { tag: tags.labelName, color: "var(--code-label)" },
  { tag: tags.function(tags.variableName), color: "var(--code-function)" },
  { tag: [tags.number, tags.atom, tags.special(tags.variableName)], color: "var(--code-number)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: [tags.lineComment, tags.docComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.operator, tags.punctuation], color: "var(--code-mark)" },
];

const looks = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--paper)", color: "var(--ink)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  // Above the gutters, which would cover an outline.
  "&.cm-focused::after": {
    content: '""',
    position: "absolute",
    inset: "0",
    border: "2px solid var(--accent)",
    pointerEvents: "none",
    zIndex: "300",
  },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--ink)", padding: "10px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--soft)", border: "none", paddingLeft: "4px" },
  ".cm-activeLine": { backgroundColor: "var(--line-here)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--line-here)", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)" },
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    border: "1px solid var(--edge)",
    borderRadius: "8px",
    boxShadow: "var(--shadow)",
    maxWidth: "min(640px, 92vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-tooltip-section:not(:first-child)": { borderTop: "1px solid var(--edge)" },
  ".cm-diagnosticSource": { fontFamily: "var(--mono)", fontSize: "11px", color: "var(--soft)", opacity: "1" },
  ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--ink)", borderColor: "var(--edge)" },
  ".cm-diagnostic": { fontFamily: "var(--mono)", whiteSpace: "pre-wrap", padding: "8px 12px", borderLeftWidth: "3px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--error)" },
  ".cm-diagnosticAction": {
    fontFamily: "var(--sans)",
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
    borderRadius: "6px",
    padding: "3px 10px",
    margin: "8px 0 0",
    display: "block",
  },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px solid var(--error)" },
  ".cm-lintRange-warning": { backgroundImage: "none", borderBottom: "2px solid var(--warning)" },
  ".cm-lintRange-hint": { backgroundImage: "none", borderBottom: "1px dotted var(--soft)" },
  ".cm-inlay": { color: "var(--soft)", fontSize: "11.5px", padding: "0 0 0 2px", userSelect: "none" },
  ".cm-lens": {
    color: "var(--soft)",
    fontFamily: "var(--sans)",
    fontSize: "12px",
    userSelect: "none",
    padding: "4px 0 0 6px",
    cursor: "pointer",
  },
  ".cm-lens:hover": { color: "var(--accent)" },
});

export const colors = [looks, syntaxHighlighting(HighlightStyle.define(rules))];
