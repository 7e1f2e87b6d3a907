import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { ToldProblem } from "../workers/compiler-service.js";
import { colors } from "./colors.js";
import { tfm } from "./language.js";

export interface Editor {
  readonly text: () => string;
  /** Another file: what was undone before is forgotten. */
  readonly open: (text: string) => void;
  /** Underlines what is wrong, unless the text has changed meanwhile. */
  readonly tell: (text: string, problems: readonly ToldProblem[]) => void;
  readonly mend: (problem: ToldProblem) => void;
  readonly goTo: (offset: number) => void;
}

export interface EditorOptions {
  readonly server: Extension;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

export function createEditor(parent: HTMLElement, { server, onChange, onRun }: EditorOptions): Editor {
  const run = { key: "Mod-Enter", run: () => (onRun(), true) };
  const extensions: Extension = [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    highlightSelectionMatches(),
    history(),
    drawSelection(),
    EditorView.lineWrapping,
    indentUnit.of("  "),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    keymap.of([
      run,
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...lintKeymap,
      ...defaultKeymap,
      // Escape, then Tab, leaves the editor.
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({
      "aria-label": "Source of the model",
      "aria-describedby": "verdict keys",
      tabindex: "0",
    }),
    EditorView.updateListener.of(({ docChanged, state }) => void (docChanged && onChange(state.doc.toString()))),
    tfm,
    colors,
    server,
  ];
  const stateOf = (doc: string): EditorState => EditorState.create({ doc, extensions });
  const view = new EditorView({ parent, state: stateOf("") });

  const mend = ({ fixes }: ToldProblem): void => {
    view.dispatch({
      changes: fixes.map(({ start, end, text }) => ({ from: start, to: end, insert: text })),
      userEvent: "input.mend",
    });
    view.focus();
  };
  const diagnosticOf = (problem: ToldProblem): Diagnostic[] => {
    const { severity, start, end, summary, mendName } = problem;
    if (start === undefined || end === undefined) return [];
    const actions = mendName === undefined ? [] : [{ name: mendName, apply: () => mend(problem) }];
    return [{ from: start, to: end, severity, message: summary, source: problem.code, actions }];
  };
  return {
    text: () => view.state.doc.toString(),
    open: (text) => view.setState(stateOf(text)),
    tell: (text, problems) => {
      if (view.state.doc.toString() === text) view.dispatch(setDiagnostics(view.state, problems.flatMap(diagnosticOf)));
    },
    mend,
    goTo: (offset) => {
      view.dispatch({ selection: { anchor: Math.min(offset, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
  };
}
