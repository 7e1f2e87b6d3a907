import { asConstant, constant, evaluate, type Atom, type Dim } from "../../compiler/shapes/index.js";
import { findWeight } from "../../compiler/ir/find-weight.js";
import type { Module } from "../../compiler/ir/graph.js";
import type { NDArray } from "../../compiler/ir/interpret.js";
import { sizeOfShape } from "../../compiler/ir/interpret/array.js";

/** Numbers in -1..1 that depend on `seed` alone (a multiplicative congruential generator, Park and Miller 1988). */
export function randomArray(shape: readonly number[], seed: string): NDArray {
  let state = [...seed].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 2147483646, 1) + 1;
  const next = (): number => {
    state = (state * 16807) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  };
  for (let n = 0; n < 10; n++) next();
  return { shape, data: Float64Array.from({ length: sizeOfShape(shape) }, next) };
}

/** Weights of any module under any config: random, the same for the same address. */
export function randomWeights({ weights, config }: Module): (address: string) => NDArray {
  const numbers = new Map<Atom, number>();
  for (const { atom, value } of config) if (atom && typeof value === "number") numbers.set(atom, value);
  const size = (dim: Dim): number => evaluate(dim, (atom) => numbers.get(atom)) ?? NaN;
  return (address) => {
    const path = address.split(".").map((part) => (/^\d+$/.test(part) ? constant(Number(part)) : part));
    const weight = findWeight(weights, path, asConstant);
    if (weight?.kind !== "weight") throw new Error(`no weight has the address ${address}`);
    return randomArray(
      weight.type.axes.map(({ dim }) => size(dim)),
      address,
    );
  };
}
