/**
 * What a terminal shows of a text: one cell for each character a reader sees, with the columns it takes.
 *
 * Control characters are shown as symbols and reordering ones as U+FFFD, so that a source line can neither move the
 * cursor nor change colours nor hide what it says.
 */
export interface Cell {
  readonly text: string;
  /** Where it stands in the text, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  /** Columns from the start of the text, from 0. */
  readonly column: number;
  readonly width: number;
}

const tabStop = 4;
const printableAscii = /^[\x20-\x7e]*$/;
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const emojiByRequest = /\ufe0f/;
const reordering = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /[\x00-\x1f\x7f-\x9f]/g;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Makes a text safe to print on one line: shows what would act on the terminal instead of being read. */
export function printable(text: string): string {
  if (printableAscii.test(text)) return text;
  return text
    .replace(control, (character) => {
      const code = character.charCodeAt(0);
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      return code === 0x7f ? "\u2421" : "\ufffd";
    })
    .replace(reordering, "\ufffd")
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

function widthOf(grapheme: string): number {
  if (invisible.test(grapheme)) return 0;
  return wide.test(grapheme) || emojiByRequest.test(grapheme) ? 2 : 1;
}

/** The cells of a text without line breaks. Tabs reach to the next multiple of four columns. */
export function cellsOf(text: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  const add = (shown: string, offset: number, length: number, width: number): void => {
    cells.push({ text: shown, offset, length, column, width });
    column += width;
  };
  if (printableAscii.test(text)) {
    for (let offset = 0; offset < text.length; offset++) add(text.charAt(offset), offset, 1, 1);
    return cells;
  }
  for (const { segment, index } of graphemes.segment(text)) {
    if (segment === "\t") {
      const width = tabStop - (column % tabStop);
      add(" ".repeat(width), index, 1, width);
    } else if (segment === "\ufeff" || segment === "\r") {
      add("", index, segment.length, 0);
    } else {
      const shown = printable(segment);
      add(shown, index, segment.length, widthOf(shown));
    }
  }
  return cells;
}

/**
 * The columns that `[from, to)` takes, both from 0. A character is taken whole or not at all, and what takes no column
 * (an empty range, the end of the text) still gets one, so that it can be pointed at.
 */
export function columnsOf(cells: readonly Cell[], from: number, to: number): { start: number; end: number } {
  const first = cells.findLast((cell) => cell.offset <= from);
  const behind = cells.findLast((cell) => cell.offset < to);
  const last = cells.at(-1);
  const past = last !== undefined && from >= last.offset + last.length;
  const start = first === undefined ? 0 : past ? last.column + last.width : first.column;
  const end = behind === undefined ? 0 : behind.column + behind.width;
  return { start, end: Math.max(end, start + 1) };
}
