/** Types and the parts of signatures. */
import type { Axis, Expression, Identifier, Input, Parameter, Type } from "../ast.js";
import { isLowerName } from "../tokens.js";
import { ExpressionParser } from "./expression-parser.js";
import { spanOf } from "./token-reader.js";

/** No tensor has as many; past some hundreds, comparing their sizes would take long. */
const axisLimit = 100;

export abstract class TypeParser extends ExpressionParser {
  /** `(id | "fn") ["[" {axis} "]"]` */
  protected type(): Type {
    const { start } = this;
    const { token } = this;
    if (token.kind !== "fn" && !isLowerName(token.kind)) this.fail("a type");
    this.take();
    const name: Identifier = { kind: "identifier", name: token.text, span: spanOf(token) };
    if (!this.at("[") || !this.onSameLine()) return { kind: "type", name, span: this.since(start) };
    this.opening("[");
    const axes = this.items("]", "an axis", "values", () => this.axis());
    const excess = axes[axisLimit];
    if (excess) this.reportAt(excess.span, `at most ${axisLimit} axes`, "one more");
    return { kind: "type", name, axes: axes.slice(0, axisLimit), span: this.since(start) };
  }

  /** `".." | [id ":"] sum`; a name alone is both the label and the size. */
  private axis(): Axis {
    const { start } = this;
    if (this.took("..")) return { kind: "rest", span: this.since(start) };
    const label = this.nameBefore(":");
    const dim = this.sum();
    const own: Identifier | undefined = dim.kind === "name" ? { ...dim, kind: "identifier" } : undefined;
    const shown = label ?? own;
    return { kind: "axis", ...(shown && { label: shown }), dim, span: this.since(start) };
  }

  /** `["[" {id} "]"]` */
  protected variables(): Identifier[] {
    if (!this.at("[")) return [];
    this.opening("[");
    return this.items("]", "a name", "values", () => this.lowerName());
  }

  /** `["{" {parameter} "}"]` */
  protected parameters(): Parameter[] {
    if (!this.at("{")) return [];
    this.opening("{");
    return this.items("}", "a name", "settings", () => this.parameter());
  }

  /** `(id | Id) [":" type] ["=" operation]` */
  private parameter(): Parameter {
    const { start } = this;
    const name = this.anyName();
    const type = this.took(":") ? this.type() : undefined;
    const fallback = this.took("=") ? this.operation() : undefined;
    return { kind: "parameter", name, ...(type && { type }), ...(fallback && { fallback }), span: this.since(start) };
  }

  protected inputs(): Input[] {
    this.opening("(");
    return this.items(")", "an input", "values", () => this.dataInput());
  }

  /** `id ":" type ["=" expression]` */
  private dataInput(): Input {
    const { start } = this;
    const name = this.lowerName();
    this.need(":");
    const type = this.type();
    const fallback = this.took("=") ? this.expression() : undefined;
    return { kind: "input", name, type, ...(fallback && { fallback }), span: this.since(start) };
  }

  /** `["->" type {"," type}]` */
  protected resultTypes(): Type[] {
    const types: Type[] = [];
    if (!this.took("->")) return types;
    do types.push(this.type());
    while (this.took(","));
    return types;
  }

  /** `["where" operation {"," operation}]` */
  protected where(): Expression[] {
    const facts: Expression[] = [];
    if (!this.took("where")) return facts;
    do facts.push(this.operation());
    while (this.took(","));
    return facts;
  }
}
