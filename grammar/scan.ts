/**
 * Text to tokens. Never fails: a character that belongs to no token is reported and left out, a string that is not
 * closed ends with its line.
 */
import type { Comment } from "./comment.js";
import { readEscape } from "./string-literal.js";
import { problemLimit, syntaxProblem, type SyntaxProblem } from "./syntax-problem.js";
import { isHardKeyword, isMark, isSoftKeyword, type Token, type TokenKind } from "./tokens.js";

export interface Scanned {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  /** The `##` text right above a token, by the offset of that token. */
  readonly docs: ReadonlyMap<number, string>;
  readonly problems: readonly SyntaxProblem[];
  /** The lines that hold a problem. What the parser has to say about them is a consequence. */
  readonly faultyLines: ReadonlySet<number>;
}

/** Some hundred times the largest program: more would not fit into the memory of an editor. */
const tokenLimit = 1_000_000;

/** What an object of JavaScript takes for its prototype and not for an entry, so that no weight nor setting can be called so. */
const unusable = "__proto__";

const newline = 10;
const hash = 35;
const doubleQuote = 34;
const singleQuote = 39;
const backslash = 92;

const numberPattern = /[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?/y;
const namePattern = /[A-Za-z_][A-Za-z0-9_]*/y;
/** A name as a user of another script means it: accepted as a token, but reported. */
const foreignNamePattern = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const unknownPattern = /[^\s\w"'#()[\]{}|>\-:=+*!<>/.%^&@,;\p{L}]+/uy;

/** `base` is the offset of the text's start, where the file's `line` begins. */
export function scan(text: string, base = 0, line = 1): Scanned {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  const docs = new Map<number, string>();
  const problems: SyntaxProblem[] = [];
  const faultyLines = new Set<number>();

  let offset = 0;
  let lineStart = 0;
  /** The paragraph of `##` lines that ends on the line above, if nothing came between. */
  let doc: { text: string; line: number } | undefined;

  const report = (start: number, end: number, expected: string, found: string, help?: string): void => {
    faultyLines.add(line);
    if (problems.length < problemLimit)
      problems.push(syntaxProblem({ start: start + base, end: end + base }, expected, found, help));
  };

  const add = (kind: TokenKind, end: number, image = text.slice(offset, end)): void => {
    if (doc && doc.line === line - 1) docs.set(offset + base, doc.text);
    doc = undefined;
    tokens.push({ kind, text: image, start: offset + base, end: end + base, line, column: offset - lineStart + 1 });
    offset = end;
  };

  const addComment = (): void => {
    const lineEnd = text.indexOf("\n", offset);
    const end = lineEnd < 0 ? text.length : lineEnd;
    const content = text.slice(offset, end).trimEnd();
    const previous = tokens.at(-1);
    const ownLine = previous === undefined || previous.line !== line;
    const isDoc = content.startsWith("##");
    comments.push({
      kind: "comment",
      text: content,
      doc: isDoc,
      ownLine,
      span: { start: offset + base, end: offset + base + content.length },
    });
    if (isDoc && ownLine) {
      const said = content.replace(/^#+ ?/, "");
      doc = { text: doc && doc.line === line - 1 ? `${doc.text}\n${said}` : said, line };
    }
    offset = end;
  };

  const addString = (quote: number): void => {
    let end = offset + 1;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (code === quote || code === newline) break;
      if (code !== backslash) end += 1;
      else {
        const escape = readEscape(text, end);
        if (!escape) {
          const next = text.codePointAt(end + 1);
          const image = `\\${next === undefined ? "" : String.fromCodePoint(next)}`;
          report(end, Math.min(end + image.length, text.length), "an escape", visible(image), knownEscapes);
        }
        end += escape ? escape.length : text.charCodeAt(end + 1) === quote ? 2 : 1;
      }
    }
    const closed = text.charCodeAt(end) === quote;
    if (!closed) {
      end = Math.min(end, text.length);
      if (text.charCodeAt(end - 1) === 13) end -= 1;
      report(offset, end, "a closing quote", "the end of the line", "a string ends on the line it starts on");
    } else if (quote === singleQuote) {
      report(offset, end + 1, 'a string in "double" quotes', "single quotes");
    }
    add("string", closed ? end + 1 : end);
  };

  const addName = (): void => {
    const end = matchEnd(namePattern, text, offset);
    const whole = text.charCodeAt(end) > 127 ? matchEnd(foreignNamePattern, text, offset) : end;
    if (whole > end) {
      addForeignName(whole);
      return;
    }
    const image = text.slice(offset, end);
    if (image === unusable) report(offset, end, "another name", visible(image), "no object of JavaScript can have it");
    const first = image.charCodeAt(0);
    if (isHardKeyword(image) || isSoftKeyword(image)) add(image, end, image);
    else add(first >= 65 && first <= 90 ? "upper" : "lower", end, image);
  };

  const addForeignName = (end: number): void => {
    const image = text.slice(offset, end);
    report(offset, end, "a name", visible(image), "names are made of a-z, A-Z, 0-9 and _");
    add(/^\p{Lu}/u.test(image) ? "upper" : "lower", end, image);
  };

  while (offset < text.length) {
    const code = text.charCodeAt(offset);
    if (tokens.length >= tokenLimit) {
      // None of it is read: the part that fits would be blamed for where it ends.
      tokens.length = 0;
      docs.clear();
      report(offset, offset, `at most ${tokenLimit / 1_000_000} million words and marks in a file`, "more");
      break;
    }
    if (code === newline) {
      offset += 1;
      line += 1;
      lineStart = offset;
    } else if (isBlank(code)) offset += 1;
    else if (code === hash) addComment();
    else if (code === doubleQuote) addString(doubleQuote);
    else if (code === singleQuote) addString(singleQuote);
    else if (isDigit(code)) add("number", matchEnd(numberPattern, text, offset));
    else if (isNameStart(code)) addName();
    else {
      const two = text.slice(offset, offset + 2);
      const one = text.charAt(offset);
      if (isMark(two)) add(two, offset + two.length, two);
      else if (isMark(one)) add(one, offset + 1, one);
      else {
        const foreign = matchEnd(foreignNamePattern, text, offset);
        if (foreign > offset) addForeignName(foreign);
        else {
          const end = Math.max(matchEnd(unknownPattern, text, offset), offset + 1);
          report(offset, end, "a name, a number or an operator", visible(text.slice(offset, end)));
          offset = end;
        }
      }
    }
  }
  return { tokens, comments, docs, problems, faultyLines };
}

const knownEscapes = 'the escapes are \\", \\\\, \\n, \\r, \\t and \\u{...}';

/** Where the sticky pattern's match at `offset` ends; `offset` itself if there is none. */
function matchEnd(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 11 || code === 12 || code === 0xa0 || code === 0xfeff;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

/** Quoted for a message: short, on one line, with nothing in it that a terminal would act on. */
export function visible(image: string): string {
  const short = image.length > 32 ? `${image.slice(0, 31)}…` : image;
  const safe = short.replace(/[\p{C}\p{Z}]/gu, (character) => {
    return character === " " ? " " : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return safe.startsWith('"') ? safe : `"${safe}"`;
}
