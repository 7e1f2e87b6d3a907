/** `quantize config { rules }` and `prune config { rules }`: what becomes of a config's weights when they are loaded. */
import type { CompressionDeclaration, CompressionRule, Segment } from "../ast.js";
import { WeightsParser } from "./weights-parser.js";

export abstract class CompressionParser extends WeightsParser {
  /** `("quantize" | "prune") id "{" {compression} "}"` */
  protected compression(keyword: CompressionDeclaration["keyword"]): CompressionDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const config = this.lowerName();
    const rules = this.rulesOf(() => this.compressionRule());
    return { kind: "compression", keyword, config, rules, ...doc, span: this.since(start) };
  }

  /** `(Id "." id | segment {"." segment}) "=" operation` */
  private compressionRule(): CompressionRule {
    const { start } = this;
    const target = this.at("upper") ? this.weightKind() : { kind: "address" as const, segments: this.address() };
    this.need("=");
    const method = this.operation();
    return { kind: "compression-rule", target, method, span: this.since(start) };
  }

  private weightKind(): CompressionRule["target"] {
    const block = this.upperName();
    this.expect(".");
    return { kind: "weight-kind", block, weight: this.lowerName() };
  }

  private address(): Segment[] {
    const segments = [this.segment()];
    while (this.took(".")) segments.push(this.segment());
    return segments;
  }
}
