/** Texts between quotes, in the rules of a checkpoint. */
import type { Span, WeightRule, WeightsDeclaration } from "../../../grammar/ast.js";
import type { HoverPlace } from "./place.js";
import { inline } from "./markdown.js";
import { ruleText } from "./weight.js";
import { keywordDocs } from "./words.js";

export function quoted(place: HoverPlace): { readonly span: Span; readonly markdown: string } | undefined {
  const { declaration, path, source, at } = place;
  const text = path.at(-1);
  if (declaration.kind !== "weights" || text?.kind !== "string") return undefined;
  const rule = declaration.rules.find((each) => each.span.start <= at && at <= each.span.end);
  const span = source.toText(text.span);
  const markdown = rule && textOf(place, declaration, rule);
  return span && markdown !== undefined ? { span, markdown } : undefined;
}

function textOf(place: HoverPlace, { rules }: WeightsDeclaration, rule: WeightRule): string | undefined {
  switch (rule.kind) {
    case "address-rule":
      return ruleText(
        place,
        rules.filter((each) => each.kind === "address-rule"),
        rule,
      );
    case "config-rule": {
      const field = rule.entries.find(({ span }) => span.start <= place.at && place.at <= span.end);
      return field && `Field of the checkpoint's config.json; ${inline(field.name.name)} is read from it.`;
    }
    case "expect-rule":
      return keywordDocs["expect"];
    case "type-rule":
      return keywordDocs["type"];
    case "class-rule":
      return `The class that the checkpoint's config.json names, where the checkpoint is of ${inline(rule.name.name)}.`;
    case "port-rule":
      return keywordDocs[rule.direction];
    default:
      return undefined;
  }
}
