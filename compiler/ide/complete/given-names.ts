/** The names that statements give, and what brings names along into a body. */
import type { Cursor } from "./cursor.js";
import { isGroup, isLower, lineOf, type Element } from "./elements.js";
import { textOf } from "./head.js";
import { local, type Local } from "./local.js";

/** What a body that opens here brings along: the counter of a `repeat`, what a `scan` carries, the names of an `attend`. */
export function entered({ text }: Cursor, before: readonly Element[], types: ReadonlyMap<number, string>): Local[] {
  const carried = before.at(-1);
  const scan = before.at(-3);
  if (isGroup(carried, "(") && scan?.kind === "scan") return named(text, carried.elements, types);
  // What one branch gives the other may give too.
  const otherwise = before.findLastIndex(({ kind }) => kind === "else");
  const then = before[otherwise - 1];
  if (isGroup(then, "{") && !before.slice(otherwise).some((element) => isGroup(element, "{")))
    return named(text, then.elements, types);
  const repeat = before.findLastIndex(({ kind }) => kind === "repeat");
  const counter = before[repeat + 1];
  const isOpen = repeat >= 0 && !before.slice(repeat).some((element) => isGroup(element, "{"));
  return isOpen && isLower(counter) ? [local(counter.text, "counter", "counter")] : [];
}

const assigns: ReadonlySet<string> = new Set(["=", "+=", "*=", ":="]);

/** The names that these elements give, one after the other. */
export function named(text: string, elements: readonly Element[], types: ReadonlyMap<number, string>): Local[] {
  return elements.flatMap((element, n): Local[] => {
    const next = elements[n + 1];
    const before = elements[n - 1];
    if (isGroup(element, "{") && before?.kind === "else") return namedByBoth(text, elements, n, types);
    if (!isLower(element) || !next) return [];
    if ((before?.kind === "param" || before?.kind === "state") && next.kind === ":") {
      const rest = elements.slice(n + 2);
      const equals = rest.findIndex(({ kind }) => kind === "=");
      return [
        local(
          element.text,
          before.kind === "param" ? "weight" : "value",
          textOf(text, rest.slice(0, Math.max(0, equals))),
        ),
      ];
    }
    if (assigns.has(next.kind))
      return [...unpacked(elements, n), element].map((name) => valueOf(name.text, types.get(name.start)));
    return [];
  });
}

const valueOf = (name: string, type = ""): Local => local(name, "value", type);

/** `a, b` before the last of `a, b, c = e`. */
function unpacked(elements: readonly Element[], last: number): { text: string; start: number }[] {
  const names: { text: string; start: number }[] = [];
  for (let at = last - 1; elements[at]?.kind === ","; at -= 2) {
    const name = elements[at - 1];
    if (!isLower(name) || lineOf(name) !== lineOf(elements[at] ?? name)) break;
    names.unshift(name);
  }
  return names;
}

/** `if c { ... } else { ... }`: what both give. */
function namedByBoth(
  text: string,
  elements: readonly Element[],
  last: number,
  types: ReadonlyMap<number, string>,
): Local[] {
  const otherwise = elements[last];
  const then = elements[last - 2];
  if (!isGroup(otherwise, "{") || !isGroup(then, "{")) return [];
  const first = new Set(named(text, then.elements, types).map(({ name }) => name));
  return named(text, otherwise.elements, types).filter(({ name }) => first.has(name));
}
