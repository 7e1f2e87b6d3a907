import { lastUntil } from "./line-starts.js";

/** A text as those see it who have places in it. */
export interface SourceText {
  readonly length: number;
  readonly slice: (start: number, end: number) => string;
  /** What was read together with an offset, up to it, and from it on. */
  readonly before: (offset: number) => string;
  readonly after: (offset: number) => string;
}

interface Piece {
  readonly from: number;
  readonly text: string;
}

/**
 * All that was read of a file, piece by piece. It only grows: what an offset means stays, and nothing is copied to add to it. A
 * line's end is put behind each piece, so that the end of one is not the start of the next.
 */
export class Ledger implements SourceText {
  private constructor(private readonly pieces: readonly Piece[]) {}

  static readonly of = (text: string): Ledger => new Ledger([{ from: 0, text }]);

  /** With one more piece, which begins at `next`. It is copied: a part of a long string would keep all of it. */
  readonly with = (text: string): Ledger =>
    new Ledger([...this.pieces, { from: this.next, text: [text, "\n"].join("") }]);

  get length(): number {
    const last = this.pieces.at(-1);
    return last ? last.from + last.text.length : 0;
  }

  get next(): number {
    return this.isFirst ? this.length + 1 : this.length;
  }

  /** Whether nothing was added. */
  get isFirst(): boolean {
    return this.pieces.length === 1;
  }

  readonly slice = (start: number, end: number): string => {
    const { from, text } = this.pieceAt(start);
    return text.slice(start - from, end - from);
  };

  readonly before = (offset: number): string => {
    const { from, text } = this.pieceAt(offset);
    return text.slice(0, offset - from);
  };

  readonly after = (offset: number): string => {
    const { from, text } = this.pieceAt(offset);
    return text.slice(offset - from);
  };

  /** The rest of a line, with its end. */
  lineFrom(offset: number): string {
    const { from, text } = this.pieceAt(offset);
    const end = text.indexOf("\n", offset - from);
    return text.slice(offset - from, end < 0 ? text.length : end + 1);
  }

  private pieceAt(offset: number): Piece {
    return this.pieces[lastUntil(this.pieces, (each) => each.from, offset)] ?? { from: 0, text: "" };
  }
}
