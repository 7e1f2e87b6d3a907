/** Expressions, and what they hold in brackets: arguments, subscripts, settings. */
import type {
  Apply,
  Argument,
  Body,
  Expression,
  Identifier,
  Item,
  NumberLiteral,
  Rearrange,
  Setting,
  Settings,
  Stage,
  StringLiteral,
} from "../ast.js";
import { combine, isArithmetic, isInfixOperator, type Operand, type Operation } from "../precedence.js";
import { visible } from "../scan.js";
import { unescapeString } from "../string-literal.js";
import { isLowerName, type TokenKind } from "../tokens.js";
import { PatternParser } from "./pattern-parser.js";
import { spanOf } from "./token-reader.js";

export abstract class ExpressionParser extends PatternParser {
  /** Of `scan`. Statements are made of expressions, so they come later. */
  protected abstract body(): Body;

  /** `operation {"|>" stage}` */
  protected expression(): Expression {
    return this.inExpression(() => this.pipe(() => this.operation()));
  }

  /** `(operation | postfix ":" construction) {"|>" stage}`: that what has a label stands behind `|>` is for the checker. */
  protected value(): Expression {
    return this.inExpression(() =>
      this.pipe(() => {
        const { start } = this;
        const first = this.operation();
        if (!this.at(":") || this.next.kind !== "upper" || !this.onSameLine() || !isLabel(first)) return first;
        this.take();
        return this.construction(start, first);
      }),
    );
  }

  private pipe(first: () => Expression): Expression {
    const { start } = this;
    const input = first();
    const stages: Stage[] = [];
    while (this.took("|>")) {
      this.link();
      stages.push(this.stage());
    }
    return stages.length === 0 ? input : { kind: "pipe", input, stages, span: this.since(start) };
  }

  /** `construction | rearrange | postfix [":" construction]`, where what is before the colon is the label. */
  private stage(): Stage {
    const { start } = this;
    if (this.at("upper")) return this.construction(start);
    if (this.at("rearrange")) return this.rearrange();
    const value = this.postfix("a layer or a function");
    if (!this.at(":")) return value;
    if (!isLabel(value)) this.fail("a layer or a function", "a label is a name, or a name with an index");
    this.take();
    return this.construction(start, value);
  }

  /** `Id [settings] [arguments]`; either starts on the line where what is before it ends. */
  private construction(start: number, label?: Expression): Apply {
    const block = this.upperName();
    const settings = this.at("{") && this.onSameLine() ? this.settings() : undefined;
    const values = this.at("(") && this.onSameLine() ? this.arguments() : undefined;
    return {
      kind: "apply",
      ...(label && { label }),
      block,
      ...(settings && { settings }),
      ...(values && { arguments: values }),
      span: this.since(start),
    };
  }

  // ------------------------------------------------------------------------------------------------------ operators

  /** Operands and infix operators, `precedence.ts` making the tree. */
  protected operation(): Expression {
    return this.operators(isInfixOperator);
  }

  /** As `operation`, with the operators of sizes only: in these places `<` or `|` would mean something else. */
  protected sum(): Expression {
    return this.operators(isArithmetic);
  }

  private operators(isOperator: (kind: TokenKind) => boolean): Expression {
    const first = this.operand(() => this.unary());
    // `* =` at the start of a line is the rule of a `weights` block for all the rest.
    const goesOn = (): boolean => isOperator(this.token.kind) && !(this.at("*") && this.next.kind === "=");
    if (!goesOn()) return first.expression;
    const rest: Operation[] = [];
    while (goesOn()) rest.push(this.operatorAndOperand());
    return combine(first, rest, ({ operator, ...span }) => {
      this.reportAt(span, "one comparison", visible(operator), "comparisons do not chain: write `a < b & b < c`");
    });
  }

  private operatorAndOperand(): Operation {
    this.link();
    const token = this.take();
    const operator = isInfixOperator(token.kind) || token.kind === "^" ? token.kind : "+";
    return { operator: { operator, ...spanOf(token) }, operand: this.operand(() => this.unary()) };
  }

  /** `("-" | "!") unary | postfix ["^" unary]` */
  private unary(): Expression {
    const { start } = this;
    const { kind } = this.token;
    if (kind === "-" || kind === "!") {
      this.take();
      const operand = this.nested(() => this.unary());
      return { kind: "unary", operator: kind, operand, span: this.since(start) };
    }
    const base = this.operand(() => this.postfix("an expression"));
    if (!this.at("^")) return base.expression;
    return combine(base, [this.nested(() => this.operatorAndOperand())], () => undefined);
  }

  /** An operand with what it covers, which is more than its span where it stands in parentheses. */
  private operand(parse: () => Expression): Operand {
    const { start } = this;
    const expression = parse();
    return { expression, ...this.since(start) };
  }

  // ------------------------------------------------------------------------------------------------------- postfixes

  /** `primary {"." id | subscript | arguments}`; a bracket starts on the line where what is before it ends. */
  private postfix(expected: string): Expression {
    const { start } = this;
    let value = this.primary(expected);
    while (value.kind !== "missing") {
      if (this.at(".")) {
        this.link();
        this.take();
        const name = this.lowerName();
        value = { kind: "member", object: value, name, span: this.since(start) };
      } else if (this.at("[") && this.onSameLine()) {
        this.link();
        const items = this.subscript();
        value = { kind: "subscript", object: value, items, span: this.since(start) };
      } else if (this.at("(") && this.onSameLine()) {
        this.link();
        const values = this.arguments();
        value = { kind: "call", callee: value, arguments: values, span: this.since(start) };
      } else break;
    }
    return value;
  }

  private primary(expected: string): Expression {
    const { start, token } = this;
    // No operand starts like that: the next statement does.
    if (this.atStatement() || this.atDeclaration()) return this.missing(expected);
    switch (token.kind) {
      case "number":
        return this.number();
      case "string":
        return this.string();
      case "true":
      case "false":
        return { kind: "boolean", value: token.kind === "true", span: spanOf(this.take()) };
      case "upper": {
        const apply = this.construction(start);
        const bare = apply.settings === undefined && apply.arguments === undefined;
        return bare ? { kind: "name", name: apply.block.name, span: apply.span } : apply;
      }
      case "@":
        this.take();
        return { kind: "position", axis: this.lowerName(), span: this.since(start) };
      case "(":
        return this.parenthesized();
      case "[": {
        this.opening("[");
        const items = this.items("]", "an expression", "values", () => this.expression());
        return { kind: "list", items, span: this.since(start) };
      }
      case "if":
        return this.conditional();
      case "attend":
        return this.attend();
      case "scan":
        return this.scan();
      default:
        if (!isLowerName(token.kind)) return this.missing(expected);
        return { kind: "name", name: token.text, span: spanOf(this.take()) };
    }
  }

  /** Reports that an expression is due here, and stands in for it. */
  private missing(expected: string): Expression {
    this.report(expected);
    const { end } = this.previous;
    return { kind: "missing", span: { start: end, end } };
  }

  protected number(): NumberLiteral {
    const { text, ...place } = this.expect("number");
    const value = Number(text.replaceAll("_", ""));
    return { kind: "number", value, real: /[.eE]/.test(text), text, span: { start: place.start, end: place.end } };
  }

  protected string(): StringLiteral {
    const token = this.expect("string");
    const closed = token.text.length > 1 && token.text.endsWith(token.text.charAt(0));
    const value = unescapeString(token.text.slice(1, closed ? -1 : undefined));
    return { kind: "string", value, span: spanOf(token) };
  }

  private parenthesized(): Expression {
    this.opening("(");
    const inner = this.expression();
    this.closing(")");
    return inner;
  }

  /** `"if" operation "then" operation "else" operation` */
  private conditional(): Expression {
    const { start } = this;
    return this.nested((): Expression => {
      this.expect("if");
      const condition = this.operation();
      this.needAfterOperation("then");
      const then = this.operation();
      this.needAfterOperation("else");
      const otherwise = this.operation();
      return { kind: "conditional", condition, then, otherwise, span: this.since(start) };
    });
  }

  private needAfterOperation(kind: "then" | "else"): void {
    if (this.at("|>")) this.fail(`"${kind}"`, "a pipe inside of `if` stands in parentheses: `|>` binds loosest");
    this.need(kind);
  }

  /** `"attend" "[" id "," id "]" arguments [settings]` */
  private attend(): Expression {
    const { start } = this;
    this.expect("attend");
    this.opening("[");
    const query = this.lowerName();
    this.need(",");
    const key = this.lowerName();
    this.closing("]");
    const values = this.arguments();
    const settings = this.at("{") ? this.settings() : undefined;
    return { kind: "attend", query, key, arguments: values, ...(settings && { settings }), span: this.since(start) };
  }

  /** `"scan" "[" id "]" "(" {setting} ")" body` */
  private scan(): Expression {
    const { start } = this;
    this.expect("scan");
    this.opening("[");
    const axis = this.lowerName();
    this.closing("]");
    this.opening("(");
    const carried = this.items(")", "a carried value", "settings", () => this.setting());
    const body = this.body();
    return { kind: "scan", axis, carried, body, span: this.since(start) };
  }

  /** `"rearrange" "[" pattern "->" pattern [";" id "=" sum {"," id "=" sum}] "]"` */
  private rearrange(): Rearrange {
    const { start } = this;
    const sizes: Setting[] = [];
    this.expect("rearrange");
    this.opening("[");
    const from = this.pattern();
    this.expect("->");
    const to = this.pattern();
    if (this.took(";")) {
      do sizes.push(this.size());
      while (this.took(","));
    }
    this.closing("]");
    return { kind: "rearrange", from, to, sizes, span: this.since(start) };
  }

  private size(): Setting {
    const { start } = this;
    const name = this.lowerName();
    this.expect("=");
    const value = this.sum();
    return { kind: "setting", name, form: "equals", value, span: this.since(start) };
  }

  // ---------------------------------------------------------------------------------------------- parts in brackets

  protected arguments(): Argument[] {
    this.opening("(");
    return this.items(")", "an argument", "values", () => this.argument());
  }

  /** `[id ":"] expression` */
  private argument(): Argument {
    const { start } = this;
    const name = this.nameBefore(":");
    const value = this.expression();
    return { kind: "argument", ...(name && { name }), value, span: this.since(start) };
  }

  /** `"[" {item} "]"`; with none, as in `dot[](a, b)`, the axes are said to be none. */
  private subscript(): Item[] {
    this.opening("[");
    return this.items("]", "an axis or an index", "values", () => this.item());
  }

  /** `id ":" slice | id "->" id | expression` */
  private item(): Item {
    const { start } = this;
    const axis = this.nameBefore(":");
    if (axis) return this.slice(start, axis);
    const from = this.nameBefore("->");
    if (from) return { kind: "rename-item", from, to: this.lowerName(), span: this.since(start) };
    return { kind: "expression-item", value: this.expression(), span: this.since(start) };
  }

  /** `expression [".." [expression]] | ".." expression` */
  private slice(start: number, axis: Identifier): Item {
    if (this.took("..")) return { kind: "slice-item", axis, to: this.expression(), span: this.since(start) };
    const from = this.expression();
    if (!this.took("..")) return { kind: "index-item", axis, index: from, span: this.since(start) };
    const to = this.at("]") || this.at(",") ? undefined : this.expression();
    return { kind: "slice-item", axis, from, ...(to && { to }), span: this.since(start) };
  }

  protected settings(): Settings {
    return this.settingsIn("settings");
  }

  /** As `settings`, of a declaration: there a line break separates as well as a comma. */
  protected settingLines(): Settings {
    return this.settingsIn("lines");
  }

  private settingsIn(layout: "settings" | "lines"): Settings {
    const { start } = this;
    if (!this.at("{")) {
      // A declaration without them is kept, so that its name is known.
      this.reportMissing('"{"');
      return { kind: "settings", entries: [], span: this.since(start) };
    }
    this.opening("{");
    const entries = this.items("}", "a setting", layout, () => this.setting());
    return { kind: "settings", entries, span: this.since(start) };
  }

  /** `(id | Id) [(":" | "=") expression]`; without a value, the name is its own. */
  private setting(): Setting {
    const { start } = this;
    const name = this.anyName();
    const form = this.took(":") ? "colon" : this.took("=") ? "equals" : "pun";
    const value: Expression = form === "pun" ? { ...name, kind: "name" } : this.expression();
    return { kind: "setting", name, form, value, span: this.since(start) };
  }

  /** A name and the mark after it, if both are there. */
  protected nameBefore(mark: ":" | "->"): Identifier | undefined {
    if (!isLowerName(this.token.kind) || this.next.kind !== mark) return undefined;
    const name = this.lowerName();
    this.take();
    return name;
  }
}

function isLabel(value: Stage): boolean {
  return value.kind === "name" || (value.kind === "subscript" && value.object.kind === "name");
}
