/** A layer, where it is applied: its address, what it weighs and costs, and where a checkpoint has it. */
import type { Apply } from "../../../grammar/ast.js";
import { printExpression } from "../../../grammar/index.js";
import type { Weight, WeightList, WeightTree } from "../../ir/graph.js";
import { evaluate } from "../../shapes/index.js";
import { findWeights } from "../../lower.js";
import type { Seen } from "../observed.js";
import { makerOf, parametersText, workText } from "./costs.js";
import { bullets, inline, paragraphs, someOf } from "./markdown.js";
import type { HoverPlace, Under } from "./place.js";

/** The numbers of one config, address by address; undefined where it never comes by. */
export function layerText({ snapshot }: HoverPlace, stage: Apply, found: Under | undefined): string | undefined {
  const seen = found?.seen.get(stage.span) ?? [];
  if (!found || !stage.label) return undefined;
  const label = printExpression(stage.label);
  const addresses = new Map<string, string[]>();
  const steps = seen.flatMap((each) => {
    const tree = layerOf(each, label);
    if (!tree) return [];
    const own = [...each.scope.via, label];
    const line = costText(found, each, tree, timesOf(found, own));
    const others = addresses.get(line) ?? [];
    if (!others.includes(own.join("."))) addresses.set(line, [...others, own.join(".")]);
    return [own];
  });
  if (steps.length === 0) return undefined;
  const lines = [...addresses].map(([line, own]) => {
    const where = someOf(own.map(inline), 3).join(", ");
    return line === "" ? where : `${where}: ${line}`;
  });
  const places = placesText(snapshot.program, found, steps[0] ?? []);
  return paragraphs(`${inline(found.config.name.name)}:\n${bullets(someOf(lines, 4))}`, places);
}

/** `12 layers, in each 1,536 parameters = 2*d` */
function costText({ module }: Under, { scope, meaning }: Seen, tree: WeightTree, times: number): string {
  const { numbers } = scope.context;
  const maker = meaning.kind === "tensor" ? makerOf(scope.builder.nodes, meaning.value) : undefined;
  const work = module && maker?.op === "call" ? workText(module, maker.callee.body, numbers) : undefined;
  const costs = [parametersText(tree, numbers), work].filter((text) => text !== undefined).join("; ");
  return times > 1 && costs !== "" ? `${times} layers, in each ${costs}` : costs;
}

function layerOf({ scope }: Seen, label: string): WeightTree | undefined {
  for (const meaning of scope.names.values())
    if (meaning.kind === "label" && meaning.name === label) return meaning.application.tree;
  return undefined;
}

type Entry = Weight | WeightTree | WeightList;

/** How many layers there are at an address such as `h[i].attn`. */
function timesOf({ module, numbers }: Under, steps: readonly string[]): number {
  let entry: Entry | undefined = module?.weights;
  let times = 1;
  for (const step of steps) {
    const [name = "", index] = step.split(/[[\]]/);
    entry = entry?.kind === "tree" ? entry.entries.get(name) : undefined;
    const isCounted = index !== undefined && !/^\d+$/.test(index);
    if (entry?.kind === "repeated") {
      times *= isCounted ? (evaluate(entry.count, (atom) => numbers.get(atom)) ?? 1) : 1;
      entry = entry.each;
    } else if (entry?.kind === "listed") {
      times *= isCounted ? entry.items.length : 1;
      entry = entry.items[isCounted ? 0 : Number(index)];
    }
  }
  return times;
}

/** Weights that a checkpoint has by other names than their addresses. */
function placesText(
  program: HoverPlace["snapshot"]["program"],
  { module }: Under,
  steps: readonly string[],
): string | undefined {
  if (!module) return undefined;
  const pattern = new RegExp(
    `^${steps.map((step) => step.replace(/\[.*?\]/, "\\.(?:\\{\\w+\\}|\\d+)")).join("\\.")}\\.`,
  );
  const { weights } = findWeights(program, program.entry, module);
  const other = weights.filter(({ address, place }) => pattern.test(address) && place.names[0] !== address);
  const lines = other.map(({ address, place }) => placeText(address, place.names));
  return lines.length > 0 ? `In the checkpoint:\n${bullets(someOf(lines, 4))}` : undefined;
}

export const placeText = (address: string, names: readonly string[]): string =>
  `${inline(address)} is ${names.map((name) => inline(`"${name}"`)).join(" or ")}`;
