/**
 * A file's text and tree, kept so that after an edit only the declarations that the edit touched are read again.
 *
 * Declarations that stay keep their trees, with the spans they have: these point into the `ledger`, to which each edit adds the
 * text it was read from and of which nothing is ever taken away. At first the ledger is the text. `places` tells where a part of
 * the ledger is in the text now.
 */
import type { Declaration, Span } from "./ast.js";
import { problemsOf } from "./parse.js";
import { FileParser, type Part } from "./parser/file-parser.js";
import { scan } from "./scan.js";
import { problemLimit, type SyntaxProblem } from "./syntax-problem.js";

/** Some lines of the text, as they were read: those of one declaration with what stands above it, or what is left at the end. */
export interface Section {
  /** Absent where nothing could be read, and at the end. */
  readonly declaration: Declaration | undefined;
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
}

export interface Reading {
  readonly text: string;
  readonly ledger: string;
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
  const { sections, problems, isComplete } = readGap(text, { from: 0, start: 0, gap: text.length, end: Infinity }, 1);
  return {
    text,
    ledger: text,
    sections: sections.map((section) => ({ ...section, at: section.from })),
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
  let { ledger } = before;
  let at = 0;
  for (let next = 0; next <= kept.length; next++) {
    const until = kept[next]?.at ?? text.length;
    if (at < until) {
      const added = readBetween(ledger, text, at, until, kept, next);
      if (!added) return readRest(before, text, sections, problems, ledger, at);
      if (!added.isComplete) return read(text);
      ledger = added.ledger;
      sections.push(...added.sections);
      problems.push(...added.problems);
    }
    const section = kept[next];
    if (section) sections.push(section);
    at = section ? section.at + section.to - section.from : until;
  }
  if (problems.length >= problemLimit) return read(text);
  return finished(before, { text, ledger, sections, problems, isComplete: true });
}

/**
 * Where a span of the ledger is in the text now. One in a declaration that has been read anew is as far from the start of what
 * it has become; undefined where there is no such declaration.
 */
export function places({ text, ledger, sections, dropped }: Reading): (span: Span) => Span | undefined {
  if (ledger === text) return (span) => span;
  let live: readonly Placed[] | undefined;
  let dead: readonly Section[] | undefined;
  return ({ start, end }) => {
    live ??= inLedgerOrder(sections);
    const here = sectionAt(live, start, end);
    if (here) return moved({ start, end }, here.at - here.from);
    dead ??= inLedgerOrder(dropped);
    const was = sectionAt(dead, start, end);
    const heir = was && sections.find(({ declaration }) => isHeir(was.declaration, declaration));
    return heir && moved({ start, end }, heir.at - heir.from + heir.start - was.start);
  };
}

const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by });

const inLedgerOrder = <T extends Section>(sections: readonly T[]): readonly T[] =>
  [...sections].sort((a, b) => a.from - b.from);

function sectionAt<T extends Section>(inOrder: readonly T[], start: number, end: number): T | undefined {
  let low = 0;
  let high = inOrder.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((inOrder[middle]?.from ?? 0) <= start) low = middle;
    else high = middle;
  }
  const section = inOrder[low];
  return section && section.from <= start && end <= section.to ? section : undefined;
}

const isHeir = (before: Declaration | undefined, after: Declaration | undefined): boolean =>
  before !== undefined &&
  before.kind === after?.kind &&
  "name" in before &&
  "name" in after &&
  before.name.name === after.name.name;

// ------------------------------------------------------------------------------------------------------------ keeping

/** A ledger that has grown past this is begun anew. */
const ledgerLimit = (text: string): number => 4 * text.length + 400_000;

/** The sound sections whose text, and as much behind it as they depend on, is before or behind all that changed. */
function keep({ text: old, sections }: Reading, text: string): Placed[] {
  const same = sameStart(old, text);
  const canStay = sections.filter(({ isSound, declaration }) => isSound && declaration);
  const before = canStay.filter(({ at, reach }) => at + reach <= same);
  const last = before.at(-1);
  const kept = last ? last.at + last.to - last.from : 0;
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
  before: string,
  text: string,
  at: number,
  until: number,
  kept: readonly Placed[],
  next: number,
): (Gap & { readonly ledger: string }) | undefined {
  let behind = until;
  for (let n = next; n < kept.length && behind < until + lookahead; n++) {
    const section = kept[n];
    // Between kept sections there may be other gaps, which are looked at as well.
    if (section) behind = section.at + section.to - section.from;
  }
  if (behind === until || next >= kept.length) behind = text.length;
  const following = kept[next];
  // The line before tells what a mistake at the first token stands behind.
  const context = at === 0 ? 0 : text.lastIndexOf("\n", at - 2) + 1;
  const ledger = `${before}\n${text.slice(context, behind)}`;
  const from = before.length + 1;
  const start = from + at - context;
  const gap = from + until - context;
  const end = following ? gap + following.start - following.from : Infinity;
  const read = readGap(ledger, { from, start, gap, end }, lineNumber(text, context));
  if (!read.isClosed) return undefined;
  return {
    ...read,
    ledger,
    sections: read.sections.map((section) => ({ ...section, at: at + section.from - start })),
  };
}

/** Where a mistake reaches over what could else have been kept, all that follows is read. */
function readRest(
  before: Reading,
  text: string,
  sections: readonly Placed[],
  problems: readonly SyntaxProblem[],
  ledger: string,
  at: number,
): Reading {
  const rest = readBetween(ledger, text, at, text.length, [], 0);
  if (!rest?.isComplete || problems.length + rest.problems.length >= problemLimit) return read(text);
  return finished(before, {
    text,
    ledger: rest.ledger,
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

/** A section that was read again from the same lines is the earlier one, so that what is known of that stays known: an edit that is taken back, too. */
function finished(before: Reading, now: Omit<Reading, "dropped">): Reading {
  const kept = new Set(now.sections.map(({ from }) => from));
  const gone = new Map<string, Placed>();
  for (const section of before.sections) {
    if (section.declaration && !kept.has(section.from))
      gone.set(before.ledger.slice(section.from, section.to), section);
  }
  const recent = before.dropped.slice(-lookback);
  const takenBack = new Set<Section>();
  const earlier = new Set(before.sections.map(({ from }) => from));
  const sections = now.sections.map((section) => {
    if (earlier.has(section.from) || !section.isSound || !section.declaration) return section;
    const lines = now.ledger.slice(section.from, section.to);
    const known =
      gone.get(lines) ?? recent.findLast((each) => !takenBack.has(each) && isOf(each, before.ledger, lines));
    if (!known?.isSound) return section;
    gone.delete(lines);
    takenBack.add(known);
    return { ...known, at: section.at, reach: section.reach };
  });
  const still = takenBack.size === 0 ? before.dropped : before.dropped.filter((each) => !takenBack.has(each));
  return { ...now, sections, dropped: [...still, ...gone.values()] };
}

/** How far back it is looked for what an edit may have taken back. */
const lookback = 50;

const isOf = ({ from, to, isSound }: Section, ledger: string, lines: string): boolean =>
  isSound && to - from === lines.length && ledger.slice(from, to) === lines;

// ------------------------------------------------------------------------------------------------------------ reading

/** Offsets into the ledger: where the lines begin that are scanned, those of the gap, and the first token behind it. */
interface Range {
  readonly from: number;
  readonly start: number;
  readonly gap: number;
  readonly end: number;
}

interface Gap {
  readonly sections: readonly Placed[];
  readonly problems: readonly SyntaxProblem[];
  readonly isComplete: boolean;
  readonly isClosed: boolean;
}

function readGap(ledger: string, { from, start, gap, end }: Range, line: number): Gap {
  const scanned = scan(ledger, from, line);
  const read = new FileParser(scanned).parse(start, end);
  // What is looked at before and behind the gap is read on its own.
  const own = scanned.problems.filter(({ span }) => start <= span.start && span.start < gap);
  const problems = problemsOf(ledger, { ...scanned, problems: own }, read, from, line);
  const sections: Placed[] = [];
  let at = start;
  const add = (part: Part | undefined, to: number, next?: Part): void => {
    const isAlone = (!part || part.first.start >= at) && (!next || next.first.start >= to);
    const isSound =
      isAlone && (part?.isSound ?? true) && !problems.some(({ span }) => at <= span.start && span.start < to);
    const reach = part?.beyond ? endOfLine(ledger, part.beyond.end) - at : Infinity;
    sections.push({ declaration: part?.declaration, from: at, to, start: part?.first.start ?? to, reach, isSound, at });
    at = to;
  };
  for (const [n, part] of read.parts.entries())
    add(part, Math.max(at, endOfLine(ledger, part.last.end)), read.parts[n + 1]);
  if (at < gap) add(undefined, gap);
  return { sections, problems, isComplete: read.isComplete, isClosed: read.isClosed };
}

function endOfLine(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  return at < 0 ? text.length : at + 1;
}
