import { expect, test } from "vitest";
import { inlayShapes, openProject, type InlayStyle } from "../../compiler/ide/index.js";
import { snapshotOf } from "./drawn.js";

/** The source with what is shown behind its lines, in « ». */
function shown(text: string, style?: InlayStyle): string {
  return inlayShapes(snapshotOf(text), "main.tfm", undefined, style && { style })
    .toReversed()
    .reduce((all, { offset, label }) => `${all.slice(0, offset)} «${label}»${all.slice(offset)}`, text);
}

const layer = `block Layer[seq, d]{heads, ff = 4 * d}(x: f32[batch, seq, d]) -> f32[batch, seq, d], f32[batch, ff] {
  h = x |> norm: LayerNorm |> attn: Attention{heads}(mask: causal)   # behind the code, not the comment
  x += h |> dropout(0.1)
  wide = x
    |> up: Linear{out: ff}
    |> gelu
  same = wide
  half = ff // 2
  if heads > 1 { x = x |> other: FFN } else { x = x |> other: FFN |> gelu }
  first = mean[seq](wide)
  return x |> last: LayerNorm, first
}
`;

test("one shape a line: of what the line names, else of the last stage on it", () => {
  expect(shown(layer)).toMatchInlineSnapshot(`
    "block Layer[seq, d]{heads, ff = 4 * d}(x: f32[batch, seq, d]) -> f32[batch, seq, d], f32[batch, ff] {
      h = x |> norm: LayerNorm |> attn: Attention{heads}(mask: causal) «f32[batch, seq, d]»   # behind the code, not the comment
      x += h |> dropout(0.1) «f32[batch, seq, d]»
      wide = x
        |> up: Linear{out: ff} «f32[batch, seq, ff]»
        |> gelu «f32[batch, seq, ff]»
      same = wide
      half = ff // 2
      if heads > 1 { x = x |> other: FFN } else { x = x |> other: FFN |> gelu «f32[batch, seq, d]» }
      first = mean[seq](wide) «f32[batch, ff]»
      return x |> last: LayerNorm «f32[batch, seq, d]», first
    }
    "
  `);
});

test("all of them, or none", () => {
  expect(shown(layer, "all")).toMatchInlineSnapshot(`
    "block Layer[seq, d]{heads, ff = 4 * d}(x: f32[batch, seq, d]) -> f32[batch, seq, d], f32[batch, ff] {
      h «f32[batch, seq, d]» = x |> norm: LayerNorm «f32[batch, seq, d]» |> attn: Attention{heads}(mask: causal) «f32[batch, seq, d]»   # behind the code, not the comment
      x «f32[batch, seq, d]» += h |> dropout(0.1) «f32[batch, seq, d]»
      wide «f32[batch, seq, ff]» = x
        |> up: Linear{out: ff} «f32[batch, seq, ff]»
        |> gelu «f32[batch, seq, ff]»
      same «f32[batch, seq, ff]» = wide
      half = ff // 2
      if heads > 1 { x «f32[batch, seq, d]» = x |> other: FFN «f32[batch, seq, d]» } else { x «f32[batch, seq, d]» = x |> other: FFN «f32[batch, seq, d]» |> gelu «f32[batch, seq, d]» }
      first «f32[batch, ff]» = mean[seq](wide)
      return x |> last: LayerNorm «f32[batch, seq, d]», first
    }
    "
  `);
  expect(inlayShapes(snapshotOf(layer), "main.tfm", undefined, { style: "off" })).toEqual([]);
});

test("several values at once", () => {
  expect(
    shown(`block Split[d](x: f32[.., d]) -> f32[.., d], f32[..] {
  return x, mean[d](x)
}

block Use[d](x: f32[.., d]) -> f32[.., d] {
  a, b = x |> split: Split
  return a - b
}
`),
  ).toMatchInlineSnapshot(`
    "block Split[d](x: f32[.., d]) -> f32[.., d], f32[..] {
      return x, mean[d](x)
    }

    block Use[d](x: f32[.., d]) -> f32[.., d] {
      a, b = x |> split: Split «f32[.., d], f32[..]»
      return a - b
    }
    "
  `);
});

test("only what is asked for", () => {
  const snapshot = snapshotOf(layer);
  const line = { start: layer.indexOf("  wide"), end: layer.indexOf("  same") - 1 };
  expect(inlayShapes(snapshot, "main.tfm", line)).toEqual(
    inlayShapes(snapshot, "main.tfm").filter(({ offset }) => line.start <= offset && offset <= line.end),
  );
  expect(inlayShapes(snapshot, "main.tfm", line)).toHaveLength(2);
  expect(inlayShapes(snapshot, "nowhere.tfm")).toEqual([]);
});

test("a mistake takes nothing from other declarations", () => {
  expect(
    shown(`block Broken[d](x: f32[.., d]) -> f32[.., d] {
  y = x |> up: Linear{out: 2 *
}

block Whole[d](x: f32[.., d]) -> f32[.., 2 * d] {
  y = x |> up: Linear{out: 2 * d}
  z = y |> wrong: Nothing
  return y
}
`),
  ).toMatchInlineSnapshot(`
    "block Broken[d](x: f32[.., d]) -> f32[.., d] {
      y = x |> up: Linear{out: 2 *
    }

    block Whole[d](x: f32[.., d]) -> f32[.., 2 * d] {
      y = x |> up: Linear{out: 2 * d} «f32[.., 2*d]»
      z = y |> wrong: Nothing
      return y
    }
    "
  `);
});

test("after an edit above, and in the declaration itself", () => {
  const second = "block Two[d](x: f32[.., d]) -> f32[.., 2 * d] {\n  y = x |> up: Linear{out: 2 * d}\n  return y\n}\n";
  let now = layer + second;
  const project = openProject(() => now);
  const here = (): string => {
    const snapshot = project.look("main.tfm");
    if (!snapshot) throw new Error("no file");
    return inlayShapes(snapshot, "main.tfm")
      .toReversed()
      .reduce((all, { offset, label }) => `${all.slice(0, offset)} «${label}»${all.slice(offset)}`, now);
  };
  expect(here()).toBe(shown(now));
  now = `# A line more.\n\n${now}`;
  expect(here()).toBe(shown(now));
  now = now.replace("Linear{out: 2 * d}", "Linear{out: d}").replace("-> f32[.., 2 * d]", "-> f32[.., d]");
  expect(here()).toContain("y = x |> up: Linear{out: d} «f32[.., d]»");
  expect(here()).toBe(shown(now));
});
