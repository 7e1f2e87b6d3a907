/** The functions of a module, callees before their callers, each once; and how to rewrite them all. */
import type { Function, Module, Node } from "./graph.js";
import { regionsOf } from "./operands.js";

export function entriesOf(module: Pick<Module, "body" | "tasks">): Function[] {
  return [module.body, ...module.tasks.flatMap(({ forward, loss }) => (loss ? [forward, loss] : [forward]))];
}

export function functionsOf(module: Pick<Module, "body" | "tasks">): Function[] {
  const found = new Set<Function>();
  const visit = (made: Function): void => {
    if (found.has(made)) return;
    for (const node of nodesOf(made)) if (node.op === "call") visit(node.callee);
    found.add(made);
  };
  entriesOf(module).forEach(visit);
  return [...found];
}

/** Every node, those in loops and regions included, in order. */
export function nodesOf({ body }: { readonly body: readonly Node[] }): Node[] {
  return body.flatMap((node) => [node, ...regionsOf(node).flatMap((region) => nodesOf({ body: region.body }))]);
}

/** Applies `rewrite` to every function, callees first; calls are redirected to the rewritten callees. */
export function mapFunctions(module: Module, rewrite: (made: Function) => Function): Module {
  const done = new Map<Function, Function>();
  const redirect = (node: Node): Node => {
    if (node.op === "call") return { ...node, callee: visit(node.callee) };
    return mapBody(node, (body) => body.map(redirect));
  };
  const visit = (made: Function): Function => {
    const known = done.get(made);
    if (known) return known;
    const rewritten = rewrite({ ...made, body: made.body.map(redirect) });
    done.set(made, rewritten);
    return rewritten;
  };
  return {
    ...module,
    body: visit(module.body),
    tasks: module.tasks.map((task) => ({ ...task, forward: visit(task.forward), loss: task.loss && visit(task.loss) })),
  };
}

/** A node that runs other nodes, with these rewritten; any other node as it is. */
export function mapBody(node: Node, rewrite: (body: readonly Node[]) => Node[]): Node {
  return node.op === "repeat" || node.op === "scan" || node.op === "once"
    ? { ...node, body: rewrite(node.body) }
    : node;
}

/** Replaces each node of a body by the nodes that `rewrite` gives for it, in loops too. */
export function flatMapNodes(body: readonly Node[], rewrite: (node: Node) => readonly Node[]): Node[] {
  return body.flatMap((node) => rewrite(mapBody(node, (inside) => flatMapNodes(inside, rewrite))));
}
