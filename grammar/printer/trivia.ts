/**
 * Puts comments back. Documents are built in the order of the text, and whoever builds one first takes the comments
 * that stand before it: each comment is taken exactly once, so none is lost.
 */
import type { Comment } from "../comment.js";
import { hardLine, suffix, type Document } from "./document.js";

export interface Trivia {
  /** The comments before `offset` that were not taken yet, as suffixes of the line being set. */
  readonly trailing: (offset: number) => Document;
  /**
   * The comments before `offset` that were not taken yet, where a line starts: those that had a line of their own
   * each on one, the others as suffixes of the line before.
   */
  readonly above: (offset: number) => { readonly before: Document; readonly own: readonly Comment[] };
  /** Whether a comment that was not taken yet stands before `offset`. */
  readonly hasBefore: (offset: number) => boolean;
}

export function createTrivia(comments: readonly Comment[]): Trivia {
  let taken = 0;
  const take = (offset: number): readonly Comment[] => {
    const from = taken;
    while ((comments[taken]?.span.start ?? Infinity) < offset) taken += 1;
    return comments.slice(from, taken);
  };
  return {
    trailing: (offset) => take(offset).map(asSuffix),
    above: (offset) => {
      const found = take(offset);
      const firstOwn = found.findIndex(({ ownLine }) => ownLine);
      const split = firstOwn < 0 ? found.length : firstOwn;
      return { before: found.slice(0, split).map(asSuffix), own: found.slice(split) };
    },
    hasBefore: (offset) => (comments[taken]?.span.start ?? Infinity) < offset,
  };
}

export function asSuffix(comment: Comment): Document {
  return suffix(`   ${comment.text}`);
}

/** Comments that have lines of their own, each with the line break after it. */
export function ownLines(comments: readonly Comment[]): Document {
  return comments.map(({ text }) => [text, hardLine]);
}
