/** What a tapped run stores, by address. */
import * as tf from "@tensorflow/tfjs-core";
import { attentionTap, closest, outputTap } from "../../compiler/index.js";
import type { State } from "../../runtime/index.js";
import { Failure } from "../failure.js";

/** What all attention of a task attends to. */
export const everyAttention = "**.attention";

export interface Taps {
  /** The tensors that were asked for, in the order in which they were made; the caller disposes them. */
  readonly found: ReadonlyMap<string, tf.Tensor>;
  /** A state that sees what passes on its way to another. */
  readonly watch: (state: State | undefined) => State;
  /** Refuses patterns that nothing was found for. */
  readonly requireAll: () => void;
}

/** `patterns`: addresses, with `*` for any label or index and `**` for any number of them. */
export function createTaps(patterns: readonly string[]): Taps {
  const found = new Map<string, tf.Tensor>();
  const seen = new Set<string>();
  const set = (path: readonly (string | number)[], value: tf.Tensor): boolean => {
    const address = addressOf(path);
    if (address === undefined) return false;
    seen.add(address);
    if (!patterns.some((pattern) => matches(pattern, address))) return true;
    found.get(address)?.dispose();
    found.delete(address);
    found.set(address, tf.keep(tf.clone(value)));
    return true;
  };
  return {
    found,
    watch: (state) => ({
      get: (path) => state?.get(path),
      set: (path, value) => void (set(path, value) || state?.set(path, value)),
      advance: () => state?.advance(),
      dispose: () => state?.dispose(),
    }),
    requireAll() {
      const missed = patterns.find((pattern) => ![...found.keys()].some((address) => matches(pattern, address)));
      if (missed === undefined) return;
      const near = closest(missed, seen);
      const some = [...seen].slice(0, 3).join(", ");
      const help = near === undefined ? `there are ${seen.size} addresses, such as ${some}` : `did you mean ${near}?`;
      throw new Failure(`nothing of this task has the address ${missed}`, help);
    },
  };
}

/** `h.0.attn` for what the layer gives, `h.0.attn.attention` for what its attention attends to. */
function addressOf(path: readonly (string | number)[]): string | undefined {
  const labels = path.slice(0, -1);
  if (path.at(-1) === outputTap) return labels.join(".");
  return path.at(-1) === attentionTap ? [...labels, "attention"].join(".") : undefined;
}

export function matches(pattern: string, address: string): boolean {
  const parts = pattern.split(".").map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^.]+" : part.replace(/[^\w]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("\\.").replaceAll(".*\\.", "(?:.*\\.)?")}$`).test(address);
}
