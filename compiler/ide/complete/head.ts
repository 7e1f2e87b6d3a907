/** The first part of a declaration, as far as it is written: its names with the text of their types. */
import type { Token } from "../../../grammar/tokens.js";
import { isGroup, isName, itemsOf, spanOf, type Element } from "./elements.js";

export interface Head {
  readonly keyword: string;
  readonly name: Token | undefined;
  readonly sizes: readonly Token[];
  readonly entries: readonly Slot[];
  readonly inputs: readonly Slot[];
  /** Types as they are written. */
  readonly results: readonly string[];
  /** `on Model` of a task. */
  readonly model: string | undefined;
  /** `as x, y` of a task. */
  readonly values: readonly Token[];
}

/** `name: type = default` */
export interface Slot {
  readonly name: Token;
  /** As it is written; empty where it is not. */
  readonly type: string;
  readonly fallback: readonly Element[];
}

export function headOf(text: string, [keyword, ...rest]: readonly Element[]): Head {
  const end = endOfHead(rest);
  const head = rest.slice(0, end < 0 ? rest.length : end);
  const arrow = indexOf(head, "->");
  const before = arrow < 0 ? head : head.slice(0, arrow);
  const after = arrow < 0 ? [] : head.slice(arrow + 1);
  const where = indexOf(after, "where");
  const on = indexOf(before, "on");
  const as = indexOf(before, "as");
  const name = before[0];
  const model = on < 0 ? undefined : before[on + 1];
  return {
    keyword: keyword && keyword.kind !== "group" ? keyword.kind : "",
    name: isName(name) ? name : undefined,
    sizes: inBrackets(before, "[").filter(isName),
    entries: slotsOf(text, inBrackets(before, "{")),
    inputs: slotsOf(text, inBrackets(before, "(")),
    results: itemsOf(where < 0 ? after : after.slice(0, where)).flatMap((item) =>
      item.length === 0 ? [] : [textOf(text, item)],
    ),
    model: isName(model) ? model.text : undefined,
    values: as < 0 ? [] : before.slice(as + 1).filter(isName),
  };
}

const indexOf = (elements: readonly Element[], kind: string): number =>
  elements.findIndex((element) => element.kind === kind);

/** Where the body begins, or what stands for it behind `=`. */
function endOfHead(elements: readonly Element[]): number {
  const inputs = elements.findIndex((element) => isGroup(element, "("));
  return elements.findIndex(
    (element, n) => element.kind === "=" || (n > inputs && inputs >= 0 && isGroup(element, "{")),
  );
}

const inBrackets = (elements: readonly Element[], open: "(" | "[" | "{"): readonly Element[] => {
  const group = elements.find((element) => isGroup(element, open));
  return group?.kind === "group" ? group.elements : [];
};

export function slotsOf(text: string, elements: readonly Element[]): Slot[] {
  return itemsOf(elements).flatMap(([name, ...rest]) => {
    if (!isName(name)) return [];
    const equals = indexOf(rest, "=");
    const type = rest[0]?.kind === ":" ? rest.slice(1, equals < 0 ? rest.length : equals) : [];
    return [{ name, type: textOf(text, type), fallback: equals < 0 ? [] : rest.slice(equals + 1) }];
  });
}

export function textOf(text: string, elements: readonly Element[]): string {
  const { start, end } = spanOf(elements);
  return text.slice(start, end).replace(/\s+/g, " ");
}
