/**
 * A file's text and tree, kept so that after an edit only the declarations that the edit touched are read again.
 *
 * Declarations that stay keep their trees, with the spans they have: these point into the `ledger`, to which each edit adds the
 * text it was read from and of which nothing is ever taken away. At first the ledger is the text. `places` tells where a part of
 * the ledger is in the text now.
 *
 * Blank lines, spaces at the end of a line and remarks say nothing: a declaration in which only these are others stays, too.
 */
import type { Declaration, Span } from "./ast.js";
import type { Comment } from "./comment.js";
import { Ledger } from "./ledger.js";
import { lastUntil } from "./line-starts.js";
import { problemsOf } from "./parse.js";
import { FileParser, type Part } from "./parser/file-parser.js";
import { scan } from "./scan.js";
import { problemLimit, type SyntaxProblem } from "./syntax-problem.js";

/** Some lines of the text, as they were read: those of one declaration with what stands above it, or what is left at the end. */
export interface Section {
  /** Absent where nothing could be read, and at the end. */
  readonly declaration: Declaration | undefined;
  /** What it declares: what takes its place has the same. */
  readonly owner: string | undefined;
  /** In the ledger: the lines, and the first token. */
  readonly from: number;
  readonly to: number;
  readonly start: number;
  /** How long the text is, from `from`, that the declaration depends on: lines that follow tell where it ends. */
  readonly reach: number;
  /** Read without a mistake, so it may be kept as long as that text stays. */
  readonly isSound: boolean;
}

/** A section and where it is in the text. */
export interface Placed extends Section {
  readonly at: number;
  readonly length: number;
  /** Where its layout is not that of the ledger: its lines of code. */
  readonly lines: readonly Line[] | undefined;
}

/** A line with code, which begins at the same column in the ledger and in the text, and ends at the same. */
interface Line {
  /** In the ledger. */
  readonly from: number;
  readonly to: number;
  /** In the text, from where the section begins. */
  readonly at: number;
  /** How long it is up to the end of its last token. */
  readonly code: number;
}

interface Ledgers {
  readonly ledger: Ledger;
  /** The same with blanks for remarks, which are all comments but documentation. */
  readonly code: Ledger;
}

export interface Reading extends Ledgers {
  readonly text: string;
  /** All of the text, in order. */
  readonly sections: readonly Placed[];
  /** What was read before and is in the text no longer. */
  readonly dropped: readonly Section[];
  /** Spans point into the ledger. */
  readonly problems: readonly SyntaxProblem[];
  /** Whether all of the text was read. */
  readonly isComplete: boolean;
}

export function read(text: string): Reading {
  const { code, sections, problems, isComplete } = readGap(
    text,
    { base: 0, start: 0, gap: text.length, end: Infinity },
    1,
  );
  return {
    text,
    ledger: Ledger.of(text),
    code: Ledger.of(code),
    sections,
    dropped: [],
    problems: problems.slice(0, problemLimit),
    isComplete: isComplete && problems.length < problemLimit,
  };
}

/** As `read`, with what can be kept of an earlier reading. */
export function reread(before: Reading, text: string): Reading {
  if (text === before.text) return before;
  if (!before.isComplete || before.ledger.length > ledgerLimit(text)) return read(text);
  const kept = keep(before, text);
  const sections: Placed[] = [];
  const problems: SyntaxProblem[] = [];
  let { ledger, code } = before;
  let at = 0;
  for (let next = 0; next <= kept.length; next++) {
    const until = kept[next]?.at ?? text.length;
    if (at < until) {
      const added = readBetween({ ledger, code }, text, at, until, kept, next);
      if (!added) return readRest(before, text, sections, problems, { ledger, code }, at);
      if (!added.isComplete) return read(text);
      ({ ledger, code } = added);
      sections.push(...added.sections);
      problems.push(...added.problems);
    }
    const section = kept[next];
    if (section) sections.push(section);
    at = section ? endOf(section) : until;
  }
  if (problems.length >= problemLimit) return read(text);
  return finished(before, { text, ledger, code, sections, problems, isComplete: true });
}

/**
 * Where a span of the ledger is in the text now. One in a declaration that has been read anew is as far from the start of what
 * it has become; undefined where there is no such declaration.
 */
export function places({ ledger, sections, dropped }: Reading): (span: Span) => Span | undefined {
  if (ledger.isFirst) return (span) => span;
  let live: readonly Placed[] | undefined;
  let dead: readonly Section[] | undefined;
  return ({ start, end }) => {
    live ??= inLedgerOrder(sections);
    const here = sectionAt(live, start, end);
    if (here) return spanInText(here, { start, end });
    dead ??= inLedgerOrder(dropped);
    const was = sectionAt(dead, start, end);
    const heir = was?.owner === undefined ? undefined : sections.find(({ owner }) => owner === was.owner);
    return was && heir && spanInText(heir, moved({ start, end }, heir.start - was.start));
  };
}

const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

/** An offset of the ledger in the text. One outside of code goes to the end of its line's code, or to where the next line begins. */
export function inText({ at, from, length, lines }: Placed, offset: number): number {
  if (!lines) return offset - from + at;
  const n = lastUntil(lines, (line) => line.from, offset);
  const line = lines[n];
  if (!line || offset < line.from) return at + (line?.at ?? 0);
  if (offset < line.to) return at + line.at + Math.min(offset - line.from, line.code);
  return at + (lines[n + 1]?.at ?? length);
}

export const spanInText = (section: Placed, { start, end }: Span): Span => ({
  start: inText(section, start),
  end: inText(section, end),
});

/** An offset of the text in the ledger. One outside of code is half a character from it, for there may be nothing else. */
export function inLedger({ at, from, lines }: Placed, offset: number): number {
  if (!lines) return offset - at + from;
  const line = lines[lastUntil(lines, (each) => each.at, offset - at)];
  if (!line || offset - at < line.at) return (line?.from ?? from) - 0.5;
  return line.from + Math.min(offset - at - line.at, line.code + 0.5);
}

const inLedgerOrder = <T extends Section>(sections: readonly T[]): readonly T[] =>
  [...sections].sort((a, b) => a.from - b.from);

function sectionAt<T extends Section>(inOrder: readonly T[], start: number, end: number): T | undefined {
  const section = inOrder[lastUntil(inOrder, ({ from }) => from, start)];
  return section && section.from <= start && end <= section.to ? section : undefined;
}

/** Where a section ends in the text. */
export const endOf = ({ at, length }: Placed): number => at + length;

const ownerOf = (declaration: Declaration | undefined): string | undefined =>
  declaration && "name" in declaration ? `${declaration.kind} ${declaration.name.name}` : undefined;

// ------------------------------------------------------------------------------------------------------------ keeping

/** A ledger that has grown past this is begun anew. */
const ledgerLimit = (text: string): number => 4 * text.length + 2_000_000;

/** The sound sections whose text, and as much behind it as they depend on, is before or behind all that changed. */
function keep({ text: old, sections }: Reading, text: string): Placed[] {
  const same = sameStart(old, text);
  const canStay = sections.filter(({ isSound, declaration }) => isSound && declaration);
  const before = canStay.filter(({ at, reach }) => at + reach <= same);
  const last = before.at(-1);
  const kept = last ? endOf(last) : 0;
  const sameBehind = sameEnd(old, text, kept);
  const shift = text.length - old.length;
  const behind = canStay.flatMap((section): Placed[] => {
    const at = section.at + shift;
    const isBehind = section.at + section.reach > same && section.at >= old.length - sameBehind;
    return isBehind && mayStandAt(text, at) ? [{ ...section, at }] : [];
  });
  return [...before, ...behind];
}

/** Texts are compared so much at a time, which is faster than by the character. */
const stride = 4096;

/** How many characters two texts have in common at their starts. */
function sameStart(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let same = 0;
  while (same + stride <= shorter && a.slice(same, same + stride) === b.slice(same, same + stride)) same += stride;
  while (same < shorter && a.charCodeAt(same) === b.charCodeAt(same)) same += 1;
  return same;
}

/** How many they have in common at their ends, what comes before `from` left out. */
function sameEnd(a: string, b: string, from: number): number {
  const shorter = Math.min(a.length, b.length) - from;
  const end = (text: string, count: number, length: number): string =>
    text.slice(text.length - count - length, text.length - count);
  let same = 0;
  while (same + stride <= shorter && end(a, same, stride) === end(b, same, stride)) same += stride;
  while (same < shorter && end(a, same, 1) === end(b, same, 1)) same += 1;
  return same;
}

/** A section starts with a line; a line of documentation before it would be its declaration's. */
function mayStandAt(text: string, at: number): boolean {
  if (at === 0) return true;
  return text.charAt(at - 1) === "\n" && !/^\s*##/.test(text.slice(text.lastIndexOf("\n", at - 2) + 1, at));
}

/** How much of what follows a gap is looked at, for the parser to see how the gap ends. */
const lookahead = 300;

function readBetween(
  { ledger, code }: Ledgers,
  text: string,
  at: number,
  until: number,
  kept: readonly Placed[],
  next: number,
): (Omit<Gap, "code"> & Ledgers) | undefined {
  let behind = until;
  for (let n = next; n < kept.length && behind < until + lookahead; n++) {
    const section = kept[n];
    // Between kept sections there may be other gaps, which are looked at as well.
    if (section) behind = endOf(section);
  }
  if (behind === until || next >= kept.length) behind = text.length;
  const following = kept[next];
  // The line before tells what a mistake at the first token stands behind.
  const context = at === 0 ? 0 : text.lastIndexOf("\n", at - 2) + 1;
  const piece = text.slice(context, behind);
  const base = ledger.next;
  const start = base + at - context;
  const gap = base + until - context;
  const end = following ? gap + inText(following, following.start) - following.at : Infinity;
  const read = readGap(piece, { base, start, gap, end }, lineNumber(text, context));
  if (!read.isClosed) return undefined;
  return {
    ...read,
    ledger: ledger.with(piece),
    code: code.with(read.code),
    sections: read.sections.map((section) => ({ ...section, at: at + section.from - start })),
  };
}

/** Where a mistake reaches over what could else have been kept, all that follows is read. */
function readRest(
  before: Reading,
  text: string,
  sections: readonly Placed[],
  problems: readonly SyntaxProblem[],
  ledger: Ledgers,
  at: number,
): Reading {
  const rest = readBetween(ledger, text, at, text.length, [], 0);
  if (!rest?.isComplete || problems.length + rest.problems.length >= problemLimit) return read(text);
  return finished(before, {
    text,
    ledger: rest.ledger,
    code: rest.code,
    sections: [...sections, ...rest.sections],
    problems: [...problems, ...rest.problems],
    isComplete: true,
  });
}

function lineNumber(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/**
 * A section that says the same as an earlier one is that, so that what is known of it stays known: where an edit changes only
 * the layout, and where one is taken back.
 */
function finished(before: Reading, now: Omit<Reading, "dropped">): Reading {
  const kept = new Set(now.sections.map(({ from }) => from));
  const gone = before.sections.filter(({ declaration, from }) => declaration && !kept.has(from));
  const earlier = new Map<string, Section[]>();
  for (const section of [...before.dropped.slice(-lookback), ...gone]) {
    const line = firstLine(now.code, section);
    const alike = earlier.get(line) ?? [];
    if (section.isSound) alike.push(section);
    earlier.set(line, alike);
  }
  const known = new Set(before.sections.map(({ from }) => from));
  const takenBack = new Set<number>();
  const sections = now.sections.map((section) => {
    if (known.has(section.from) || !section.isSound || !section.declaration) return section;
    const alike = earlier.get(firstLine(now.code, section)) ?? [];
    const found =
      lastOf(alike, (each) => restored(now.ledger, each, section)) ??
      lastOf(alike, (each) => relaid(now.code, each, section));
    if (!found) return section;
    takenBack.add(found.from);
    alike.splice(
      alike.findLastIndex(({ from }) => from === found.from),
      1,
    );
    return found;
  });
  const dropped = [...before.dropped, ...gone].filter(({ from }) => !takenBack.has(from));
  return { ...now, sections, dropped: [...dropped.slice(0, -lookback).map(withoutTree), ...dropped.slice(-lookback)] };
}

/** How far back it is looked for what an edit may have taken back. */
const lookback = 50;

/** Places in it are found, and all else is forgotten. */
const withoutTree = (section: Section): Section =>
  section.declaration ? { ...section, declaration: undefined } : section;

const firstLine = (code: Ledger, { start }: Section): string => code.lineFrom(start).trimEnd();

function lastOf<T, U>(all: readonly T[], find: (each: T) => U | undefined): U | undefined {
  for (let n = all.length - 1; n >= 0; n--) {
    const each = all[n];
    const found = each && find(each);
    if (found) return found;
  }
  return undefined;
}

/** An earlier section in the place of one with the same text. */
function restored(ledger: Ledger, earlier: Section, section: Placed): Placed | undefined {
  const isSame =
    earlier.to - earlier.from === section.length &&
    ledger.slice(earlier.from, earlier.to) === ledger.slice(section.from, section.to);
  return isSame ? inPlaceOf(section, earlier, undefined) : undefined;
}

/** An earlier section in the place of one that differs in nothing but the layout. */
function relaid(code: Ledger, earlier: Section, section: Placed): Placed | undefined {
  const lines = linesInBoth(code, earlier, section);
  if (!lines) return undefined;
  const moved = inPlaceOf(section, earlier, lines);
  const move = (offset: number): number => inText(moved, offset) - section.at + section.from;
  return isMoved(earlier.declaration, section.declaration, move) ? moved : undefined;
}

const inPlaceOf = ({ at, length, reach }: Placed, earlier: Section, lines: Placed["lines"]): Placed => ({
  ...earlier,
  at,
  length,
  reach,
  lines,
});

/** The lines of code of two sections, if they are the same. */
function linesInBoth(code: Ledger, earlier: Section, section: Section): Line[] | undefined {
  const lines: Line[] = [];
  let [there, here] = [earlier.from, section.from];
  for (;;) {
    const [old, now] = [nextLine(code, there, earlier.to), nextLine(code, here, section.to)];
    if (!old && !now) return lines;
    if (old?.code !== now?.code || !old || !now) return undefined;
    lines.push({ from: old.from, to: old.to, at: now.from - section.from, code: old.code.length });
    [there, here] = [old.to, now.to];
  }
}

function nextLine(code: Ledger, from: number, end: number): { from: number; to: number; code: string } | undefined {
  for (let at = from; at < end;) {
    const line = code.lineFrom(at);
    const to = Math.min(at + line.length, end);
    if (line.trimEnd() !== "") return { from: at, to, code: line.trimEnd() };
    at = to;
  }
  return undefined;
}

/** Whether a tree is another one with its spans moved. */
function isMoved(tree: unknown, other: unknown, move: (offset: number) => number): boolean {
  if (typeof tree !== "object" || tree === null || typeof other !== "object" || other === null) return tree === other;
  if (isSpan(tree) && isSpan(other)) return move(tree.start) === other.start && move(tree.end) === other.end;
  const others = Object.entries(other);
  const parts = Object.entries(tree);
  return (
    parts.length === others.length &&
    parts.every(([key, part], n) => key === others[n]?.[0] && isMoved(part, others[n][1], move))
  );
}

const isSpan = (value: object): value is Span => "start" in value && "end" in value;

// ------------------------------------------------------------------------------------------------------------ reading

/** Offsets into the ledger: where the lines begin that are scanned, those of the gap, and the first token behind it. */
interface Range {
  readonly base: number;
  readonly start: number;
  readonly gap: number;
  readonly end: number;
}

interface Gap {
  /** All that was scanned. */
  readonly code: string;
  readonly sections: readonly Placed[];
  readonly problems: readonly SyntaxProblem[];
  readonly isComplete: boolean;
  readonly isClosed: boolean;
}

function readGap(piece: string, { base, start, gap, end }: Range, line: number): Gap {
  const scanned = scan(piece, base, line);
  const read = new FileParser(scanned).parse(start, end);
  // What is looked at before and behind the gap is read on its own.
  const own = scanned.problems.filter(({ span }) => start <= span.start && span.start < gap);
  const problems = problemsOf(piece, { ...scanned, problems: own }, read, base, line);
  const sections: Placed[] = [];
  const endOfLine = (offset: number): number => {
    const found = piece.indexOf("\n", offset - base);
    return base + (found < 0 ? piece.length : found + 1);
  };
  let at = start;
  const add = (part: Part | undefined, to: number, next?: Part): void => {
    const isAlone = (!part || part.first.start >= at) && (!next || next.first.start >= to);
    const isSound =
      isAlone && (part?.isSound ?? true) && !problems.some(({ span }) => at <= span.start && span.start < to);
    const reach = part?.beyond ? endOfLine(part.beyond.end) - at : Infinity;
    sections.push({
      declaration: part?.declaration,
      owner: ownerOf(part?.declaration),
      from: at,
      to,
      start: part?.first.start ?? to,
      reach,
      isSound,
      at,
      length: to - at,
      lines: undefined,
    });
    at = to;
  };
  for (const [n, part] of read.parts.entries()) add(part, Math.max(at, endOfLine(part.last.end)), read.parts[n + 1]);
  if (at < gap) add(undefined, gap);
  const code = withoutRemarks(piece, base, scanned.comments);
  return { code, sections, problems, isComplete: read.isComplete, isClosed: read.isClosed };
}

function withoutRemarks(piece: string, base: number, comments: readonly Comment[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { doc, ownLine, span } of comments) {
    if (doc && ownLine) continue;
    parts.push(piece.slice(at, span.start - base), " ".repeat(span.end - span.start));
    at = span.end - base;
  }
  return [...parts, piece.slice(at)].join("");
}
