/** A mistake in one declaration says nothing of the others: they keep their shapes, and have no problems. */
import { check, parse } from "tfmc";
import { expect, test } from "vitest";
import { randomFrom, type Random } from "../fuzz/random.js";
import { projectFiles, readText } from "../tidy/files.js";

const examples = projectFiles.filter((path) => /^examples\/\w+\.tfm$/.test(path));
/** All of them take minutes; `test:full` has the time. */
const some = /\/(bahdanau|bert|clip|gpt2|moe|swin|t5)\.tfm$/;
const tried = process.env["TFMC_RANDOM"] === "new" ? examples : examples.filter((path) => some.test(path));

interface Piece {
  readonly start: number;
  readonly text: string;
  readonly names: readonly string[];
}

/** The declarations of a text, each with the names that it declares, or gives a meaning to. */
function piecesOf(text: string): Piece[] {
  return parse(text).file.declarations.map((declaration) => {
    const { start, end } = declaration.span;
    const name = "name" in declaration ? [declaration.name.name] : [];
    return { start, text: text.slice(start, end), names: name };
  });
}

/** Those that mention none of the names, directly or through others. A task adds to its model, and a config stands on all of them. */
function untouched(pieces: readonly Piece[], broken: Piece): Piece[] {
  const touched = new Set([broken]);
  const words = ({ text }: Piece): Set<string> => new Set(text.match(/\w+/g));
  for (let before = 0; before < touched.size;) {
    before = touched.size;
    const names = new Set([...touched].flatMap((piece) => [...piece.names, ...modelOf(piece)]));
    for (const piece of pieces) if ([...words(piece)].some((word) => names.has(word))) touched.add(piece);
  }
  return pieces.filter((piece) => !touched.has(piece));
}

const modelOf = ({ text }: Piece): string[] => /^task\b[^{]* on (\w+)/.exec(text)?.slice(1) ?? [];

function breakIn({ text }: Piece, random: Random): string {
  const tokens = [...text.matchAll(/"[^"\n]*"|\w+|\|>|->|\S/g)];
  const { 0: own, index } = random.pick(tokens);
  const before = text.slice(0, index);
  const after = text.slice(index + own.length);
  switch (random.below(4)) {
    case 0:
      return before + after;
    case 1:
      return `${before}${own} ${own}${after}`;
    case 2:
      return `${before}${random.pick(tokens)[0]}${after}`;
    default:
      return `${before}${own} ${random.pick(["}", "{", ")", "(", "]", "[", "=", ",", "|>", "nothing", "12", '"'])}${after}`;
  }
}

/** What is said of each piece, relative to where it begins. */
function saidOf(text: string, pieces: readonly Piece[]): unknown[] {
  const { problems, shapes } = check("main.tfm", () => text);
  const marks = [
    ...problems.map(({ primary, code, message }) => ({
      span: primary?.span ?? { start: 0, end: 0 },
      said: `${code} ${message}`,
    })),
    ...shapes().map(({ kind, span, type }) => ({ span, said: `${kind} ${type}` })),
  ];
  return pieces.map(({ start, text: own }) =>
    marks.flatMap(({ span, said }) =>
      start <= span.start && span.start < start + own.length ? [`${span.start - start} ${said}`] : [],
    ),
  );
}

test.each(tried)("in %s", (path) => {
  const random = randomFrom(path.length);
  const text = `${readText(path)}\n${readText(random.pick(examples.filter((other) => other !== path)))}`;
  const pieces = piecesOf(text);
  for (let round = 0; round < 30; round++) {
    const broken = random.pick(pieces);
    const edited = breakIn(broken, random);
    const others = untouched(pieces, broken);
    const shift = edited.length - broken.text.length;
    const after = text.slice(0, broken.start) + edited + text.slice(broken.start + broken.text.length);
    const moved = others.map((piece) =>
      piece.start > broken.start ? { ...piece, start: piece.start + shift } : piece,
    );
    expect(saidOf(after, moved), edited).toEqual(saidOf(text, others));
  }
});
