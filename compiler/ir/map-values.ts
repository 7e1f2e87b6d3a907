/** A node with every value replaced: what it reads by `read`, what it makes by `make`. Graphs inside it too. */
import type { Node, Region, Value } from "./graph.js";

export interface Replace {
  /** For a value that is read. */
  readonly read: (value: Value) => Value;
  /** For a value that is made: outs and region parameters. */
  readonly make: (value: Value) => Value;
}

export function mapValues(node: Node, { read, make }: Replace): Node {
  switch (node.op) {
    case "weight":
    case "constant":
    case "size":
    case "positions":
    case "state":
      return { ...node, out: make(node.out) };
    case "store":
      return { ...node, operand: read(node.operand) };
    case "map":
    case "concat":
    case "stack":
      return { ...node, operands: node.operands.map(read), out: make(node.out) };
    case "call":
      return { ...node, operands: node.operands.map(read), outs: node.outs.map(make) };
    case "expand":
    case "reduce":
    case "softmax":
    case "view":
    case "rename":
    case "slice":
    case "take":
    case "activation":
    case "along":
    case "roll":
      return { ...node, operand: read(node.operand), out: make(node.out) };
    case "conv":
      return { ...node, operand: read(node.operand), weight: read(node.weight), out: make(node.out) };
    case "contract":
      return { ...node, left: read(node.left), right: read(node.right), out: make(node.out) };
    case "gather":
      return { ...node, table: read(node.table), indices: node.indices.map(read), out: make(node.out) };
    case "attend": {
      const region = (inside: Region | undefined): Region | undefined => inside && mapRegion(inside, { read, make });
      return {
        ...node,
        query: read(node.query),
        key: read(node.key),
        value: read(node.value),
        mask: region(node.mask),
        score: region(node.score),
        out: make(node.out),
      };
    }
    case "repeat": {
      const initials = node.carried.map((c) => read(c.initial));
      const parameters = node.carried.map((c) => make(c.parameter));
      const body = node.body.map((child) => mapValues(child, { read, make }));
      return {
        ...node,
        body,
        carried: node.carried.map((c, n) => ({
          initial: initials[n] as Value,
          parameter: parameters[n] as Value,
          next: read(c.next),
        })),
        outs: node.outs.map(make),
      };
    }
    case "scan": {
      const scanned = node.scanned.map((each) => ({ ...each, operand: read(each.operand) }));
      const initials = node.carried.map(({ initial }) => read(initial));
      const entries = scanned.map((each) => ({ ...each, parameter: make(each.parameter) }));
      const parameters = node.carried.map(({ parameter }) => make(parameter));
      const body = node.body.map((child) => mapValues(child, { read, make }));
      return {
        ...node,
        scanned: entries,
        carried: node.carried.map(({ next }, n) => ({
          initial: initials[n] as Value,
          parameter: parameters[n] as Value,
          next: read(next),
        })),
        body,
        step: read(node.step),
        out: make(node.out),
      };
    }
    case "once": {
      const body = node.body.map((child) => mapValues(child, { read, make }));
      return { ...node, body, outs: node.outs.map(read) };
    }
    case "table": {
      const indices = node.indices.map(make);
      const body = node.body.map((child) => mapValues(child, { read, make }));
      return { ...node, indices, body, result: read(node.result), out: make(node.out) };
    }
    case "layer-norm":
      return {
        ...node,
        operand: read(node.operand),
        gain: read(node.gain),
        bias: node.bias && read(node.bias),
        out: make(node.out),
      };
    case "linear":
      return {
        ...node,
        operand: read(node.operand),
        weight: read(node.weight),
        bias: node.bias && read(node.bias),
        out: make(node.out),
      };
  }
}

function mapRegion(region: Region, { read, make }: Replace): Region {
  const parameters = region.parameters.map(make);
  const body = region.body.map((child) => mapValues(child, { read, make }));
  return { parameters, body, result: read(region.result) };
}
