import { expect, test } from "vitest";
import { codeLenses, hover, inlayShapes, openProject, signatureHelp } from "../../compiler/ide/index.js";
import { mutateText } from "../fuzz/mutate-text.js";
import { randomFrom } from "../fuzz/random.js";
import { withCursor } from "./drawn.js";
import { gpt } from "./told.js";

const source = withCursor(gpt("block")).text;

test("at every place of a program there is an answer, about what is there", () => {
  const snapshot = openProject(() => source).look("main.tfm");
  if (!snapshot) throw new Error("no file");
  for (let offset = 0; offset <= source.length; offset += 3) {
    const found = hover(snapshot, "main.tfm", offset);
    signatureHelp(snapshot, "main.tfm", offset);
    if (!found) continue;
    expect(found.span.start).toBeLessThanOrEqual(offset);
    expect(found.span.end).toBeGreaterThanOrEqual(offset);
    expect(found.markdown).not.toMatch(/undefined|NaN|\[object/);
  }
});

test("in a program that is being broken, edit by edit, no place makes it fail", () => {
  const random = randomFrom(20261121);
  let text = source;
  const project = openProject(() => text);
  let answers = 0;
  for (let edit = 0; edit < 60; edit++) {
    const snapshot = project.look("main.tfm");
    if (!snapshot) throw new Error("no file");
    inlayShapes(snapshot, "main.tfm");
    codeLenses(snapshot, "main.tfm");
    for (let place = 0; place < 4; place++) {
      const offset = random.below(text.length + 1);
      if (hover(snapshot, "main.tfm", offset, { images: random.chance(0.5) })) answers += 1;
      signatureHelp(snapshot, "main.tfm", offset);
    }
    text = random.chance(0.15) ? source : mutateText(text, random);
  }
  expect(answers).toBeGreaterThan(60);
});
