/** After edits of the layout alone, trees stay: an editor is told what one is told who reads the file for the first time. */
import { expect, test } from "vitest";
import {
  codeActions,
  codeLenses,
  complete,
  definition,
  documentSymbols,
  folding,
  hover,
  inlayShapes,
  maskPictures,
  openProject,
  prepareRename,
  references,
  selectionRanges,
  semanticTokens,
  signatureHelp,
  type Snapshot,
} from "../../compiler/ide/index.js";
import { layoutEdit } from "../edits/layout-edit.js";
import { randomFrom } from "../fuzz/random.js";
import { readText } from "../tidy/files.js";
import { snapshotOf } from "./drawn.js";

const file = "main.tfm";

const ofFile = (snapshot: Snapshot): unknown => ({
  problems: snapshot.problems(),
  shapes: snapshot.shapes(file),
  tokens: semanticTokens(snapshot, file),
  inlay: inlayShapes(snapshot, file),
  all: inlayShapes(snapshot, file, undefined, { style: "all" }),
  lenses: codeLenses(snapshot, file),
  symbols: documentSymbols(snapshot, file),
  folding: folding(snapshot, file),
});

const at = (snapshot: Snapshot, offset: number): unknown => ({
  hover: hover(snapshot, file, offset),
  definition: definition(snapshot, file, offset),
  references: references([snapshot], file, offset, { withDeclaration: true }).map(({ span, role }) => ({ span, role })),
  rename: prepareRename([snapshot], file, offset),
  selection: selectionRanges(snapshot, file, offset),
  complete: complete(snapshot, file, offset),
  signature: signatureHelp(snapshot, file, offset),
  actions: codeActions(snapshot, file, { start: offset, end: offset }),
  pictures: maskPictures(snapshot, file, offset),
});

const mistaken = `## Mixes.
block Mix[d]{heads}(  # the input
    x: f32[.., d]  # comes first
) -> f32[.., d] {
  y = x
    |> up: Linear{
      out: 2 * d,  # twice
    }
    |> down: Linear{out: 3 * d}
  z = Linear{out: d}(y)  # not so
  return x + heads
    * y
}

model Net[seq]{vocab = 9, d = 4}(ids: f32[batch, seq]) -> f32[batch, seq, d] {
  return ids |> mix: Mix{heads: 2}
}
config net = Net{}
check params(
  net
) == 12
`;

test.each([
  ["examples/gpt2.tfm", readText("examples/gpt2.tfm")],
  ["examples/t5.tfm", readText("examples/t5.tfm")],
  ["examples/moe.tfm", readText("examples/moe.tfm")],
  ["a file with mistakes", mistaken],
])("%s", (_, first) => {
  const random = randomFrom(first.length);
  let text = first;
  const project = openProject((path) => (path === file ? text : undefined));
  project.look(file);
  for (let n = 0; n < 12; n++) {
    for (let more = 0; more < 3; more++) text = layoutEdit(text, random);
    const snapshot = project.look(file);
    const fresh = snapshotOf({ [file]: text });
    if (!snapshot) throw new Error("no file");
    expect(ofFile(snapshot), text).toEqual(ofFile(fresh));
    for (let m = 0; m < 25; m++) {
      const offset = random.below(text.length + 1);
      expect(at(snapshot, offset), `${text.slice(0, offset)}‸${text.slice(offset)}`).toEqual(at(fresh, offset));
    }
  }
});
