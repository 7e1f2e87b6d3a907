/** What `tfmc graph` draws. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { drawPage, drawSvg, lowerFile, type Lowered } from "tfmc";
import { layOut, type Placed } from "../../compiler/picture/layout.js";
import { loadLibrary } from "../../compiler/1-resolve/resolve.js";
import { allBoxes, type Box } from "../../compiler/picture/box.js";
import { pictureOf } from "../../compiler/picture/picture.js";

const folder = new URL("../../examples/", import.meta.url);
const examples = readdirSync(folder).filter((name) => name.endsWith(".tfm"));
const read = (name: string): string => readFileSync(new URL(name, folder), "utf8");

function lowered(name: string, text: string): Lowered {
  const { lowered: made, problems } = lowerFile(name, () => text);
  if (!made) throw new Error(problems.map(({ message }) => message).join("\n"));
  return made;
}

const library = loadLibrary();
const draw = ({ module, numbers }: Lowered): ReturnType<typeof pictureOf> =>
  pictureOf(module, { numbers, isKnown: (block) => library.has(block) });

test("GPT-2 as boxes and arrows", () => {
  const { title, boxes, arrows } = draw(lowered("gpt2.tfm", read("gpt2.tfm")));
  const names = new Map(allBoxes(boxes).map(({ id, title: name }) => [id, name]));
  const tree = (box: Box, depth: number): string =>
    [
      `${"  ".repeat(depth)}${[box.kind, box.title, box.detail, box.parameters].filter((x) => x !== undefined).join(" | ")}`,
      ...box.children.map((child) => tree(child, depth + 1)),
    ].join("\n");
  const lines = arrows.map(({ from, to, text }) => `${names.get(from)} -> ${names.get(to)}  ${text}`);
  expect([title, "", ...boxes.map((box) => tree(box, 0)), "", ...lines].join("\n")).toMatchSnapshot();
});

describe.each(examples)("%s", (name) => {
  test("is drawn with each arrow between two boxes, and no box upon another", async () => {
    const model = lowered(name, read(name));
    const picture = draw(model);
    const all = allBoxes(picture.boxes);
    const ids = new Set(all.map(({ id }) => id));
    expect(picture.arrows.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
    const used = new Set(picture.arrows.flatMap(({ from, to }) => [from, to]));
    expect(all.filter(({ id, kind }) => kind !== "group" && !used.has(id)).map(({ title }) => title)).toEqual([]);
    const { boxes } = await layOut(picture);
    expect(overlaps(boxes)).toEqual([]);
  });
});

function overlaps(boxes: readonly Placed[]): string[] {
  const found = boxes.flatMap((a, n) =>
    boxes.slice(n + 1).flatMap((b) => {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      return apart ? [] : [`${a.title} and ${b.title}`];
    }),
  );
  return [...found, ...boxes.flatMap(({ children }) => overlaps(children))];
}

test("layers that were written out are drawn once", () => {
  const text = `
model M{d = 8}(x: f32[batch, d]) -> f32[batch, d] {
  repeat i < 6 {
    if i % 3 == 2 { x = x |> up[i]: FFN{ff: 4} }
    else          { x = x |> up[i]: FFN{ff: 16} }
  }
  return x |> last: Linear{out: d}
}
config small = M{}
`;
  const { boxes, arrows } = draw(lowered("m.tfm", text));
  expect(boxes.map(({ title, children }) => [title, ...children.map((child) => child.title)])).toEqual([
    ["x"],
    ["× 2", "up[0]", "up[1]", "up[2]"],
    ["last"],
    ["task m", "output"],
  ]);
  expect(arrows.length).toBe(5);
});

test("text of a file never becomes markup", async () => {
  const text = `
## <script>alert("&")</script>
model M{d = 4}(x: f32[batch, d]) -> f32[batch, d] {
  return x |> up: Linear{out: d}
}
config small = M{}
`;
  const model = lowered("m.tfm", text);
  for (const page of [await drawSvg(model), await drawPage(model)]) {
    expect(page).not.toContain("<script>");
    expect(page).not.toContain('alert("');
  }
  expect(await drawPage(model)).toContain("&#60;script&#62;");
});
