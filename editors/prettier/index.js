/**
 * Lets Prettier lay out `.tfm` files, and `tfm` blocks in Markdown, as `tfmc fmt` does. There is one layout: Prettier's options
 * do not change it, except for the ends of lines.
 */
import { builders } from "prettier/doc";
import { lineAt, lineStarts, parse as parseText, print as printText } from "tfmc/grammar";

/** @type {import("prettier").SupportLanguage[]} */
export const languages = [{ name: "tfm", parsers: ["tfm"], extensions: [".tfm"], vscodeLanguageIds: ["tfm"] }];

/** @type {Record<string, import("prettier").Parser>} */
export const parsers = {
  tfm: {
    astFormat: "tfm",
    parse(text) {
      const { problems, ...parsed } = parseText(text);
      const [problem] = problems;
      if (problem) throw syntaxError(text, problem);
      return { text, parsed };
    },
    locStart: () => 0,
    locEnd: ({ text }) => text.length,
  },
};

/** @type {Record<string, import("prettier").Printer>} */
export const printers = {
  tfm: {
    print({ node: { text, parsed } }) {
      const lines = printText(parsed, text).split("\n");
      return builders.join(builders.hardline, lines);
    },
  },
};

/** With the place, by which Prettier shows the lines around it. */
function syntaxError(text, { message, help, span }) {
  const starts = lineStarts(text);
  const place = (offset) => {
    const line = lineAt(starts, offset);
    return { line: line + 1, column: offset - starts[line] + 1 };
  };
  const error = new SyntaxError(help ? `${message} (${help})` : message);
  error.loc = { start: place(span.start), end: place(span.end) };
  return error;
}
