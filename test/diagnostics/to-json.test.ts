import { expect, test } from "vitest";
import { problem } from "../../compiler/diagnostics/problem.js";
import { toJson } from "../../compiler/diagnostics/to-json.js";

test("lines and columns count from 1, and the end is the first position behind", () => {
  const text = "a = 1\r\nbb = f(\r\n  x)\r\n";
  const found = problem(
    "N102",
    { name: "x" },
    { file: "a.tfm", span: { start: 12, end: text.indexOf(")") + 1 }, label: "here" },
    {
      secondary: [{ file: "gone.tfm", span: { start: 5, end: 6 } }],
      notes: ["via h[i]"],
      help: "declare it",
      fixes: [{ file: "a.tfm", span: { start: 12, end: 12 }, text: "y" }],
    },
  );
  expect(toJson(found, (file) => (file === "a.tfm" ? text : undefined))).toEqual({
    code: "N102",
    severity: "error",
    message: "unknown name `x`",
    primary: { file: "a.tfm", line: 2, column: 6, endLine: 3, endColumn: 5, label: "here" },
    secondary: [{ file: "gone.tfm" }],
    notes: ["via h[i]"],
    help: "declare it",
    fixes: [{ file: "a.tfm", line: 2, column: 6, endLine: 2, endColumn: 6, text: "y" }],
  });
});

test("an empty file has one place, the first", () => {
  const found = problem("N102", { name: "x" }, { file: "a.tfm", span: { start: 0, end: 0 } });
  expect(toJson(found, () => "").primary).toEqual({ file: "a.tfm", line: 1, column: 1, endLine: 1, endColumn: 1 });
});
