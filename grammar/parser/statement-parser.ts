/** Bodies and their statements. */
import type {
  AssignStatement,
  Body,
  EffectStatement,
  Expression,
  IfStatement,
  RepeatStatement,
  ReturnStatement,
  Statement,
  UnpackStatement,
  WeightStatement,
} from "../ast.js";
import { isAnyName, isLowerName } from "../tokens.js";
import { isDeclarationKeyword } from "./recovering-parser.js";
import { TypeParser } from "./type-parser.js";

export abstract class StatementParser extends TypeParser {
  /** `"{" {statement} "}"`. With `before`, that keyword says that a missing brace was due. */
  protected body(before?: "else"): Body {
    const { start } = this;
    return this.nested((): Body => {
      const statements: Statement[] = [];
      this.openingBody();
      while (!this.at("}") && !this.at("end") && !this.atDeclaration() && this.token.kind !== before) {
        const { token } = this;
        this.startStatement();
        const statement = this.attempt(
          () => this.statement(),
          () => this.skipToStatement(),
        );
        if (statement) statements.push(statement);
        // What starts no statement is still there.
        if (this.token === token) this.skipUntil(() => this.atLikelyStatement() || this.at("}"));
      }
      this.closing("}", 'a statement or "}"');
      return { kind: "body", statements, span: this.since(start) };
    });
  }

  private statement(): Statement {
    // `loss = ...` binds a value of that name, and so for the other soft keywords.
    if (this.atAssignOperator(this.next)) return this.assign();
    if (isLowerName(this.token.kind) && this.next.kind === ",") return this.unpack();
    switch (this.token.kind) {
      case "param":
      case "state":
        return this.weight(this.token.kind);
      case "repeat":
        return this.repeat();
      case "if":
        return this.branch();
      case "loss":
      case "aux":
      case "yield":
        return this.effect(this.token.kind);
      case "return":
        return this.result();
      default:
        return this.assign();
    }
  }

  /** `id ("=" | "+=" | "*=" | ":=") value` */
  private assign(): AssignStatement {
    const { start } = this;
    const { token, next } = this;
    const isBound = this.atAssignOperator(next);
    if (!isBound && this.onSameLine() && this.previous.kind !== "{") this.fail('an operator, a statement or "}"');
    if (!this.atAnyName()) {
      const isBracket = token.kind === "(" || token.kind === "[";
      this.failHere(
        'a statement or "}"',
        isBracket ? `the \`${token.kind}\` of a call or subscript stays on its line` : undefined,
      );
    }
    const name = this.lowerName();
    if (!isBound) {
      const isDeclaration = isDeclarationKeyword(token.kind) && isAnyName(next.kind);
      this.fail(
        '"="',
        isDeclaration ? `\`${token.text}\` stands outside of any body` : "a value is bound by `name = expression`",
      );
    }
    const operator = assignOperator(this.take().text);
    const value = this.value();
    return { kind: "assign", name, operator, value, span: this.since(start) };
  }

  /** `id "," id {"," id} "=" value` */
  private unpack(): UnpackStatement {
    const { start } = this;
    const names = [this.lowerName()];
    while (this.took(",")) names.push(this.lowerName());
    this.need("=");
    const value = this.value();
    return { kind: "unpack", names, value, span: this.since(start) };
  }

  /** `("param" | "state") id ":" type "=" expression ["when" expression]` */
  private weight(keyword: WeightStatement["keyword"]): WeightStatement {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const name = this.lowerName();
    this.need(":");
    const type = this.type();
    this.need("=");
    const initial = this.expression();
    const when = this.took("when") ? this.expression() : undefined;
    const span = this.since(start);
    return { kind: "weight", keyword, name, type, initial, ...(when && { when }), ...doc, span };
  }

  /** `"repeat" id "<" sum body` */
  private repeat(): RepeatStatement {
    const { start } = this;
    this.take();
    const index = this.lowerName();
    this.expect("<");
    const count = this.sum();
    const body = this.body();
    return { kind: "repeat", index, count, body, span: this.since(start) };
  }

  /** `"if" operation body ["else" (body | if)]` */
  private branch(): IfStatement {
    const { start } = this;
    return this.nested((): IfStatement => {
      this.take();
      const condition = this.condition();
      const then = this.body("else");
      const otherwise = this.took("else") ? (this.at("if") ? this.branch() : this.body()) : undefined;
      return { kind: "if", condition, then, ...(otherwise && { otherwise }), span: this.since(start) };
    });
  }

  /** An `operation` that is no fact to be stated, so that a single `=` after it is a mistake. */
  protected condition(): Expression {
    const condition = this.operation();
    if (this.at("=")) this.fail("an operator", "`==` compares");
    return condition;
  }

  /** `("loss" | "aux" | "yield") expression` */
  private effect(keyword: EffectStatement["keyword"]): EffectStatement {
    const { start } = this;
    this.take();
    const value = this.expression();
    return { kind: "effect", keyword, value, span: this.since(start) };
  }

  /** `"return" value {"," value}` */
  private result(): ReturnStatement {
    const { start } = this;
    const values: Expression[] = [];
    this.take();
    do values.push(this.value());
    while (this.took(","));
    return { kind: "return", values, span: this.since(start) };
  }

  private skipToStatement(): void {
    const atNext = (): boolean => this.at("}") || this.atLikelyStatement();
    if (!this.at("end") && !this.atDeclaration() && !atNext()) this.skipUntil(atNext);
  }
}

function assignOperator(text: string): AssignStatement["operator"] {
  return text === "+=" || text === "*=" || text === ":=" ? text : "=";
}
