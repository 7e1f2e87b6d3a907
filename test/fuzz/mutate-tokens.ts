/** Changes of a program as a sequence of tokens: most results are broken, some still parse. */
import { scan } from "../../grammar/scan.js";
import { isAnyName, type TokenKind } from "../../grammar/tokens.js";
import type { Random } from "./random.js";

/** A token with what stands before it. */
interface Piece {
  readonly gap: string;
  readonly kind: TokenKind;
  readonly text: string;
}

const numbers = [
  ...["0", "1", "2", "3", "5", "7", "12", "100", "0.0", "1.5", "1e-5", "1e9", "1e999", "1_000", "4294967296"],
  ...["9007199254740993", "99999999999999999999", `1${"0".repeat(400)}`],
];

const names = [
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "cfg", "batch", "seq", "d", "s", "q", "k"],
  ...["head", "weight", "mask", "score", "config", "state", "i", "x", "f32", "i32", "bool", "int", "real", "fn_", "_"],
];

const marks = [
  ...["|>", "->", ":=", "+=", "*=", "==", "!=", "<=", ">=", "//", "..", "=", "<", ">", "+", "-", "*", "/", "%", "^"],
  ...["|", "&", "!", "@", ".", ",", ":", ";", "(", ")", "[", "]", "{", "}"],
];

const words = [
  ...["import", "fn", "where", "when", "if", "then", "else", "true", "false", "repeat", "param", "return", "yield"],
  ...["attend", "scan", "rearrange", "outer", "block", "model", "task", "config", "check", "train", "generate"],
  ...["weights", "from", "on", "as", "over", "state", "loss", "aux", "stack", "layout", "leaf", "ignore"],
];

const operators: ReadonlySet<string> = new Set(marks.slice(0, marks.indexOf("@")));
const brackets: readonly (readonly [string, string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
];

export function mutateTokens(text: string, random: Random): string {
  const { tokens } = scan(text);
  let end = 0;
  const pieces = tokens.map((token): Piece => {
    const gap = text.slice(end, token.start);
    end = token.end;
    return { gap, kind: token.kind, text: token.text };
  });
  if (pieces.length === 0) return text;
  return (
    random
      .pick(changes)(pieces, random)
      .map(({ gap, text: own }) => gap + own)
      .join("") + text.slice(end)
  );
}

type Change = (pieces: readonly Piece[], random: Random) => readonly Piece[];

const spaced = (text: string): Piece => ({ gap: " ", kind: "lower", text });

/** A run of tokens, mostly a short one. */
function run(pieces: readonly Piece[], random: Random): readonly [start: number, end: number] {
  const start = random.below(pieces.length);
  const length = 1 + random.below(random.chance(0.8) ? 4 : 40);
  return [start, Math.min(pieces.length, start + length)];
}

const remove: Change = (pieces, random) => {
  const [start, end] = run(pieces, random);
  return pieces.toSpliced(start, end - start);
};

const duplicate: Change = (pieces, random) => {
  const [start, end] = run(pieces, random);
  return pieces.toSpliced(end, 0, ...pieces.slice(start, end));
};

const swap: Change = (pieces, random) => {
  const [i, j] = [random.below(pieces.length), random.below(pieces.length)];
  return pieces.map((piece, n) => (n === i ? (pieces[j] ?? piece) : n === j ? (pieces[i] ?? piece) : piece));
};

const move: Change = (pieces, random) => {
  const [start, end] = run(pieces, random);
  const rest = pieces.toSpliced(start, end - start);
  return rest.toSpliced(random.below(rest.length + 1), 0, ...pieces.slice(start, end));
};

const insert: Change = (pieces, random) => {
  const added = random.pick([numbers, names, marks, words]);
  return pieces.toSpliced(random.below(pieces.length + 1), 0, spaced(random.pick(added)));
};

/** Another token of the same kind: what most often still parses, so that the checker has to say what is wrong. */
const exchange: Change = (pieces, random) => {
  const at = random.below(pieces.length);
  const piece = pieces[at];
  if (!piece) return pieces;
  const similar = pieces.filter(({ kind, text }) => text !== piece.text && isAlike(kind, piece.kind));
  const others = isAnyName(piece.kind) ? names : piece.kind === "number" ? numbers : [...operators];
  const text = similar.length > 0 && random.chance(0.7) ? random.pick(similar).text : random.pick(others);
  return pieces.toSpliced(at, 1, { ...piece, text });
};

function isAlike(kind: TokenKind, other: TokenKind): boolean {
  return kind === other || (operators.has(kind) && operators.has(other));
}

/** Each occurrence of one name becomes another name. */
const rename: Change = (pieces, random) => {
  const all = pieces.filter(({ kind }) => isAnyName(kind)).map(({ text }) => text);
  if (all.length === 0) return pieces;
  const from = random.pick(all);
  const to = random.chance(0.5) ? random.pick(all) : random.pick(names);
  return pieces.map((piece) => (piece.text === from ? { ...piece, text: to } : piece));
};

const nest: Change = (pieces, random) => {
  const [start, end] = run(pieces, random);
  const [open, close] = random.pick(brackets);
  const depth = random.chance(0.9) ? 1 : 1 + random.below(200);
  const many = (mark: string): Piece[] => Array.from({ length: depth }, () => spaced(mark));
  return [...pieces.slice(0, start), ...many(open), ...pieces.slice(start, end), ...many(close), ...pieces.slice(end)];
};

const joinLines: Change = (pieces, random) => {
  const at = random.below(pieces.length);
  return pieces.map((piece, n) => (n === at ? { ...piece, gap: piece.gap === " " ? "\n" : " " } : piece));
};

const changes: readonly Change[] = [
  ...[remove, duplicate, swap, move, insert, rename, nest, joinLines],
  ...[exchange, exchange, exchange, exchange],
];
