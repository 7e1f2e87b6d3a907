/** What an editor offers to do at a selection: the title, and the text as it is then. */
import { expect, test } from "vitest";
import { applyEdits } from "../../compiler/index.js";
import { codeActions, openProject, type CodeAction } from "../../compiler/ide/index.js";
import { mistakes } from "../mistakes/programs.js";
import { drawn, snapshotOf, withSelection } from "./drawn.js";

const after = (text: string, { edits }: CodeAction): string => applyEdits(text, edits);

/** Of a selection `‸...‸` in a file: each action with the lines that it changes. */
function offered(marked: string): string {
  const { text, span } = withSelection(marked);
  const snapshot = snapshotOf(text);
  const told = codeActions(snapshot, "main.tfm", span).map((action) => {
    const before = new Set(text.split("\n"));
    const changed = after(text, action)
      .split("\n")
      .filter((line) => !before.has(line));
    return [`${action.title} (${action.kind})`, ...changed.map((line) => `  ${line}`)].join("\n");
  });
  return `\n${drawn(text, [{ span }])}\n\n${told.join("\n")}\n`;
}

const withMends = mistakes.flatMap((mistake) => {
  const problems = snapshotOf({ [mistake.file]: mistake.text })
    .problems()
    .filter(({ fixes }) => fixes.length > 0);
  return problems.map((problem) => ({ ...mistake, problem }));
});

test("there are mends to test", () => {
  expect(withMends.length).toBeGreaterThan(50);
});

test("every mend of a mistake is an action at its place, says what it does, and makes the mistake go", () => {
  const wrong = withMends.flatMap(({ topic, name, file, text, problem }) => {
    const project = openProject(() => text);
    const snapshot = project.look(file);
    const at = problem.primary?.span;
    const actions = snapshot && at ? codeActions(snapshot, file, at) : [];
    const action = actions.find((each) => each.problem?.message === problem.message);
    if (!action) return [`${topic}/${name}: no action for ${problem.message}`];
    const left = snapshotOf({ [file]: after(text, action) }).problems();
    const stays = left.some(({ message, primary }) => message === problem.message && primary?.span.start === at?.start);
    return stays ? [`${topic}/${name}: ${action.title} leaves ${problem.message}`] : [];
  });
  expect(wrong).toEqual([]);
});

test("the titles of all mends", () => {
  const titles = withMends.flatMap(({ file, text, problem }) =>
    codeActions(snapshotOf({ [file]: text }), file, problem.primary?.span ?? { start: 0, end: 0 })
      .filter(({ kind }) => kind === "quick-fix")
      .map(({ title }) => title),
  );
  expect([...new Set(titles)].sort().join("\n")).toMatchSnapshot();
});

const layer = (body: string): string =>
  `block Layer[seq, d]{heads, ff = 4 * d}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {\n  ${body}\n}\n`;

test.each([
  [
    "a misspelt name",
    layer("return x |> attn: Atention{h‸‸eads}").replace("h‸‸eads", "heads").replace("Aten", "Aten‸‸"),
  ],
  ["two mistakes, mended at once", layer("y = x |> attn: Atten‸‸ion{heads}\n  return yy |> mlp: FNN")],
  ["an entry by its own name", layer("return x |> attn: Attention{hea‸‸ds: heads}")],
  ["an entry by another value", layer("return x |> attn: Attention{hea‸‸ds}")],
  ["a layer without a label", layer("return x |> Lin‸‸ear{out: d}")],
  ["a label that is taken", layer("return x |> linear: Linear{out: d} |> Lin‸‸ear{out: d}")],
  ["an operand", layer("return x + ‸(x |> norm: LayerNorm)‸").replace("‸(", "(‸").replace(")‸", "‸)")],
  ["an argument", layer("return gelu(‸x * 2.0‸)")],
  ["a mask is no value", layer("return x |> attn: Attention{heads}(mask: ‸k <= q‸)")],
  ["an entry is no value", layer("return x |> mlp: FFN{ff: ‸2 * d‸}")],
  ["a model without config", "model Em‸‸pty{d = 8}(x: f32[batch, d]) -> f32[batch, d] {\n  return x\n}\n"],
])("%s", (_, marked) => {
  expect(offered(marked)).toMatchSnapshot();
});

test("what a refactoring makes is right", () => {
  const marked = layer("y = x |> norm: LayerNorm\n  return x + gelu(‸y * 2.0‸)");
  const { text, span } = withSelection(marked);
  const [action] = codeActions(snapshotOf(text), "main.tfm", span);
  expect(action && snapshotOf(after(text, action)).problems()).toEqual([]);
});
