/**
 * Brackets, limits, and going on after a mistake.
 *
 * A mistake is reported once, and what follows is read as if it had not been made. Where a list or body that was not
 * closed must have ended is told by the lines: statements and declarations start lines in ways that nothing else does.
 */
import type { Identifier } from "../ast.js";
import { describe, isAnyName, isLowerName, type Mark, type Token, type TokenKind } from "../tokens.js";
import { SyntaxFailure, TokenReader } from "./token-reader.js";

/** Brackets, bodies and signs may nest this deep, so that no phase runs out of stack on what the parser accepts. */
const nestingLimit = 100;

/** Operators, postfixes and stages in one statement: most nest in the tree though not in the text. */
const chainLimit = 1000;

/** How many tokens a closing bracket is searched for. */
const lookaheadLimit = 200;

/** What follows the keyword of a declaration, so that a soft keyword used as a name is not taken for one. */
const declarationStarts: ReadonlyMap<TokenKind, "name" | "{"> = new Map([
  ["import", "{"],
  ...(
    [
      "outer",
      "block",
      "model",
      "task",
      "fn",
      "mask",
      "score",
      "config",
      "check",
      "weights",
      "train",
      "generate",
      "quantize",
      "prune",
    ] as const
  ).map((keyword) => [keyword, "name"] as const),
]);

const statementKeywords: ReadonlySet<TokenKind> = new Set(["param", "repeat", "return", "yield"]);

const softStatementKeywords: ReadonlySet<TokenKind> = new Set(["loss", "aux", "state"]);

/** What goes on after a bracket: met inside of one, it says that the bracket is not closed. */
const afterBrackets: ReadonlySet<TokenKind> = new Set(["->", "where", "on", "when", "then", "else", "(", "{", "|>"]);

const assignOperators: ReadonlySet<TokenKind> = new Set(["=", "+=", "*=", ":="]);

export function isDeclarationKeyword(kind: TokenKind): boolean {
  return declarationStarts.has(kind);
}

type Closing = ")" | "]" | "}";

const openingOf: ReadonlyMap<TokenKind, Mark> = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);

/**
 * What a bracket holds. `values`: items that never look like `name = value`, so a line that does is a statement.
 * `settings`: items that may, in commas. `lines`: the same, and a line break separates as well as a comma.
 */
type ItemLayout = "values" | "settings" | "lines";

export abstract class RecoveringParser extends TokenReader {
  private readonly open: Token[] = [];
  private depth = 0;
  /** How many expressions the one being read is inside of. */
  private expressions = 0;
  private links = 0;
  /** Column of the declaration being read: only what starts no further right can be the next one. */
  private column = 0;

  // ------------------------------------------------------------------------------------------------------- looking

  protected atAssignOperator(token: Token): boolean {
    return assignOperators.has(token.kind);
  }

  /** A new line that starts like a declaration, where the current one could have ended. */
  protected atDeclaration(): boolean {
    const { token, next } = this;
    const due = declarationStarts.get(token.kind);
    if (due === undefined || this.onSameLine() || token.column > this.column) return false;
    return next.line === token.line && (due === "{" ? next.kind === "{" : isAnyName(next.kind));
  }

  /** The keyword of the next declaration is no name. */
  protected override lowerName(): Identifier {
    return this.atDeclaration() ? this.fail("a name") : super.lowerName();
  }

  protected override upperName(): Identifier {
    return this.atDeclaration() ? this.fail("an upper-case name") : super.upperName();
  }

  /** A new line that starts like a statement. No expression, however laid out, goes on with such a line. */
  protected atStatement(): boolean {
    return !this.onSameLine() && this.startsStatement();
  }

  /** As `atStatement`, with the words that may also go on an expression: after a mistake they rather don't. */
  protected atLikelyStatement(): boolean {
    if (this.onSameLine()) return false;
    return this.at("if") || this.at("loss") || this.at("aux") || this.startsStatement();
  }

  /** Tokens that only a statement starts with. */
  protected startsStatement(): boolean {
    const { token, next } = this;
    if (statementKeywords.has(token.kind)) return true;
    if (!isLowerName(token.kind)) return false;
    if (this.atAssignOperator(next)) return true;
    // A name right after a name: `loss cross_entropy(...)`.
    return softStatementKeywords.has(token.kind) && isAnyName(next.kind) && next.line === token.line;
  }

  // ------------------------------------------------------------------------------------------------------- brackets

  /** Takes the opening bracket. */
  protected opening(kind: "(" | "[" | "{"): void {
    this.open.push(this.expect(kind));
  }

  /** As `opening`, of a body: statements without their brace are read as if it were there. */
  protected openingBody(): void {
    const { previous } = this;
    if (this.at("{") || !this.startsStatement()) return this.opening("{");
    this.reportMissing('"{"');
    this.open.push({ ...previous, kind: "{", text: "{" });
  }

  /** Takes the closing bracket, or reports that it is missing and goes on as if it were there. */
  protected closing(kind: Closing, expected = describe(kind)): void {
    if (!this.took(kind)) {
      this.reportMissing(expected, this.unclosed());
      if (this.atWrongBracket(kind)) this.take();
      else if (kind !== "}") this.takeThrough(kind);
    }
    this.open.pop();
  }

  /** The items of a bracket and its closing `close`, the opening one being taken. One comma may trail. */
  protected items<T>(close: Closing, item: string, layout: ItemLayout, parse: () => T): T[] {
    const items: T[] = [];
    const label = describe(close);
    let separated = true;
    while (!this.at(close)) {
      const { token } = this;
      const tried = separated && !this.atItemEnd(layout, separated);
      if (tried) {
        const parsed = this.attempt(parse, () => this.skipItem(close, layout));
        if (parsed !== undefined) items.push(parsed);
        separated = this.took(",") || (layout === "lines" && !this.onSameLine());
        if (this.token !== token) continue;
      }
      const help = layout === "values" && this.at("=") ? "an argument is named with `name: value`" : undefined;
      if (separated) this.report(`${item} or ${label}`, this.unclosed() ?? help);
      else this.reportMissing(`"," or ${label}`, this.unclosed() ?? help);
      if (this.atItemEnd(layout, separated) || this.atOuterBracket() || this.atWrongBracket(close)) break;
      if (!separated && afterBrackets.has(this.token.kind)) break;
      // An item whose comma was forgotten is read; what is no item is skipped.
      if (tried || !this.atItemStart()) {
        this.skipUntil(() => true);
        this.took(",");
      }
      separated = true;
    }
    this.closing(close);
    return items;
  }

  /** Goes from the mistake in an item to where the next one is due. */
  private skipItem(close: Closing, layout: ItemLayout): void {
    const atEnd = (): boolean => this.at(",") || this.at(close);
    if (!atEnd() && !this.atItemEnd(layout, false)) this.skipUntil(atEnd);
  }

  private atItemStart(): boolean {
    return this.atAnyName() || this.at("number") || this.at("string") || this.at("@");
  }

  private atItemEnd(layout: ItemLayout, separated: boolean): boolean {
    if (this.at("end") || this.atDeclaration()) return true;
    if (layout === "lines" || (layout === "settings" && separated)) return false;
    return separated ? this.atStatement() : this.atLikelyStatement();
  }

  /** A closing bracket that belongs to one opened further out. */
  private atOuterBracket(): boolean {
    const opener = openingOf.get(this.token.kind);
    return opener !== undefined && this.open.slice(0, -1).some(({ kind }) => kind === opener);
  }

  /** A closing bracket that closes nothing: written instead of `close`. */
  private atWrongBracket(close: Closing): boolean {
    const { kind } = this.token;
    return kind !== close && openingOf.has(kind) && !this.atOuterBracket();
  }

  /** Which bracket is not closed, where that is not plain to see. */
  private unclosed(): string | undefined {
    const opener = this.open.at(-1);
    const isFar = opener !== undefined && opener.line !== this.previous.line;
    return isFar ? `the "${opener.text}" of line ${opener.line} is not closed` : undefined;
  }

  // ------------------------------------------------------------------------------------------------------- recovery

  /** Runs `parse`; after a mistake it could not go on from, runs `resume` and has no result. */
  protected attempt<T>(parse: () => T, resume: () => void): T | undefined {
    const { depth, expressions } = this;
    const opened = this.open.length;
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof SyntaxFailure)) throw error;
      this.depth = depth;
      this.expressions = expressions;
      this.open.length = opened;
      resume();
      return undefined;
    }
  }

  /** Skips through the next closing bracket of this kind, if it is near and nothing says that it is not the one. */
  private takeThrough(kind: Closing): void {
    const back = this.position;
    const limit = back + lookaheadLimit;
    const stop = (): boolean => this.at(kind) || this.position > limit;
    if (!this.at("end") && !this.atDeclaration() && !this.atLikelyStatement() && !this.at("}")) this.skipUntil(stop);
    if (this.position > limit || !this.took(kind)) this.position = back;
  }

  /**
   * Skips at least one token, then to where `stop` holds outside of any bracket opened on the way; never past the end
   * of the enclosing braces, nor past what starts like a statement or declaration.
   */
  protected skipUntil(stop: () => boolean): void {
    const opened: TokenKind[] = [];
    // Counted, because searching `opened` would be slow in a file of open brackets.
    const counts = new Map<TokenKind, number>([
      ["(", 0],
      ["[", 0],
      ["{", 0],
    ]);
    const count = (kind: TokenKind, by: number): number => {
      const now = (counts.get(kind) ?? 0) + by;
      counts.set(kind, now);
      return now;
    };
    do {
      const { kind } = this.take();
      const opener = openingOf.get(kind);
      if (counts.has(kind)) {
        opened.push(kind);
        count(kind, 1);
      } else if (opener && count(opener, 0) > 0) {
        for (let last = opened.pop(); last; last = opened.pop()) {
          count(last, -1);
          if (last === opener) break;
        }
      }
      if (this.at("end") || this.atDeclaration()) return;
      if (count("{", 0) === 0 && (this.at("}") || this.atStatement())) return;
    } while (opened.length > 0 || !stop());
  }

  // --------------------------------------------------------------------------------------------------------- limits

  /** Runs `parse` one level deeper. */
  protected nested<T>(parse: () => T): T {
    if (this.depth >= nestingLimit) this.fail(`at most ${nestingLimit} levels of nesting`);
    this.depth += 1;
    const result = parse();
    this.depth -= 1;
    return result;
  }

  /** Counts one more operator, postfix or stage. */
  protected link(): void {
    this.links += 1;
    if (this.links > chainLimit) this.fail(`at most ${chainLimit} operators in one statement`);
  }

  /** Runs `parse` as an expression: what it holds counts towards the same statement. */
  protected inExpression<T>(parse: () => T): T {
    this.expressions += 1;
    const result = this.nested(parse);
    this.expressions -= 1;
    return result;
  }

  protected startStatement(): void {
    if (this.expressions === 0) this.links = 0;
  }

  protected startDeclaration(): void {
    this.column = this.token.column;
    this.depth = 0;
    this.expressions = 0;
    this.links = 0;
    this.open.length = 0;
  }

  /** After a mistake, a declaration is taken for one wherever its line starts. */
  protected allowAnyColumn(): void {
    this.column = Infinity;
  }
}
