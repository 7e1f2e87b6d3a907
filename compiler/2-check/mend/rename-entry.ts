/** Another name for a config entry, where it is declared and wherever the file means it. */
import type { Declaration, Expression, Identifier, Name, Parameter, Setting, Statement } from "../../../grammar/ast.js";
import type { Edit } from "../../diagnostics/edit.js";
import { maskParts, nameOfPart } from "../mask-parts.js";
import type { Scope } from "../scope.js";
import { edit, type Mend } from "./mend.js";

/** Masks of the entry's name keep it: what stands where a mask is due does not mean the entry. */
export function renamedEntry(scope: Scope, name: string, next: string): Mend {
  const help = `rename the entry: \`${next}\``;
  const owner = scope.file.declarations.get(scope.owner);
  if (owner?.kind !== "block" || scope.names.has(next)) return { help };
  const tasks = scope.file.tasks.filter(({ model }) => model.name === owner.name.name);
  const inside = [owner, ...tasks].flatMap(nodesOf);
  const others = new Set<Node>([...inside.flatMap(masksGiven), ...inside.flatMap(punsIn)]);
  const meant = inside
    .filter((node) => !others.has(node))
    .flatMap((node): Edit[] => {
      const at = mentionOf(node, name);
      if (!at) return [];
      return [edit(scope, at.span, node.kind === "setting" ? `${name}: ${next}` : next)];
    });
  const given = scope.file.all
    .flatMap(nodesOf)
    .flatMap((node) => entriesGiven(node, owner.name.name))
    .filter((entry) => entry.name.name === name)
    .map((entry) => edit(scope, entry.name.span, entry.form === "pun" ? `${next}: ${name}` : next));
  return { help, fixes: [...meant, ...given] };
}

type Node = Declaration | Statement | Expression | Setting | Parameter;

/** A node and all that is in it. */
function nodesOf(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(nodesOf);
  if (typeof node !== "object" || node === null) return [];
  const inside = Object.entries(node).flatMap(([key, child]) => (key === "span" ? [] : nodesOf(child)));
  return isNode(node) ? [node, ...inside] : inside;
}

const isNode = (node: object): node is Node => "kind" in node;

/** Where a node speaks of the entry. */
function mentionOf(node: Node, name: string): { readonly span: Edit["span"] } | undefined {
  if (node.kind === "parameter") return node.name.name === name ? node.name : undefined;
  if (node.kind === "setting") return node.form === "pun" && node.name.name === name ? node.name : undefined;
  if (node.kind === "name") return node.name === name ? node : undefined;
  const isOwn = node.kind === "member" && node.object.kind === "name" && node.object.name === "cfg";
  return isOwn && node.name.name === name ? node.name : undefined;
}

/** The names that stand where masks are due. */
function masksGiven(node: Node): Name[] {
  const given =
    node.kind === "apply"
      ? (node.arguments ?? [])
      : node.kind === "attend"
        ? (node.settings?.entries ?? []).filter(({ name }) => name.name === "mask")
        : [];
  return given.flatMap(({ value }) => maskParts(value).flatMap((part) => nameOfPart(part) ?? []));
}

/** `{causal}` is said of the setting, whose value is the same text. */
const punsIn = (node: Node): Expression[] => (node.kind === "setting" && node.form === "pun" ? [node.value] : []);

/** What gives the entries of a block, in layers, configs and the fields of a checkpoint. */
function entriesGiven(node: Node, block: string): { readonly name: Identifier; readonly form?: Setting["form"] }[] {
  switch (node.kind) {
    case "apply":
      return node.block.name === block ? [...(node.settings?.entries ?? [])] : [];
    case "config":
      return node.model.name === block ? [...node.settings.entries] : [];
    case "alias":
      return node.target.name === block ? [...node.settings.entries] : [];
    case "weights":
      return node.model.name === block
        ? node.rules.flatMap((rule) => (rule.kind === "config-rule" ? rule.entries : []))
        : [];
    default:
      return [];
  }
}
