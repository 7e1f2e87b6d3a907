/**
 * What every rule stands on: looking at tokens, taking them, and saying what else was due.
 *
 * A rule that cannot go on throws `SyntaxFailure`, after its problem has been reported; the list of statements, rules
 * or declarations around it catches.
 */
import type { Identifier, Span } from "../ast.js";
import { visible, type Scanned } from "../scan.js";
import { problemLimit, syntaxProblem, type SyntaxFix, type SyntaxProblem } from "../syntax-problem.js";
import { describe, isAnyName, isLowerName, type Token, type TokenKind } from "../tokens.js";
import { adviceFor, type Advice } from "./advice.js";

/** Leaves a rule that cannot go on. Its problem has been reported. */
export class SyntaxFailure extends Error {}

/** Ends the parse: there is nothing more to say that would help. */
export class TooManyProblems extends Error {}

export abstract class TokenReader {
  protected readonly problems: SyntaxProblem[] = [];
  private readonly tokens: readonly Token[];
  private readonly docs: ReadonlyMap<number, string>;
  private readonly endToken: Token;
  /** Stands before the first token, on no line of the file. */
  private readonly startToken: Token = { kind: "end", text: "", start: 0, end: 0, line: 0, column: 0 };
  protected position = 0;
  /** Position of the token that the last mistake was found at. */
  private blamed = -2;
  /** How often something was found wrong, also where nothing was said of it. */
  protected mistakes = 0;
  /** Whether the end was looked at: more text could have been read in another way. */
  protected sawEnd = false;

  constructor(scanned: Scanned) {
    this.tokens = scanned.tokens;
    this.docs = scanned.docs;
    const { end, line } = scanned.tokens.at(-1) ?? this.startToken;
    this.endToken = { kind: "end", text: "", start: end, end, line: line + 1, column: 0 };
  }

  // ------------------------------------------------------------------------------------------------------- looking

  protected get token(): Token {
    return this.tokens[this.position] ?? this.atEnd();
  }

  protected get next(): Token {
    return this.tokens[this.position + 1] ?? this.atEnd();
  }

  private atEnd(): Token {
    this.sawEnd = true;
    return this.endToken;
  }

  /** The token after the next, if there is one. */
  protected get afterNext(): Token | undefined {
    return this.tokens[this.position + 1];
  }

  protected get previous(): Token {
    return this.tokens[this.position - 1] ?? this.startToken;
  }

  protected at(kind: TokenKind): boolean {
    return this.token.kind === kind;
  }

  protected atLowerName(): boolean {
    return isLowerName(this.token.kind);
  }

  protected atAnyName(): boolean {
    return isAnyName(this.token.kind);
  }

  /** No line break before the token: what `(`, `[` and `{` need to belong to what stands before them. */
  protected onSameLine(): boolean {
    return this.previous.line === this.token.line;
  }

  // -------------------------------------------------------------------------------------------------------- places

  protected get start(): number {
    return this.token.start;
  }

  /** From `start` to the end of what was taken last; empty, at that end, if nothing was. */
  protected since(start: number): Span {
    const { end } = this.previous;
    return { start: Math.min(start, end), end };
  }

  /** The `##` text above the token at `start`, as a property to spread. */
  protected docAt(start: number): { readonly doc?: string } {
    const doc = this.docs.get(start);
    return doc === undefined ? {} : { doc };
  }

  // --------------------------------------------------------------------------------------------------------- taking

  /** Leaves out the tokens before `offset`, but for being the previous ones. */
  protected skipTo(offset: number): void {
    while ((this.tokens[this.position]?.start ?? Infinity) < offset) this.position += 1;
  }

  /** The next token, whatever it is; the end stays. */
  protected take(): Token {
    const { token } = this;
    if (token !== this.endToken) this.position += 1;
    return token;
  }

  /** Takes the token if it is of this kind. */
  protected took(kind: TokenKind): boolean {
    if (this.token.kind !== kind) return false;
    this.position += 1;
    return true;
  }

  /** Takes the token if it is of this kind; otherwise reports it as missing, and the rule goes on. */
  protected need(kind: TokenKind): void {
    if (!this.took(kind)) this.reportMissing(describe(kind));
  }

  protected expect(kind: TokenKind): Token {
    return this.at(kind) ? this.take() : this.fail(describe(kind));
  }

  /** A name in lower case; one in upper case is reported and taken. */
  protected lowerName(): Identifier {
    if (this.at("upper")) this.report("a lower-case name", "a name in upper case is a block");
    else if (!this.atLowerName()) this.fail("a name");
    return identifier(this.take());
  }

  /** A name in upper case; one in lower case is reported and taken. */
  protected upperName(): Identifier {
    if (this.atLowerName()) this.report("an upper-case name", "blocks and models start with an upper-case letter");
    else if (!this.at("upper")) this.fail("an upper-case name");
    return identifier(this.take());
  }

  protected anyName(): Identifier {
    return this.atAnyName() ? identifier(this.take()) : this.fail("a name");
  }

  // ------------------------------------------------------------------------------------------------------ reporting

  /**
   * Reports that something else was due here: at the token, or, where the line ends before it, at that end. Says
   * nothing about the token that was blamed last, nor the one after: what is wrong with them is the same mistake.
   */
  protected report(expected: string, help?: string): void {
    if (this.onSameLine()) this.reportHere(expected, help);
    else this.reportMissing(expected, help);
  }

  /** As `report`, at the end of the token before: nothing but what was expected has to be put there. */
  protected reportMissing(expected: string, help?: string): void {
    const { end } = this.previous;
    this.blame({ start: end, end }, expected, help);
  }

  /** As `report`, at the token wherever it stands: it has no place here. */
  protected reportHere(expected: string, help?: string): void {
    this.blame(spanOf(this.token), expected, help);
  }

  private blame(span: Span, expected: string, help: string | undefined): void {
    const { token, blamed } = this;
    this.mistakes += 1;
    this.blamed = this.position;
    if (blamed === this.position || blamed === this.position - 1) return;
    const found = token.kind === "end" ? "the end of the file" : visible(token.text);
    const advice = this.advice();
    this.reportAt(span, expected, found, advice?.help ?? help, advice?.fix);
  }

  protected reportAt(span: Span, expected: string, found: string, help?: string, fix?: SyntaxFix): void {
    this.mistakes += 1;
    this.problems.push(syntaxProblem(span, expected, found, help, fix));
    if (this.problems.length >= problemLimit) throw new TooManyProblems();
  }

  /** Reports, and leaves the rule. */
  protected fail(expected: string, help?: string): never {
    this.report(expected, help);
    throw new SyntaxFailure(expected);
  }

  /** As `fail`, at the token wherever it stands. */
  protected failHere(expected: string, help?: string): never {
    this.reportHere(expected, help);
    throw new SyntaxFailure(expected);
  }

  private advice(): Advice | undefined {
    const { position, previous, token } = this;
    let lineStart = position;
    while (lineStart > 0 && this.tokens[lineStart - 1]?.line === token.line) lineStart -= 1;
    return adviceFor(this.tokens.slice(Math.max(lineStart, position - 16), position), previous, token);
  }
}

export function spanOf({ start, end }: Token): Span {
  return { start, end };
}

function identifier(token: Token): Identifier {
  return { kind: "identifier", name: token.text, span: spanOf(token) };
}
