import { describe, expect, test } from "vitest";
import { check } from "tfmc";
import { programs } from "./control-programs.js";
import { rendered } from "./rendered.js";

describe("control that is right, at every config", () => {
  test.each(Object.entries(programs))("%s", (_, program) => {
    expect(rendered(program)).toBe("");
  });
});

/** Each problem's code and message, and the text that it points at. */
function problemsOf(text: string): string[] {
  const { problems } = check("model.tfm", (path) => (path === "model.tfm" ? text : undefined));
  return problems.map(({ code, message, primary }) => {
    const at = primary ? text.slice(primary.span.start, primary.span.end).replace(/\s+/g, " ") : "nowhere";
    return `${code} ${message} -- ${at}`;
  });
}

const onX = (body: string, rest = ""): string =>
  `model M[seq]{d = 4, depth = 3}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
    ${body}
  }
  config m = M{}
  ${rest}`;

const scanning = (entries: string, body: string): string =>
  `block A[tgt, src, e](y: f32[batch, tgt, e], z: f32[batch, src, e], h0: f32[batch, e]) -> f32[batch, tgt, e] {
    return scan[tgt](${entries}) { ${body} }
  }`;

const storing = (body: string): string =>
  `block A[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
    ${body}
    return x
  }`;

/** A model of tokens that is to be decoded. */
const generating = (body: string): string =>
  `block Keep[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
    state before: f32[batch, d] = zeros
    before := mean[seq](x)
    return x + before
  }
  model M[seq]{vocab = 9, d = 4}(ids: i32[batch, seq]) -> f32[batch, seq, d] {
    x = ids |> e: Embedding{size: vocab, d}
    ${body}
  }
  task lm() on M as x -> f32[batch, seq, vocab] { return dot[d](x, e.weight) }
  config m = M{}
  generate m.lm over seq {}`;

const training = (settings: string, loss = "loss mean(x)"): string =>
  `model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x |> norm: LayerNorm }
  task t() on M as x -> f32[batch, seq, d] {
    ${loss}
    return x
  }
  config m = M{}
  train m.t { ${settings} }`;

describe("control that is wrong: one problem each, at the mistake", () => {
  test.each<[string, string, string]>([
    [
      "a condition that only a call decides",
      onX("return if seq > 3 then x else x * 2.0"),
      "T208 expected a condition that the config decides, found one that only a call decides -- seq > 3",
    ],
    [
      "an `if` with bodies on a size of the call",
      onX("if seq > 3 { x = x * 2.0 }\n return x"),
      "T208 expected a condition that the config decides, found one that only a call decides -- seq > 3",
    ],
    [
      "ten million turns that differ",
      onX("repeat i < 10_000_019 { x = x |> h[i]: FFN{ff: if i == 7 then 3 else 5} }\n return x"),
      "T213 the 10000019 turns of `i` differ, and so many cannot be written out -- 10_000_019",
    ],
    [
      "a number that each turn would change",
      onX("n = 1\n repeat i < depth { n = n * 2 }\n return x * real(n)"),
      "T202 each turn would change n, which is a whole number: only tensors go round -- repeat i < depth { n = n * 2 }",
    ],
    [
      "a result inside of a loop",
      onX("repeat i < depth { return x }\n return x"),
      "T208 expected `return` outside of loops, found it in `repeat i` -- return x",
    ],
    [
      "a type that changes from turn to turn",
      onX("repeat i < depth { x = x |> h[i]: Linear{out: 9} }\n return x"),
      "T202 x goes in as f32[batch, seq, d] and comes out as f32[batch, seq, 9] -- repeat i < depth { x = x |> h[i]: Linear{out: 9} }",
    ],
    [
      "a layer before the first",
      onX("repeat i < depth { x = x |> h[i - 1]: FFN }\n return x"),
      "T208 expected an index of at least 0, found -1 -- h[i - 1]: FFN",
    ],
    [
      "a layer behind the last",
      onX("repeat i < depth { x = x |> h[i]: FFN }\n return x |> h[3]: FFN"),
      "T208 expected an index of h below 3, found 3 -- h[3]: FFN",
    ],
    [
      "branches of several kinds",
      "block A[d]{wide}(x: f32[.., d]) -> f32[.., d] { return x * (if wide then 2.0 else true) }",
      "T202 this is a real number in one branch and a truth value in the other -- wide",
    ],
    [
      "branches of several shapes",
      "block A[d]{wide}(x: f32[.., d]) -> f32[.., d] {\n if wide { y = x |> a: Linear{out: 3} } else { y = x }\n return y |> b: Linear{out: d}\n}",
      "T202 y is f32[.., 3] in one branch and f32[.., d] in the other -- wide",
    ],
    [
      "branches whose shapes agree where the condition fails",
      "block A[d, e]{wide = e}(x: f32[.., e], y: f32[.., d]) -> f32[.., d] {\n z = if wide == d then x else y\n return z\n}",
      "T202 this is f32[.., e] in one branch and f32[.., d] in the other -- wide == d",
    ],
    [
      "a result of one branch that is wrong",
      "block A[d]{wide}(x: f32[.., d]) -> f32[.., d] {\n if wide { return x |> a: Linear{out: 3} }\n return x\n}",
      "T202 A returns f32[.., 3], not f32[.., d] -- 3",
    ],
    [
      "a block that does not keep the shape",
      "block A[d]{Norm: block}(x: f32[.., d]) -> f32[.., d] { return x |> norm: Norm }\n" +
        "model M{d = 4, Norm = LayerNorm}(x: f32[batch, d]) -> f32[batch, d] { return x |> a: A{Norm} }\n" +
        "config m = M{Norm: Linear{out: 3}}",
      "T202 Norm must keep the shape: it makes f32[batch, 3] of f32[batch, d] -- Linear{out: 3}",
    ],
    [
      "a number where a block is due",
      "block A[d]{Norm: block}(x: f32[.., d]) -> f32[.., d] { return x |> norm: Norm }\n" +
        "block B[d](x: f32[.., d]) -> f32[.., d] { return x |> a: A{Norm: 3} }",
      "D401 A's `Norm` is a block, this is a whole number -- 3",
    ],
    [
      "one value too many",
      "block A[d](x: f32[.., d]) -> f32[.., d] { return x, x }",
      "T202 A returns 2 values, its signature says 1 value -- return x, x",
    ],
    [
      "two values under one name",
      "block A[d](x: f32[.., d]) -> f32[.., d], f32[.., d] { return x, x }\n" +
        "block B[d](x: f32[.., d]) -> f32[.., d] {\n a, b, c = x |> a: A\n return a\n}",
      "T202 this gives 2 values, 3 are named -- x |> a: A",
    ],
    [
      "several values where one is due",
      "block A[d](x: f32[.., d]) -> f32[.., d], f32[.., d] { return x, x }\n" +
        "block B[d](x: f32[.., d]) -> f32[.., d] { return x + (x |> a: A) }",
      "D401 expected f32, this is several values -- x |> a: A",
    ],
    [
      "a signature without a result",
      "block A[d](x: f32[.., d]) { return x |> proj: Linear{out: 3} }",
      "N108 A needs `-> type` -- A",
    ],
    [
      "a task that names one of two values",
      "model M{d = 4}(x: f32[batch, d]) -> f32[batch, d], f32[batch, d] { return x, x |> n: LayerNorm }\n" +
        "task t() on M as x -> f32[batch, d] { return x }\nconfig m = M{}",
      "T202 M gives 2 values, t names 1 -- x",
    ],
    [
      "a scan of nothing that has the axis",
      scanning("h = h0", "yield h"),
      "N106 no axis `tgt` in what is scanned -- tgt",
    ],
    [
      "a scan of two lengths",
      "block A[tgt, src, e](y: f32[batch, tgt, e], z: f32[batch, src, e]) -> f32[batch, tgt, e] {\n" +
        " return scan[tgt](a = y, b = z[src -> tgt]) { yield a + b }\n}",
      "T202 scan reads tgt and tgt: src in step -- z[src -> tgt]",
    ],
    [
      "a scanned value that changes its type",
      scanning("yt = y, h = h0", "h = mean[e](h)\n yield yt"),
      "T202 h goes in as f32[batch, e] and comes out as f32[batch] -- h0",
    ],
    [
      "a scan that yields nothing",
      scanning("yt = y", "z = yt"),
      "N108 scan needs `yield` -- scan[tgt](yt = y) { z = yt }",
    ],
    [
      "a scan that yields twice",
      scanning("yt = y", "yield yt\n yield yt * 2.0"),
      "T208 expected one `yield` in a `scan`, found a second -- yt * 2.0",
    ],
    [
      "a scan that returns",
      scanning("yt = y", "return yt"),
      "T208 expected `return` outside of loops, found it in a `scan` -- return yt",
    ],
    [
      "a scan that yields the axis itself",
      scanning("yt = y", "yield y"),
      "T209 axis `tgt` would stand twice in what is yielded, f32[batch, tgt, e], -- y",
    ],
    [
      "a scan over examples",
      "block A[e](y: f32[batch, e]) -> f32[batch, e] { return scan[batch](yt = y) { yield yt } }",
      "T205 scan would mix over `batch` -- batch",
    ],
    [
      "a yield outside of a scan",
      storing("yield x"),
      "T208 expected `yield` in the body of a `scan`, found it outside of any -- yield x",
    ],
    ["a value that is no cell", storing("x := x"), "T208 expected a cell, declared by `state`, found the value x -- x"],
    ["a cell that is not there", storing("mem := x"), "N102 unknown name `mem` -- mem"],
    [
      "a cell of another type",
      storing("state mem: f32[batch, m: 3, d] = zeros\n mem := x"),
      "T202 mem returns f32[batch, seq, d], not f32[batch, m: 3, d] -- x",
    ],
    [
      "a cell in a loop",
      storing("repeat i < 2 { state mem: f32[batch, d] = zeros }"),
      "T208 expected `state` outside of loops, found it in `repeat i` -- state mem: f32[batch, d] = zeros",
    ],
    [
      "a cell that begins at random",
      storing("state mem: f32[batch, d] = normal(0.1)"),
      "T208 expected zeros, ones or a number for f32, found another initial value -- normal(0.1)",
    ],
    [
      "cells of two unlabelled layers",
      "block Keep[d](x: f32[batch, d]) -> f32[batch, d] {\n state mem: f32[batch, d] = zeros\n mem := x\n return mem\n}\n" +
        "model M{d = 4}(x: f32[batch, d]) -> f32[batch, d] { return x |> Keep |> Keep }\nconfig m = M{}",
      "N111 `mem` is a cell already -- mem",
    ],
    [
      "decoding with a state",
      generating("return x |> keep: Keep"),
      "G601 m.lm cannot be decoded over `seq`: it has `state`, in keep -- seq",
    ],
    [
      "an auxiliary loss of many numbers",
      storing("aux x"),
      "T202 a loss must be one number, this is f32[batch, seq, d] -- x",
    ],
    ["a setting that training has not", training("clap: 1.0"), "N101 unknown config `clap` for train -- clap"],
    ["an optimizer that is not there", training("optimizer: adamv(lr: 1e-3)"), "N102 unknown name `adamv` -- adamv"],
    [
      "an argument that an optimizer has not",
      training("optimizer: adamw(beta3: 0.1)"),
      "N107 adamw has no input `beta3` -- beta3",
    ],
    ["a schedule by a word", training('clip: "much"'), 'C502 `clip` must be a number that is not negative -- "much"'],
    ["a task to train without a loss", training("clip: 1.0", ""), "C502 t has no `loss` to train by -- t"],
  ])("%s", (_, program, problem) => {
    expect(problemsOf(program).filter((each) => !each.startsWith("U902"))).toEqual([problem]);
  });

  test("the help for a missing result type, written into the file, mends it", () => {
    const text = "block A[d](x: f32[.., d]) { return x |> proj: Linear{out: 3} }";
    const { problems } = check("model.tfm", () => text);
    const [fix] = problems[0]?.fixes ?? [];
    if (!fix) throw new Error("there is no fix");
    const mended = text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
    expect(mended).toBe("block A[d](x: f32[.., d]) -> f32[.., 3] { return x |> proj: Linear{out: 3} }");
    expect(problemsOf(mended)).toEqual([]);
  });
});
