import { expect, test } from "vitest";
import { encodingPicture, maskPictures } from "../../compiler/ide/index.js";
import { snapshotOf, withCursor } from "./drawn.js";

/** The picture in characters, for six positions, under what is written above it. */
function drawnAt(marked: string, positions = 6): string {
  const { text, offset } = withCursor(marked);
  const snapshot = snapshotOf(text);
  const [config] = snapshot.program.entry.configs.values();
  return maskPictures(snapshot, "main.tfm", offset, { config, positions })
    .map(({ source, caption, text: grid }) => [source, caption, grid].join("\n"))
    .join("\n\n");
}

const mask = (expression: string, more = ""): string => `block Layer[seq, d]{heads, near = 2}
    (x: f32[batch, seq, d], keep: bool[batch, seq], document: i32[batch, seq]) -> f32[batch, seq, d] {
  return x |> attn: Attention{heads}(mask: ${expression})
}
${more}`;

test("a mask that is declared, with small numbers for what it takes", () => {
  expect(drawnAt("mask ‸near(w: int, step: int = 1) = q - k < w * step & k <= q\n")).toMatchInlineSnapshot(`
    "q - k < w * step & k <= q
    Which keys \`k\` a query \`q\` sees, \`w = 4\`, \`step = 1\`
      k 0         5
    q 0 ■ □ □ □ □ □
        ■ ■ □ □ □ □
        ■ ■ ■ □ □ □
        ■ ■ ■ ■ □ □
        □ ■ ■ ■ ■ □
      5 □ □ ■ ■ ■ ■"
  `);
});

test("the part under the cursor, and the whole", () => {
  expect(drawnAt(mask("causal & win‸dow(near)"))).toMatchInlineSnapshot(`
    "window(near)
    Which keys \`k\` a query \`q\` sees, \`near = 2\`
      k 0         5
    q 0 ■ ■ ■ ■ ■ ■
        ■ ■ ■ ■ ■ ■
        □ ■ ■ ■ ■ ■
        □ □ ■ ■ ■ ■
        □ □ □ ■ ■ ■
      5 □ □ □ □ ■ ■

    causal & window(near)
    Which keys \`k\` a query \`q\` sees, \`near = 2\`
      k 0         5
    q 0 ■ □ □ □ □ □
        ■ ■ □ □ □ □
        □ ■ ■ □ □ □
        □ □ ■ ■ □ □
        □ □ □ ■ ■ □
      5 □ □ □ □ ■ ■"
  `);
});

test("what depends on data is told apart from what does not", () => {
  expect(drawnAt(mask("causal &‸ padding(keep)"))).toMatchInlineSnapshot(`
    "causal & padding(keep)
    Which keys \`k\` a query \`q\` sees, hatched: depends on \`keep\`
      k 0         5
    q 0 ? □ □ □ □ □
        ? ? □ □ □ □
        ? ? ? □ □ □
        ? ? ? ? □ □
        ? ? ? ? ? □
      5 ? ? ? ? ? ?"
  `);
  expect(drawnAt(mask("causal &‸ same(document) | prefix(2)"))).toMatchInlineSnapshot(`
    "causal & same(document)
    Which keys \`k\` a query \`q\` sees, hatched: depends on \`document\`
      k 0         5
    q 0 ■ □ □ □ □ □
        ? ■ □ □ □ □
        ? ? ■ □ □ □
        ? ? ? ■ □ □
        ? ? ? ? ■ □
      5 ? ? ? ? ? ■

    causal & same(document) | prefix(2)
    Which keys \`k\` a query \`q\` sees, hatched: depends on \`document\`
      k 0         5
    q 0 ■ ■ □ □ □ □
        ■ ■ □ □ □ □
        ■ ■ ■ □ □ □
        ■ ■ ? ■ □ □
        ■ ■ ? ? ■ □
      5 ■ ■ ? ? ? ■"
  `);
});

test("a config's numbers; cells stand for many positions where it takes as many", () => {
  const model = `model M[seq]{d = 64, heads = 4, span = 4096}
    (x: f32[batch, seq, d], keep: bool[batch, seq] = true, document: i32[batch, seq]) -> f32[batch, seq, d] {
  return x |> layer: Layer{heads, near: span}(keep, document)
}
config m = M{}
`;
  expect(drawnAt(mask("causal &‸ window(near)", model))).toMatchInlineSnapshot(`
    "causal & window(near)
    Which keys \`k\` a query \`q\` sees, \`near = 4096\`, a cell for each 2048 positions
          k 0     10240
        q 0 ■ □ □ □ □ □
            ■ ■ □ □ □ □
            □ ■ ■ □ □ □
            □ □ ■ ■ □ □
            □ □ □ ■ ■ □
      10240 □ □ □ □ ■ ■"
  `);
});

test("layers that differ, side by side", () => {
  expect(
    drawnAt(`model M[seq]{d = 64, heads = 4, depth = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  repeat i < depth { x += x |> attn[i]: Attention{heads}(mask: ‸if i % 2 == 0 then causal else window(2)) }
  return x
}
config m = M{}
`),
  ).toMatchInlineSnapshot(`
    "if i % 2 == 0 then causal else window(2)
    Which keys \`k\` a query \`q\` sees, layers differ
      k 0         5
    q 0 ■ □ □ □ □ □
        ■ ■ □ □ □ □
        ■ ■ ■ □ □ □
        ■ ■ ■ ■ □ □
        ■ ■ ■ ■ ■ □
      5 ■ ■ ■ ■ ■ ■

      k 0         5
    q 0 ■ ■ ■ ■ ■ ■
        ■ ■ ■ ■ ■ ■
        □ ■ ■ ■ ■ ■
        □ □ ■ ■ ■ ■
        □ □ □ ■ ■ ■
      5 □ □ □ □ ■ ■"
  `);
});

test("as many cells as an axis of fixed size has, at the last of the windows", () => {
  expect(
    drawnAt(`block Shifted[h, d]{win, shift}(x: f32[batch, h, d]) -> f32[batch, w: h / win, i: win, d] where h % win == 0 {
  x = x |> rearrange[batch (w i) d -> batch w i d; i = win]
  return x |> attn: Attention{heads: 2}(mask: ‸(@w * win + q < h - shift) == (@w * win + k < h - shift))
}
model M{d = 8}(x: f32[batch, h: 15, d]) -> f32[batch, w: 3, i: 5, d] { return x |> only: Shifted{win: 5, shift: 2} }
config m = M{}
`),
  ).toMatchInlineSnapshot(`
    "(@w * win + q < h - shift) == (@w * win + k < h - shift)
    Which keys \`k\` a query \`q\` sees, at the last \`w\`, \`win = 5\`, \`shift = 2\`
      k 0       4
    q 0 ■ ■ ■ □ □
        ■ ■ ■ □ □
        ■ ■ ■ □ □
        □ □ □ ■ ■
      4 □ □ □ ■ ■"
  `);
});

test("scores: what becomes of 0", () => {
  expect(drawnAt("score ‸far(rate: real = 0.5) = s - rate * real(abs(q - k))\n")).toMatchInlineSnapshot(`
    "s - rate * real(abs(q - k))
    What a score of 0 becomes, \`rate = 0.5\`
      k 0         5
    q 0 █ ▓ ▒ ▒ ░ ·
        ▓ █ ▓ ▒ ▒ ░
        ▒ ▓ █ ▓ ▒ ▒
        ▒ ▒ ▓ █ ▓ ▒
        ░ ▒ ▒ ▓ █ ▓
      5 · ░ ▒ ▒ ▓ █"
  `);
  expect(drawnAt(mask("causal, score: al‸ibi(heads)"))).toContain("What a score of 0 becomes");
});

test("the first head, where heads differ", () => {
  const model = `model M[seq]{d = 64, heads = 4}(x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  return x |> attn: Attention{heads}(mask: q - k <= ‸head)
}
config m = M{}
`;
  expect(drawnAt(model)).toMatchInlineSnapshot(`
    "q - k <= head
    Which keys \`k\` a query \`q\` sees, of the first head
      k 0         5
    q 0 ■ ■ ■ ■ ■ ■
        □ ■ ■ ■ ■ ■
        □ □ ■ ■ ■ ■
        □ □ □ ■ ■ ■
        □ □ □ □ ■ ■
      5 □ □ □ □ □ ■"
  `);
});

test("no picture where there is nothing to be seen", () => {
  expect(drawnAt(mask("tr‸ue"))).toBe("");
  expect(drawnAt(mask("causal & unknown‸(3)"))).not.toContain("unknown(3)\n");
  expect(drawnAt("score ‸cap(c: real) = c * tanh(s / c)\n")).toBe("");
  expect(drawnAt("mask ‸odd(n: int) = q // (n - n) == k\n")).toBe("");
  expect(drawnAt("mask ‸circle = circle & causal\n")).toBe("");
  expect(drawnAt("‸")).toBe("");
});

test("the image: cells by fill, with an outline for each", () => {
  const { text, offset } = withCursor("mask ‸near = causal & window(2)\n");
  const [picture] = maskPictures(snapshotOf(text), "main.tfm", offset, { positions: 3 });
  expect(picture?.svg.replace(/></g, ">\n<")).toMatchInlineSnapshot(`
    "<svg xmlns="http://www.w3.org/2000/svg" width="80" height="72" viewBox="0 0 80 72" font-family="ui-sans-serif, system-ui, sans-serif" font-size="10">
    <g transform="translate(0 0)">
    <g fill="#8a8f98">
    <text x="37" y="20" text-anchor="middle">0</text>
    <text x="26" y="34.5" text-anchor="end">0</text>
    <text x="51" y="9" text-anchor="middle" font-style="italic">k</text>
    <text x="6" y="48" text-anchor="middle" font-style="italic">q</text>
    </g>
    <path fill="#3b82f6" d="M30 24h13v13h-13zM30 38h13v13h-13zM44 38h13v13h-13zM44 52h13v13h-13zM58 52h13v13h-13z"/>
    <path fill="#8a8f98" fill-opacity=".16" d="M44 24h13v13h-13zM58 24h13v13h-13zM58 38h13v13h-13zM30 52h13v13h-13z"/>
    </g>
    </svg>"
  `);
});

test("encodings are what the library's own definitions give", () => {
  const [sinusoid, rope] = [encodingPicture("sinusoid", 5, 6), encodingPicture("rope", 5, 6)];
  const at = (n: number, pair: number): number => n * 1e4 ** (-pair / 3);
  for (let n = 0; n < 5; n++) {
    for (let pair = 0; pair < 3; pair++) {
      expect(sinusoid?.values[n]?.[2 * pair]).toBeCloseTo(Math.sin(at(n, pair)), 12);
      expect(sinusoid?.values[n]?.[2 * pair + 1]).toBeCloseTo(Math.cos(at(n, pair)), 12);
      expect(rope?.values[n]?.[pair]).toBeCloseTo(Math.cos(at(n, pair)), 12);
      expect(rope?.values[n]?.[pair + 3]).toBeCloseTo(Math.sin(at(n, pair)), 12);
    }
  }
  expect(rope?.svg).toMatch(/^<svg .*<\/svg>$/);
});

/** What the library's masks are to be, by their descriptions. */
const library: Readonly<Record<string, (q: number, k: number) => boolean>> = {
  causal: (q, k) => k <= q,
  "window(3)": (q, k) => q - k <= 2,
  "band(2, 1)": (q, k) => k >= q - 2 && k <= q + 1,
  "prefix(4)": (_, k) => k < 4,
  "strided(3)": (q, k) => q - k < 3 || (q - k) % 3 === 0,
  "fixed(4, 1)": (q, k) => Math.floor(q / 4) === Math.floor(k / 4) || k % 4 === 3,
  "dilated(2, 3)": (q, k) => q - k < 6 && (q - k) % 3 === 0,
  "row(5)": (q, k) => Math.floor(q / 5) === Math.floor(k / 5),
  "column(5)": (q, k) => q % 5 === k % 5,
  "!causal | window(2) & k != 7": (q, k) => k > q || (q - k < 2 && k !== 7),
};

test.each(Object.entries(library))("%s is drawn as it is", (written, sees) => {
  const marked = `block Layer[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  return x |> attn: Attention{heads: 2}(‸mask: ${written})
}
`;
  const { text, offset } = withCursor(marked);
  const picture = maskPictures(snapshotOf(text), "main.tfm", offset, { positions: 11 }).at(-1);
  const due = Array.from({ length: 11 }, (_, q) => Array.from({ length: 11 }, (__, k) => Number(sees(q, k))));
  expect(picture?.source).toBe(written);
  expect(picture?.grids.map(({ cells }) => cells)).toEqual([due]);
});
