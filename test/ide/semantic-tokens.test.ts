import { expect, test } from "vitest";
import { openProject, semanticTokens } from "../../compiler/ide/index.js";
import { drawn, snapshotOf } from "./drawn.js";

function colours(text: string): string {
  return drawn(
    text,
    semanticTokens(snapshotOf(text), "main.tfm").map(({ span, type, modifiers }) => ({
      span,
      label: [type, ...modifiers].join(" "),
    })),
  );
}

test("each word has the look of what it means", () => {
  expect(
    colours(`## Shifts.
block Shift[d]{heads = 4}(x: f32[batch, d]) -> f32[batch, d] {
  param by: f32[d] = zeros  # at first
  x += x |> attn: Linear{out: heads * (d / heads)} |> gelu
  return x + by
}
config small = Tiny{d: 12}
`),
  ).toMatchInlineSnapshot(`
    "## Shifts.
    ^^^^^^^^^^ comment documentation
    block Shift[d]{heads = 4}(x: f32[batch, d]) -> f32[batch, d] {
    ^^^^^ keyword
          ^^^^^ class declaration
                ^ axis declaration readonly
                   ^^^^^ property declaration readonly
                           ^ number
                              ^ parameter declaration
                                 ^^^ type defaultLibrary
                                     ^^^^^ axis defaultLibrary
                                            ^ axis readonly
                                                   ^^^ type defaultLibrary
                                                       ^^^^^ axis defaultLibrary
                                                              ^ axis readonly
      param by: f32[d] = zeros  # at first
      ^^^^^ keyword
            ^^ weight declaration
                ^^^ type defaultLibrary
                    ^ axis readonly
                         ^^^^^ property defaultLibrary
                                ^^^^^^^^^^ comment
      x += x |> attn: Linear{out: heads * (d / heads)} |> gelu
      ^ parameter modification
           ^ parameter
                ^^^^ layer declaration
                      ^^^^^^ class defaultLibrary
                             ^^^ property readonly defaultLibrary
                                  ^^^^^ property readonly
                                           ^ axis readonly
                                               ^^^^^ property readonly
                                                          ^^^^ function defaultLibrary
      return x + by
      ^^^^^^ keyword
             ^ parameter
                 ^^ weight
    config small = Tiny{d: 12}
    ^^^^^^ keyword
           ^^^^^ enumMember declaration readonly
                   ^^^^ class
                        ^ variable
                           ^^ number"
  `);
});

test("what cannot be read has its words' own looks, and what follows is not concerned", () => {
  expect(colours(`block Broken[d}(x f32) Linear 3\n\nmask near = q - k < 4\n`)).toMatchInlineSnapshot(`
    "block Broken[d}(x f32) Linear 3
    ^^^^^ keyword
          ^^^^^^ class
                 ^ variable
                    ^ variable
                      ^^^ variable
                           ^^^^^^ class
                                  ^ number
    mask near = q - k < 4
    ^^^^ keyword
         ^^^^ function declaration
                ^ variable readonly defaultLibrary
                    ^ variable readonly defaultLibrary
                        ^ number"
  `);
});

test("an edit leaves the tokens of other declarations as they were", () => {
  const lines = Array.from({ length: 300 }, (_, n) => `fn f${n}(x: f32[..]) -> f32[..] = x * ${n}.0\n`);
  const texts = { now: lines.join("\n") };
  const project = openProject(() => texts.now);
  const look = () => {
    const snapshot = project.look("main.tfm");
    if (!snapshot) throw new Error("no file");
    return snapshot;
  };
  const before = semanticTokens(look(), "main.tfm");
  texts.now = texts.now.replace("x * 7.0", "x + x * 7.0");
  const after = semanticTokens(look(), "main.tfm");
  expect(after).toHaveLength(before.length + 1);
  const words = after.map(({ span }) => texts.now.slice(span.start, span.end));
  expect(words.slice(-6)).toEqual(["f299", "x", "f32", "f32", "x", "299.0"]);
});

test("of a part only the declarations there are told", () => {
  const text = Array.from({ length: 50 }, (_, n) => `mask m${n} = q - k < ${n}\n`).join("");
  const at = text.indexOf("m25");
  const found = semanticTokens(snapshotOf(text), "main.tfm", { start: at, end: at + 1 });
  expect(
    drawn(
      text,
      found.map(({ span }) => ({ span })),
    ),
  ).toMatchInlineSnapshot(`
    "mask m25 = q - k < 25
    ^^^^ ^^^   ^   ^   ^^"
  `);
});
