/** `weights Model from "..." { rules }`: where a checkpoint keeps the weights. */
import type {
  AddressRule,
  ClassRule,
  ConfigField,
  ConfigRule,
  ExpectRule,
  Expectation,
  FieldCase,
  FieldValue,
  IgnoreRule,
  LayoutRule,
  LeafRule,
  PortRule,
  PrefixRule,
  Segment,
  StringLiteral,
  TypeRule,
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
    const rules = this.rulesOf(() => this.rule());
    return { kind: "weights", model, from, rules, ...doc, span: this.since(start) };
  }

  /** `"{" {rule} "}"`, each rule on a line of its own. */
  protected rulesOf<Rule>(read: () => Rule): Rule[] {
    const rules: Rule[] = [];
    this.opening("{");
    while (!this.at("}") && !this.at("end") && !this.atDeclaration()) {
      const { token } = this;
      const rule = this.attempt(read, () => this.skipToRule());
      if (rule) rules.push(rule);
      if (this.token === token) this.skipUntil(() => this.atRuleStart());
    }
    this.closing("}", 'a rule or "}"');
    return rules;
  }

  /** Every keyword of a rule is also a possible label; what follows it decides. */
  private rule(): WeightRule {
    const { kind } = this.token;
    const beforeName = isAnyName(this.next.kind);
    const beforeString = this.next.kind === "string";
    if (kind === "layout" && beforeName) return this.layoutRule();
    if (kind === "leaf" && beforeName) return this.leafRule();
    if ((kind === "input" || kind === "output") && beforeName) return this.portRule(kind);
    if (kind === "ignore" && (beforeString || this.next.kind === "config")) return this.ignoreRule();
    if (kind === "carry" && beforeString) return this.ignoreRule();
    if (kind === "prefix" && beforeString) return this.prefixRule();
    if (kind === "type" && beforeString) return this.typeRule();
    if ((kind === "task" || kind === "model") && beforeName) return this.classRule(kind);
    if (kind === "config" && beforeName) return this.configRule();
    if (kind === "expect" && (beforeString || this.next.kind === "(")) return this.expectRule();
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
    const names = this.strings("|");
    return { kind: "leaf-rule", block, weight, names, span: this.since(start) };
  }

  private strings(separator: "|" | ","): StringLiteral[] {
    const names: StringLiteral[] = [];
    do names.push(this.string());
    while (this.took(separator));
    return names;
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

  /** `("ignore" ["config"] | "carry") STRING {"," STRING}` */
  private ignoreRule(): IgnoreRule {
    const { start } = this;
    const isCarried = this.take().kind === "carry";
    const what = isCarried ? "carried" : this.took("config") ? "fields" : "tensors";
    const names = this.strings(",");
    return { kind: "ignore-rule", what, names, span: this.since(start) };
  }

  /** `"prefix" STRING {"," STRING}` */
  private prefixRule(): PrefixRule {
    const { start } = this;
    this.take();
    const names = this.strings(",");
    return { kind: "prefix-rule", names, span: this.since(start) };
  }

  /** `"type" STRING {"|" STRING}` */
  private typeRule(): TypeRule {
    const { start } = this;
    this.take();
    const names = this.strings("|");
    return { kind: "type-rule", names, span: this.since(start) };
  }

  /** `"task" id "=" STRING {"|" STRING} | "model" Id "=" STRING {"|" STRING}` */
  private classRule(keyword: ClassRule["keyword"]): ClassRule {
    const { start } = this;
    this.take();
    const name = keyword === "task" ? this.lowerName() : this.upperName();
    this.need("=");
    const classes = this.strings("|");
    return { kind: "class-rule", keyword, name, classes, span: this.since(start) };
  }

  /** `"config" field {"," field}` */
  private configRule(): ConfigRule {
    const { start } = this;
    this.take();
    const entries: ConfigField[] = [];
    do entries.push(this.configField());
    while (this.took(","));
    return { kind: "config-rule", entries, span: this.since(start) };
  }

  /** `id "=" operation ["is" "{" case {"," case} "}"] ["else" operation]` */
  private configField(): ConfigField {
    const { start } = this;
    const name = this.lowerName();
    this.need("=");
    const value = this.operation();
    const cases = this.at("is") && this.onSameLine() ? this.fieldCases() : undefined;
    const fallback = this.took("else") ? this.operation() : undefined;
    const span = this.since(start);
    return { kind: "config-field", name, value, ...(cases && { cases }), ...(fallback && { fallback }), span };
  }

  private fieldCases(): FieldCase[] {
    this.take();
    this.opening("{");
    return this.items("}", "a value of the field", "values", () => {
      const { start } = this;
      const field = this.fieldValue();
      this.need(":");
      const value = this.operation();
      return { kind: "field-case", field, value, span: this.since(start) };
    });
  }

  /** `"expect" expectation {"," expectation}` */
  private expectRule(): ExpectRule {
    const { start } = this;
    this.take();
    const expectations: Expectation[] = [];
    do expectations.push(this.expectation());
    while (this.took(","));
    return { kind: "expect-rule", expectations, span: this.since(start) };
  }

  /** `operation "=" value {"|" value} ["when" operation]` */
  private expectation(): Expectation {
    const { start } = this;
    const field = this.operation();
    this.need("=");
    const allowed: FieldValue[] = [];
    do allowed.push(this.fieldValue());
    while (this.took("|"));
    const when = this.took("when") ? this.operation() : undefined;
    return { kind: "expectation", field, allowed, ...(when && { when }), span: this.since(start) };
  }

  /** `STRING | ["-"] NUMBER | "true" | "false" | "null"` */
  private fieldValue(): FieldValue {
    const { start } = this;
    const at = (value: FieldValue["value"]): FieldValue => ({ kind: "field-value", value, span: this.since(start) });
    if (this.at("string")) return at(this.string().value);
    if (this.took("true")) return at(true);
    if (this.took("false")) return at(false);
    if (this.took("null")) return at(null);
    const sign = this.took("-") ? -1 : 1;
    return this.at("number") ? at(sign * this.number().value) : this.fail("a value as JSON has it");
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
    const pieces = this.took("/") ? this.lowerName() : undefined;
    this.closing("]");
    return { axis, ...(pieces && { pieces }) };
  }

  private storedLayout(): AddressRule["layout"] {
    this.take();
    return this.layoutPattern();
  }

  /** `id ["[" (id | INT) "]"] | "(" id {id} ")" | "*"` */
  protected segment(): Segment {
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
    return this.at("}") || (!this.onSameLine() && (isAnyName(this.token.kind) || this.at("*") || this.at("(")));
  }
}
