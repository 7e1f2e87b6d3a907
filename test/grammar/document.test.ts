import { describe, expect, it } from "vitest";
import {
  align,
  fill,
  group,
  hardLine,
  ifBroken,
  indent,
  join,
  line,
  render,
  softLine,
  stack,
  suffix,
} from "../../grammar/printer/document.js";

const list = group(["(", indent([softLine, join([",", line], ["aa", "bb", "cc"]), ifBroken(",")]), softLine, ")"]);

describe("render", () => {
  it("sets a group on one line if it fits, and breaks all of its lines if not", () => {
    expect(render(list, 12)).toBe("(aa, bb, cc)");
    expect(render(list, 11)).toBe("(\n  aa,\n  bb,\n  cc,\n)");
  });

  it("counts what follows a group up to the next line", () => {
    expect(render([list, ";"], 12)).toBe("(\n  aa,\n  bb,\n  cc,\n);");
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
    expect(render(parts, 12)).toBe("if {\n  aaaa\n} else {\n  bbbb\n}");
  });
});
