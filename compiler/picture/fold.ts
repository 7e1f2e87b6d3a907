/** Layers that stand one behind the other and are alike, be it several kinds in turn, are drawn once with how often they stand. */
import { allBoxes, type Arrow, type Box, type Picture } from "./box.js";

/** `group`: makes the box around what is drawn once. */
export function folded(picture: Picture, group: (times: number, children: readonly Box[]) => Box): Picture {
  const stands = new Map<string, string>();
  const boxes = fold(picture.boxes, stands, group);
  const order = new Map(allBoxes(boxes).map(({ id }, n) => [id, n]));
  const place = (id: string): string => {
    const other = stands.get(id);
    return other === undefined ? id : place(other);
  };
  const arrows = new Map<string, Arrow>();
  for (const arrow of picture.arrows) {
    const [from, to] = [place(arrow.from), place(arrow.to)];
    // What one turn hands to the next would go up again.
    const goesOn = (order.get(from) ?? 0) < (order.get(to) ?? 0);
    const isMoved = from !== arrow.from || to !== arrow.to;
    if (goesOn || !isMoved) arrows.set(`${from} ${to} ${arrow.text}`, { ...arrow, from, to });
  }
  return { ...picture, boxes, arrows: [...arrows.values()] };
}

function fold(
  boxes: readonly Box[],
  stands: Map<string, string>,
  group: (times: number, children: readonly Box[]) => Box,
): Box[] {
  const inner = boxes.map((box) => ({ ...box, children: fold(box.children, stands, group) }));
  const keys = inner.map(keyOf);
  const found: Box[] = [];
  for (let at = 0; at < inner.length;) {
    const { period, times } = recurrence(keys, inner, at);
    const first = inner.slice(at, at + period);
    if (times > 1) {
      for (let turn = 1; turn < times; turn++) {
        const other = allBoxes(inner.slice(at + turn * period, at + (turn + 1) * period));
        allBoxes(first).forEach(({ id }, n) => {
          const own = other[n];
          if (own) stands.set(own.id, id);
        });
      }
      found.push(group(times, first));
    } else found.push(...first);
    at += period * times;
  }
  return found;
}

/** The pattern with a layer in it that begins at a place and recurs over the most boxes; the shortest of such. */
function recurrence(keys: readonly string[], boxes: readonly Box[], at: number): { period: number; times: number } {
  let best = { period: 1, times: 1 };
  const longest = Math.min(24, Math.floor((keys.length - at) / 2));
  for (let period = 1; period <= longest; period++) {
    let times = 1;
    const recurs = (n: number): boolean => keys[at + n] === keys[at + times * period + n];
    while (at + (times + 1) * period <= keys.length && range(period).every(recurs)) times++;
    const hasLayer = boxes.slice(at, at + period).some(({ kind }) => kind === "group" || kind === "layer");
    if (times > 1 && hasLayer && period * times > best.period * best.times) best = { period, times };
  }
  return best;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Equal for boxes that differ in their number alone. */
function keyOf({ kind, title, detail, parameters, children }: Box): string {
  const name = title.replace(/\[\d+\]/g, "[]");
  return `${kind} ${name} ${detail} ${parameters} (${children.map(keyOf).join(" ")})`;
}
