/** `weights Model from "..." { rules }`: where a checkpoint keeps the weights. */
import type {
  AddressRule,
  IgnoreRule,
  LayoutRule,
  LeafRule,
  PortRule,
  PrefixRule,
  Segment,
  StringLiteral,
  WeightRule,
  WeightsDeclaration,
} from "../ast.js";
import { isAnyName } from "../tokens.js";
import { StatementParser } from "./statement-parser.js";
import { spanOf } from "./token-reader.js";

export abstract class WeightsParser extends StatementParser {
  /** `"weights" Id "from" STRING "{" {rule} "}"` */
  protected weights(): WeightsDeclaration {
    const { start } = this;
    const doc = this.docAt(start);
    this.take();
    const model = this.upperName();
    this.need("from");
    const from = this.string();
    const rules: WeightRule[] = [];
    this.opening("{");
    while (!this.at("}") && !this.at("end") && !this.atDeclaration()) {
      const { token } = this;
      const rule = this.attempt(
        () => this.rule(),
        () => this.skipToRule(),
      );
      if (rule) rules.push(rule);
      if (this.token === token) this.skipUntil(() => this.atRuleStart());
    }
    this.closing("}", 'a rule or "}"');
    return { kind: "weights", model, from, rules, ...doc, span: this.since(start) };
  }

  /** Every keyword of a rule is also a possible label; what follows it decides. */
  private rule(): WeightRule {
    const { kind } = this.token;
    const beforeName = isAnyName(this.next.kind);
    const beforeString = this.next.kind === "string";
    if (kind === "layout" && beforeName) return this.layoutRule();
    if (kind === "leaf" && beforeName) return this.leafRule();
    if ((kind === "input" || kind === "output") && beforeName) return this.portRule(kind);
    if (kind === "ignore" && beforeString) return this.namesRule("ignore-rule");
    if (kind === "prefix" && beforeString) return this.namesRule("prefix-rule");
    return this.addressRule();
  }

  /** `"layout" Id "." id "[" pattern "]"` */
  private layoutRule(): LayoutRule {
    const { start } = this;
    this.take();
    const block = this.upperName();
    this.expect(".");
    const weight = this.lowerName();
    const pattern = this.layoutPattern();
    return { kind: "layout-rule", block, weight, pattern, span: this.since(start) };
  }

  private layoutPattern(): LayoutRule["pattern"] {
    this.opening("[");
    const pattern = this.pattern();
    this.closing("]");
    return pattern;
  }

  /** `"leaf" Id "." id "=" STRING {"|" STRING}` */
  private leafRule(): LeafRule {
    const { start } = this;
    this.take();
    const block = this.upperName();
    this.expect(".");
    const weight = this.lowerName();
    this.need("=");
    const names: StringLiteral[] = [];
    do names.push(this.string());
    while (this.took("|"));
    return { kind: "leaf-rule", block, weight, names, span: this.since(start) };
  }

  /** `("input" | "output") id "=" STRING` */
  private portRule(direction: PortRule["direction"]): PortRule {
    const { start } = this;
    this.take();
    const name = this.lowerName();
    this.need("=");
    const external = this.string();
    return { kind: "port-rule", direction, name, external, span: this.since(start) };
  }

  /** `("ignore" | "prefix") STRING {"," STRING}` */
  private namesRule(kind: "ignore-rule" | "prefix-rule"): IgnoreRule | PrefixRule {
    const { start } = this;
    this.take();
    const names: StringLiteral[] = [];
    do names.push(this.string());
    while (this.took(","));
    return { kind, names, span: this.since(start) };
  }

  /** `segment {"." segment} "=" STRING [stack | as]`; on a line of its own, `stack[0]` is the next rule's label. */
  private addressRule(): AddressRule {
    const { start } = this;
    const address: Segment[] = [];
    do address.push(this.segment());
    while (this.took("."));
    this.need("=");
    const name = this.string();
    const stack = this.at("stack") && this.onSameLine() ? this.stack() : undefined;
    const layout = this.at("as") && this.onSameLine() ? this.storedLayout() : undefined;
    const span = this.since(start);
    return { kind: "address-rule", address, name, ...(stack && { stack }), ...(layout && { layout }), span };
  }

  private stack(): AddressRule["stack"] {
    this.take();
    this.opening("[");
    const axis = this.lowerName();
    this.closing("]");
    return axis;
  }

  private storedLayout(): AddressRule["layout"] {
    this.take();
    return this.layoutPattern();
  }

  /** `id ["[" (id | INT) "]"] | "(" id {id} ")" | "*"` */
  private segment(): Segment {
    const { start } = this;
    if (this.at("*")) return { kind: "any", span: spanOf(this.take()) };
    if (this.at("(")) {
      this.opening("(");
      const names = [this.lowerName()];
      while (this.atLowerName()) names.push(this.lowerName());
      this.closing(")");
      return { kind: "group", names, span: this.since(start) };
    }
    if (!this.atAnyName()) this.failHere("a label");
    const name = this.lowerName();
    if (!this.at("[")) return { kind: "label", name, span: this.since(start) };
    this.opening("[");
    const index = this.at("number") ? this.number() : this.lowerName();
    this.closing("]");
    return { kind: "label", name, index, span: this.since(start) };
  }

  private skipToRule(): void {
    if (this.at("end") || this.atDeclaration() || this.atRuleStart()) return;
    this.skipUntil(() => this.atRuleStart());
  }

  /** Every rule starts a line. */
  private atRuleStart(): boolean {
    return this.at("}") || (!this.onSameLine() && (this.atLowerName() || this.at("*") || this.at("(")));
  }
}
