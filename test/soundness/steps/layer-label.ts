/** What a layer is called, and what its result's last axis is. */
import { cover, fresh, type Axis, type Draft } from "../draft.js";
import { print, type Size } from "../size.js";

/** A label for one layer: with the counter in a `repeat`, with a literal address now and then. */
export function layerLabel(draft: Draft, wish: string): string {
  const { random, loop } = draft;
  const name = fresh(draft, wish);
  if (loop !== undefined) {
    if (random.chance(0.1)) {
      cover(draft, "computed address");
      return `${name}[${loop} // 2]`;
    }
    const shared = random.chance(0.15);
    cover(draft, shared ? "literal address in repeat" : "label with counter");
    return `${name}[${shared ? "0" : loop}]`;
  }
  if (!random.chance(0.15)) return name;
  cover(draft, "literal address");
  return `${name}[${0}]`;
}

/** An entry given by a bare name labels the axis of its size; any other expression leaves it unnamed. */
export const settingAxis = (size: Size): Axis => ({ label: size.kind === "quantity" ? print(size) : "", size });

/** Axes with another last one; of two with one name the later loses it. */
export function withLast(front: readonly Axis[], last: Axis): Axis[] {
  return [...front, front.some(({ label }) => label === last.label) ? { ...last, label: "" } : last];
}
