import { describe, expect, it } from "vitest";
import {
  align,
  fill,
  group,
  hardLine,
  indent,
  join,
  line,
  list as listOf,
  render,
  softLine,
  stack,
  suffix,
  type Document,
  type ListLayout,
} from "../../grammar/printer/document.js";

const list = group(["(", indent([softLine, join([",", line], ["aa", "bb", "cc"])]), softLine, ")"]);

describe("render", () => {
  it("sets a group on one line if it fits, and breaks all of its lines if not", () => {
    expect(render(list, 12)).toBe("(aa, bb, cc)");
    expect(render(list, 11)).toBe("(\n  aa,\n  bb,\n  cc\n)");
  });

  it("counts what follows a group up to the next line", () => {
    expect(render([list, ";"], 12)).toBe("(\n  aa,\n  bb,\n  cc\n);");
    expect(render([list, hardLine, "after"], 12)).toBe("(aa, bb, cc)\nafter");
  });

  it("breaks an outer group before an inner one", () => {
    const inner = group(["[", softLine, "x", softLine, "]"]);
    expect(render(group(["long", line, inner]), 6)).toBe("long\n[x]");
  });

  it("breaks only the lines of a fill that have to", () => {
    const words = fill(join(line, ["aa", "bb", "cc", "dd"]));
    expect(render(words, 5)).toBe("aa bb\ncc dd");
    expect(render([words, "!"], 5)).toBe("aa bb\ncc\ndd!");
  });

  it("aligns to the column where it starts", () => {
    expect(render(["x = ", align(["a", hardLine, "b"])], 80)).toBe("x = a\n    b");
    expect(render(["x".repeat(41), align(["a", hardLine, "b"])], 80)).toBe(`${"x".repeat(41)}a\n  b`);
  });

  it("keeps what must end a line for its end", () => {
    expect(render(group(["a", suffix(" # c"), ",", line, "b"]), 80)).toBe("a, # c\nb");
  });

  it("puts as many items between brackets as fit on a line", () => {
    const items = (layout: ListLayout, ...texts: Document[]): Document => {
      const entries = texts.map((item) => ({ above: [], item, after: "" }));
      return ["(", listOf(entries, [], layout), ")"];
    };
    expect(render(items({}, "aa", "bb", "cc"), 12)).toBe("(aa, bb, cc)");
    expect(render(items({}, "aa", "bb", "cc"), 11)).toBe("(\n  aa, bb,\n  cc\n)");
    expect(render(items({ padded: true }, "aa", "bb"), 12)).toBe("( aa, bb )");
    expect(render(items({ broken: true }, "aa", "bb"), 12)).toBe("(\n  aa, bb\n)");
    expect(render(items({ broken: true, lineEach: true }, "aa", "bb"), 12)).toBe("(\n  aa,\n  bb,\n)");
  });

  it("gives each item a line where one has no room on it", () => {
    const long = group(["bbbb", line, "bbbb"]);
    const entries = ["aa", long, "cc"].map((item) => ({ above: [], item, after: "" }));
    expect(render(["(", listOf(entries, []), ")"], 10)).toBe("(\n  aa,\n  bbbb\n  bbbb,\n  cc,\n)");
  });

  it("keeps comments with their items", () => {
    const entries = [
      { above: [], item: "aa", after: "" },
      { above: [], item: "bb", after: suffix("  # b") },
      { above: ["# c"], item: "cc", after: "" },
      { above: [], item: "dd", after: "" },
    ];
    expect(render(["(", listOf(entries, ["# end"]), ")"], 20)).toBe("(\n  aa, bb,  # b\n  # c\n  cc, dd\n  # end\n)");
  });

  it("aligns the comments of neighbouring lines", () => {
    const lines = (...texts: [string, string][]): string =>
      render(
        join(
          hardLine,
          texts.map(([text, comment]) => [text, suffix(comment)]),
        ),
        40,
      );
    expect(lines(["a", "  # 1"], ["long", "  # 2"])).toBe("a     # 1\nlong  # 2");
    expect(lines(["a", "  # 1"], ["", ""], ["long", "  # 2"])).toBe("a  # 1\n\nlong  # 2");
    expect(lines(["a", "  # 1"], ["  long", "  # 2"])).toBe("a  # 1\n  long  # 2");
    // Not where one would go over the edge, or far away.
    expect(lines(["a", `  # ${"1".repeat(34)}`], ["long", "  # 2"])).toBe(`a  # ${"1".repeat(34)}\nlong  # 2`);
    expect(lines(["a", "  # 1"], ["b".repeat(34), "  # 2"])).toBe(`a  # 1\n${"b".repeat(34)}  # 2`);
  });

  it("ends no line in blanks", () => {
    expect(render(indent(["a ", hardLine, hardLine, "b"]), 80)).toBe("a\n\n  b");
  });

  it("sets a stack beside each other, below each other, or broken", () => {
    const braces = (text: string): ReturnType<typeof group> => group(["{", indent([line, text]), line, "}"]);
    const parts = stack([
      ["if ", braces("aaaa")],
      ["else ", braces("bbbb")],
    ]);
    expect(render(parts, 25)).toBe("if { aaaa } else { bbbb }");
    expect(render(parts, 24)).toBe("if { aaaa }\nelse { bbbb }");
    expect(render(stack(["a", "b"], true), 24)).toBe("a\nb");
    expect(render(parts, 12)).toBe("if {\n  aaaa\n} else {\n  bbbb\n}");
  });
});
