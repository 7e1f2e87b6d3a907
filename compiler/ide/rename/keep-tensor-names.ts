/** Rules by which a checkpoint's tensors keep their names when a label or a weight gets another one. */
import type { AddressRule, WeightsDeclaration } from "../../../grammar/ast.js";
import { weightsOf } from "../../1-resolve/program.js";
import type { PlacedWeight } from "../../3-lower/checkpoint.js";
import type { Edit } from "../../diagnostics/edit.js";
import type { Snapshot } from "../snapshot.js";
import { placeText, type Placement } from "./tensor-names.js";

/** A weight whose tensor would be another one. */
export interface Moved {
  readonly before: PlacedWeight;
  readonly after: PlacedWeight;
}

/** Undefined where the two cannot be compared. */
export function movedWeights(before: Placement, after: Placement | undefined): readonly Moved[] | undefined {
  if (before.weights.length !== after?.weights.length) return undefined;
  return before.weights.flatMap((weight, n): Moved[] => {
    const now = after.weights[n];
    return now && placeText(weight) !== placeText(now) ? [{ before: weight, after: now }] : [];
  });
}

/** Ways to say the names that the tensors of `model` had, the plainest first; places are those of `snapshot`'s texts. */
export function rulesThatKeep(
  snapshot: Snapshot,
  model: Placement["model"],
  moved: readonly Moved[],
): readonly (readonly Edit[])[] {
  const { name } = model.declaration.name;
  const there = weightsOf(snapshot.program, name);
  const names = moved.map(({ before, after }): Renamed => ({
    old: before.address.split("."),
    now: after.address.split("."),
    tensor: before.place.names[0] ?? before.address,
  }));
  const ways = [
    distinct(names.map((one) => ruleForAllBelow(forEachIndex(one)))),
    distinct(names.map(ruleForAllBelow)),
    distinct(names.map(ruleForOne)),
  ];
  if (!there) {
    const text = snapshot.source(model.file.name)?.text ?? "";
    const gap = text.endsWith("\n\n") ? "" : text.endsWith("\n") ? "\n" : "\n\n";
    const start = { start: text.length, end: text.length };
    const written = (rules: readonly string[]): string =>
      `${gap}weights ${name} from "${fileName(model.file.name)}" {\n${rules.map((rule) => `  ${rule}\n`).join("")}}\n`;
    return ways.map((rules) => [{ file: model.file.name, span: start, text: written([...rules, '* = "{}"']) }]);
  }
  const { declaration, file } = there;
  return ways.flatMap((rules) =>
    placesFor(declaration).flatMap((rule): (readonly Edit[])[] => {
      const at = snapshot.source(file.name)?.toText(rule.span)?.start;
      if (at === undefined) return [];
      return [[{ file: file.name, span: { start: at, end: at }, text: rules.map((each) => `${each}\n  `).join("") }]];
    }),
  );
}

const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1).replace(/\.tfm$/, "");

/** Before the rules that make names of addresses, the last of these first: what is special stands before them. */
function placesFor({ rules }: WeightsDeclaration): readonly AddressRule[] {
  return rules
    .filter((rule) => rule.kind === "address-rule")
    .filter(({ address, name }) => name.value.includes("{}") || address.some(({ kind }) => kind === "any"))
    .reverse();
}

const distinct = (rules: readonly string[]): readonly string[] => [...new Set(rules)];

/** A weight's address as it was and as it is, part by part, and what its tensor is to be called. */
interface Renamed {
  readonly old: readonly string[];
  readonly now: readonly string[];
  readonly tensor: string;
}

/** `encoder[i].attention.* = "encoder.{i}.attn.{}"`: all below the label that has changed. */
function ruleForAllBelow(one: Renamed): string {
  const { old, now, tensor } = one;
  const changed = old.findIndex((part, n) => part !== now[n]);
  const end = changed + (isIndex(old[changed + 1]) ? 2 : 1);
  const below = old.slice(end).join(".");
  if (below === "" || !tensor.endsWith(`.${below}`)) return ruleForOne(one);
  return `${addressOf(now.slice(0, end))}.* = ${JSON.stringify(`${tensor.slice(0, -below.length - 1)}.{}`)}`;
}

/** `encoder[i].attention.q.weight = "encoder.{i}.attn.q.weight"` */
const ruleForOne = ({ now, tensor }: Renamed): string => `${addressOf(now)} = ${JSON.stringify(tensor)}`;

/** `layers.3.norm` as `layers.{i}.norm`: layers that are counted one by one may have one rule. */
function forEachIndex(one: Renamed): Renamed {
  const free = ["i", "j", "k", "l", "m", "n"].filter((index) => !one.old.includes(`{${index}}`));
  return one.old.reduce((done, part, n): Renamed => {
    const names = done.tensor.split(".");
    const at = names.indexOf(part);
    if (!/^\d+$/.test(part) || at < 0 || names.indexOf(part, at + 1) >= 0) return done;
    const index = `{${free.shift() ?? part}}`;
    return { old: done.old.with(n, index), now: done.now.with(n, index), tensor: names.with(at, index).join(".") };
  }, one);
}

const isIndex = (part: string | undefined): boolean => part !== undefined && /^(\{\w+\}|\d+)$/.test(part);

/** `h.{i}.attn` as rules have it: `h[i].attn`. */
function addressOf(parts: readonly string[]): string {
  return parts
    .join(".")
    .replace(/\.\{(\w+)\}/g, "[$1]")
    .replace(/\.(\d+)(?=\.|$)/g, "[$1]");
}
