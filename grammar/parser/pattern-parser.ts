/** `.. n (heads c)`: the axes of a tensor by name, some of them merged. */
import type { Identifier, Merge, Pattern, PatternElement } from "../ast.js";
import { isLowerName } from "../tokens.js";
import { RecoveringParser } from "./recovering-parser.js";
import { spanOf } from "./token-reader.js";

export abstract class PatternParser extends RecoveringParser {
  /** `{ ".." | id | merge | "1" }`, of at least one. */
  protected pattern(): Pattern {
    const { start } = this;
    const elements: PatternElement[] = [];
    while (this.at("..") || this.at("(") || this.atOne() || this.atLowerName()) elements.push(this.patternElement());
    if (elements.length === 0) this.fail("an axis");
    return { kind: "pattern", elements, span: this.since(start) };
  }

  private patternElement(): PatternElement {
    if (this.at("..")) return { kind: "rest", span: spanOf(this.take()) };
    if (this.atOne()) return { kind: "merge", parts: [], span: spanOf(this.take()) };
    return this.at("(") ? this.merge() : this.lowerName();
  }

  private atOne(): boolean {
    return this.at("number") && this.token.text === "1";
  }

  /** `"(" [id ":"] id {id} ")"` */
  private merge(): Merge {
    const { start } = this;
    this.opening("(");
    const name = isLowerName(this.token.kind) && this.next.kind === ":" ? this.lowerName() : undefined;
    if (name) this.expect(":");
    const parts: Identifier[] = [this.lowerName()];
    while (this.atLowerName()) parts.push(this.lowerName());
    this.closing(")");
    return { kind: "merge", ...(name && { name }), parts, span: this.since(start) };
  }
}
