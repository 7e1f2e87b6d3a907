/** Makes an input that fails smaller, as long as it fails: whole lines go first, then tokens, then characters. */
import { scan } from "../../grammar/scan.js";

type Fails = (text: string) => Promise<boolean>;

/** How many smaller texts are tried. */
const tries = 2_000;

export async function shrink(text: string, fails: Fails): Promise<string> {
  let left = tries;
  const counted: Fails = async (candidate) => left-- > 0 && (await fails(candidate));
  let smallest = text;
  for (const split of [lines, tokens, characters]) smallest = await without(smallest, split, counted);
  return smallest;
}

type Split = (text: string) => readonly string[];

const lines: Split = (text) => text.split(/(?<=\n)/);
const characters: Split = (text) => (text.length > 200 ? [text] : text.split(""));
const tokens: Split = (text) => {
  const starts = scan(text).tokens.map(({ start }) => start);
  return [0, ...starts].map((start, n) => text.slice(start, starts[n] ?? text.length));
};

/** Leaves out halves, then quarters, and so on, until no piece alone can go (after Zeller's delta debugging). */
async function without(text: string, split: Split, fails: Fails): Promise<string> {
  let pieces = split(text);
  for (let size = Math.ceil(pieces.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < pieces.length;) {
      const fewer = pieces.toSpliced(at, size);
      if (await fails(fewer.join(""))) pieces = fewer;
      else at += size;
    }
  }
  return pieces.join("");
}
