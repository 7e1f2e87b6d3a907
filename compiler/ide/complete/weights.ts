/** The rules of `weights Model from "..." { ... }`. */
import { lookup, tasksOf } from "../../1-resolve/program.js";
import { mappedBy, nameOf, segments, stepsOf, weightsAt } from "./addresses.js";
import { axesOfType } from "./axes.js";
import { inBrackets } from "./brackets.js";
import { entriesAsLocals, inExpectation, inFields, kindOfEntry } from "./config-fields.js";
import type { Cursor } from "./cursor.js";
import { blockNamed, described, written } from "./declared.js";
import { expectsMore, isName, itemsOf, lineOf, path, type Element, type Nest } from "./elements.js";
import { expression } from "./expression.js";
import type { Host } from "./host.js";
import { models } from "./names.js";
import { keyword, type Suggestion } from "./suggestion.js";
import { blocksBelow, weightsBelow } from "./weights-below.js";

export function inWeights(cursor: Cursor, host: Host): Suggestion[] {
  const [top, braces, inner] = path(cursor.nest);
  const model = top?.elements[1];
  if (!braces) {
    if (top?.elements.length === 1) return models(cursor);
    return top?.elements.length === 2 ? [keyword("from", 'from "$1" {\n  $0\n}')] : [];
  }
  if (!isName(model)) return [];
  const rules = rulesOf(braces.elements);
  const rule = startsRule(cursor, braces, inner) ? [] : (rules.at(-1) ?? []);
  if (cursor.isInString) return strings(cursor, host, model.text, rule);
  if (inner) return inRuleBrackets(cursor, model.text, rule, inner);
  const mapped = mappedBy(rules.slice(0, -1));
  if (rule.length === 0) return [...segments(cursor, model.text, [], mapped), ...ruleWords];
  return inRule(cursor, model.text, rule, mapped);
}

/** A rule begins a line that goes on nothing. */
function rulesOf(elements: readonly Element[]): Element[][] {
  const rules: Element[][] = [];
  for (const [n, element] of elements.entries()) {
    const before = elements[n - 1];
    if (!before || (lineOf(before) !== lineOf(element) && !goesOn(before))) rules.push([]);
    rules.at(-1)?.push(element);
  }
  return rules;
}

/** `*` of an address is no product. */
const goesOn = (element: Element): boolean => expectsMore(element) && element.kind !== "*";

function startsRule({ startsLine }: Cursor, { elements }: Nest, inner: Nest | undefined): boolean {
  const last = elements.at(-1);
  if (!last) return true;
  return inner?.open ? inner.open.line !== endLine(last) && !goesOn(last) : startsLine && !goesOn(last);
}

const endLine = (element: Element): number =>
  element.kind === "group" ? endLine(element.elements.at(-1) ?? element.open) : element.line;

const ruleWords: readonly Suggestion[] = [
  keyword("config", 'config ${1:entry} = "${2:field}"$0', "Which entry is which field of config.json."),
  keyword(
    "layout",
    "layout ${1:Linear}.${2:weight} [$3]$0",
    "How all weights of this kind are stored, by the axes of their `param`.",
  ),
  keyword("leaf", 'leaf ${1:LayerNorm}.${2:weight} = "${3:gamma}"$0', "What the last part of the name may be."),
  keyword("prefix", 'prefix "${1:model.}"$0', "Names may start with this or not."),
  keyword("ignore", 'ignore "$1"$0', "Tensors of the file that are not used."),
  keyword("carry", 'carry "$1"$0', "Tensors that are of no use here, but saved again."),
  keyword("input", 'input ${1:ids} = "${2:input_ids}"$0', "What the outside calls an input."),
  keyword("output", 'output ${1:logits} = "${2:logits}"$0', "What the outside calls an output."),
  keyword("type", 'type "$1"$0', "The `model_type` of these checkpoints."),
  keyword("task", 'task ${1:lm} = "$2"$0', "The class in `architectures` that has this task."),
  keyword("model", 'model ${1:Model} = "$2"$0', "The class of the model without any task."),
  keyword("expect", 'expect "$1" = ${2:true}$0', "A field that must be this, where it is there."),
];

const ofBlock: ReadonlySet<string> = new Set(["layout", "leaf"]);
const ofName: ReadonlySet<string> = new Set(["input", "output", "task", "model"]);

/** Every word of a rule is also a possible label; what follows it decides. */
const isWord = ([word, next]: readonly Element[]): boolean =>
  words.has(word?.kind ?? "") &&
  (next === undefined || (next.kind !== "." && next.kind !== "=" && next.kind !== "group"));

const words: ReadonlySet<string> = new Set(ruleWords.map(({ label }) => label));

function inRule(cursor: Cursor, model: string, rule: readonly Element[], mapped: ReadonlySet<string>): Suggestion[] {
  const kind = rule[0]?.kind ?? "";
  if (isWord(rule)) {
    if (ofBlock.has(kind)) return inBlockRule(cursor, model, rule);
    if (ofName.has(kind)) return rule.length === 1 ? named(cursor, model, kind) : [];
    if (kind === "config") return inFields(cursor, model, rule);
    if (kind === "ignore") return rule.length === 1 ? [keyword("config")] : [];
    if (kind === "expect") return inExpectation(cursor, model, rule);
  }
  const equals = rule.findIndex((element) => element.kind === "=");
  if (equals >= 0)
    return rule.at(-1)?.kind === "string" ? [keyword("stack", "stack[$1]$0"), keyword("as", "as [$1]$0")] : [];
  return rule.at(-1)?.kind === "." ? segments(cursor, model, rule.slice(0, -1), mapped) : [];
}

/** `layout Linear.weight [...]`, `leaf LayerNorm.bias = "..."` */
function inBlockRule(cursor: Cursor, model: string, rule: readonly Element[]): Suggestion[] {
  const block = rule[1];
  if (!block) return blocksOf(cursor, model);
  return rule.length === 3 && isName(block) ? weightsOfBlock(cursor, block.text) : [];
}

/** The blocks that have weights of their own in this model. */
export function blocksOf(cursor: Cursor, model: string): Suggestion[] {
  const { program } = cursor.snapshot;
  const found = blockNamed(program, cursor.file, model);
  const owners = [
    ...(found ? [{ owner: found.declaration, file: found.file }] : []),
    ...tasksOf(program, model).map(({ task, file }) => ({ owner: task, file })),
  ];
  const blocks = new Map(owners.flatMap(({ owner, file }) => [...blocksBelow(program, file, owner)]));
  return [...blocks].flatMap(([name, file]) => {
    const declared = lookup(program, file, name);
    return declared ? [described(declared)] : [];
  });
}

export function weightsOfBlock({ snapshot, file }: Cursor, name: string): Suggestion[] {
  const block = blockNamed(snapshot.program, file, name);
  if (!block) return [];
  const below = weightsBelow(snapshot.program, block.file, block.declaration);
  return below
    .filter(({ kind }) => kind === "weight")
    .map(({ name: label, detail }) => ({ label, kind: "weight", detail }));
}

/** Inputs, outputs, tasks, or the model itself. */
function named({ snapshot, file }: Cursor, model: string, kind: string): Suggestion[] {
  const block = blockNamed(snapshot.program, file, model);
  const tasks = tasksOf(snapshot.program, model);
  if (kind === "model") return block ? [described(block)] : [];
  if (kind === "task") return tasks.map(({ task }) => ({ label: task.name.name, kind: "task" }));
  const owners = [
    ...(block ? [{ declaration: block.declaration, file: block.file }] : []),
    ...tasks.map(({ task, file: there }) => ({ declaration: task, file: there })),
  ];
  return owners.flatMap(({ declaration, file: there }): Suggestion[] => {
    if (kind === "input")
      return declaration.inputs.map((input) => ({
        label: input.name.name,
        kind: "input",
        detail: written(there, input.type),
      }));
    const results = declaration.body.statements.flatMap((each) => (each.kind === "return" ? each.values : []));
    return results.flatMap((value) => (value.kind === "name" ? [{ label: value.name, kind: "value" as const }] : []));
  });
}

function inRuleBrackets(cursor: Cursor, model: string, rule: readonly Element[], inner: Nest): Suggestion[] {
  const kind = rule[0]?.kind ?? "";
  const block = rule[1];
  const open = inner.open?.kind;
  if (isWord(rule) && kind === "layout" && isName(block))
    return weightsOfBlock(cursor, block.text).flatMap(({ detail }) => axesOfType(detail));
  if (isWord(rule) && kind === "config" && open === "{") {
    const entry = itemsOf(rule.slice(1)).at(-1)?.[0];
    const [field, colon, ...value] = itemsOf(inner.elements).at(-1) ?? [];
    if (!field) return [keyword("null"), keyword("true"), keyword("false")];
    const type = isName(entry) ? kindOfEntry(cursor, model, entry.text) : "";
    return colon ? expression(cursor, entriesAsLocals(cursor, model), value, { type, isStatic: true }) : [];
  }
  const equals = rule.findIndex((element) => element.kind === "=");
  if (isWord(rule) && rule.length > 1) return inBrackets(cursor, entriesAsLocals(cursor, model), cursor.nest);
  const address = equals < 0 ? rule : rule.slice(0, equals);
  if (equals < 0 && open === "(")
    return segments(
      cursor,
      model,
      withoutPoint(rule),
      new Set(
        inner.elements
          .flatMap((name) => stepsOf([name])[0]?.[0] ?? [])
          .map((name) => [...stepsOf(withoutPoint(rule)).map(([first]) => first), name].join(".")),
      ),
    );
  if (equals < 0) return indices(cursor);
  const isPieces = inner.elements.some((element) => element.kind === "/");
  if (isPieces)
    return entriesAsLocals(cursor, model).all.map(({ name, type }) => ({ label: name, kind: "entry", detail: type }));
  return weightsAt(cursor, model, address).flatMap(({ detail }) => axesOfType(detail).reverse());
}

/** The letters that the rule's name has already, else the usual ones. */
function indices({ after }: Cursor): Suggestion[] {
  const name = after.find(({ kind }) => kind === "string")?.text ?? "";
  const used = [...name.matchAll(/\{(\w+)\}/g)].map(([, letter = ""]) => letter);
  return [...used, "i", "j"].map((label) => ({ label, kind: "value", detail: "every index" }));
}

const withoutPoint = (elements: readonly Element[]): readonly Element[] =>
  elements.at(-1)?.kind === "." ? elements.slice(0, -1) : elements;

/** Names in a checkpoint, and fields of its config.json. */
function strings(cursor: Cursor, host: Host, model: string, rule: readonly Element[]): Suggestion[] {
  const kind = rule[0]?.kind ?? "";
  const text = (label: string, detail: string): Suggestion => ({ label, kind: "text", detail });
  if (isWord(rule) && (kind === "config" || kind === "expect" || (kind === "ignore" && rule[1]?.kind === "config")))
    return (host.configFields?.(model) ?? []).map((field) => text(field, "field of config.json"));
  if (isWord(rule) && (kind === "ignore" || kind === "carry"))
    return (host.checkpointNames?.(model) ?? []).map((name) => text(name, "tensor"));
  const equals = rule.findIndex((element) => element.kind === "=");
  if (isWord(rule) || equals < 0) return [];
  const address = rule.slice(0, equals);
  const own = nameOf(address);
  const isWeight = weightsAt(cursor, model, address).some(({ name }) => stepsOf(address).at(-1)?.includes(name));
  const found = new Set(
    (host.checkpointNames?.(model) ?? []).map((name) => patternOf(name, own.includes("{i}"), isWeight)),
  );
  return [
    text(own, "its own address"),
    ...[...found].filter((name) => name !== own && name !== "").map((name) => text(name, "in the checkpoint")),
  ];
}

/** `h.0.attn.c_proj.weight` as a rule for all layers says it, without the weight's own name unless the rule ends in one. */
function patternOf(name: string, isIndexed: boolean, isWeight: boolean): string {
  const parts = name.split(".");
  const kept = isWeight ? parts : parts.slice(0, -1);
  return kept.map((part) => (isIndexed && /^\d+$/.test(part) ? "{i}" : part)).join(".");
}
