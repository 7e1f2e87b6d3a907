import { element } from "../dom.js";
import type { AttentionMap } from "../workers/attention-maps.js";
import type { Tokens } from "./tokens.js";

export interface AttentionView {
  readonly root: HTMLElement;
  /** `labels`: what stands at the positions, where an axis has as many. */
  readonly tell: (maps: readonly AttentionMap[], labels: readonly string[]) => void;
  readonly clear: () => void;
  /** Shows what a position attends to in the chosen head. */
  readonly point: (query: number) => void;
}

/** One head, or the mean of a layer's where there is none. */
interface Chosen {
  readonly map: AttentionMap;
  readonly head: number | undefined;
}

/** The heads of each layer, one of them large, and what a position looks at in words and under the text. */
export function createAttention(tokens: Tokens): AttentionView {
  const said = element("p", { class: "said", role: "status" });
  const large = element("canvas", { class: "large", role: "img" });
  const layers = element("div", { class: "layers" });
  const root = element(
    "section",
    { class: "attention", "aria-label": "Attention", hidden: true },
    element("h2", {}, "Attention"),
    said,
    element("div", { class: "maps" }, layers, large),
  );
  let chosen: Chosen | undefined;
  let labels: readonly string[] = [];
  let query = 0;

  const choose = (next: Chosen): void => {
    chosen = next;
    for (const button of layers.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(button.dataset["key"] === keyOf(next)));
    point(query);
  };
  const labelOf = (count: number, n: number): string => (labels.length === count ? (labels[n] ?? "") : String(n));
  const point = (at: number): void => {
    if (!chosen) return;
    const { map } = chosen;
    query = Math.min(at, map.queries - 1);
    const shares = rowOf(chosen, query);
    const order = [...shares.keys()].sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0)).slice(0, 3);
    const seen = order.map((n) => `${quoted(labelOf(map.keys, n))} ${Math.round(100 * (shares[n] ?? 0))} %`);
    said.textContent = `${nameOf(chosen)}: ${quoted(labelOf(map.queries, query))} looks at ${seen.join(", ")}.`;
    large.setAttribute("aria-label", `${nameOf(chosen)}: queries are rows, keys are columns`);
    drawMap(large, chosen, query);
    tokens.shade(map.keys === tokens.all().length ? shares : undefined);
  };
  large.addEventListener("mousemove", ({ offsetY }) => {
    if (chosen) point(Math.max(0, Math.floor((offsetY / large.clientHeight) * chosen.map.queries)));
  });
  const layerOf = (map: AttentionMap): HTMLElement => {
    const heads: Chosen[] = [
      ...(map.heads > 1 ? [{ map, head: undefined }] : []),
      ...Array.from({ length: map.heads }, (_, head) => ({ map, head })),
    ];
    const buttons = heads.map((head) => {
      const canvas = element("canvas", {});
      drawMap(canvas, head, undefined);
      const name = head.head === undefined ? "mean" : String(head.head);
      const button = element(
        "button",
        { type: "button", class: "head", "data-key": keyOf(head), "aria-label": nameOf(head) },
        canvas,
        element("span", {}, name),
      );
      button.addEventListener("click", () => choose(head));
      return button;
    });
    return element(
      "div",
      { class: "layer", role: "group", "aria-label": map.address },
      element("h3", {}, map.address),
      element("div", { class: "heads" }, ...buttons),
    );
  };
  return {
    root,
    tell: (maps, texts) => {
      labels = texts;
      layers.replaceChildren(...maps.map(layerOf));
      root.hidden = maps.length === 0;
      const first = sharpest(maps);
      query = Math.max(0, (first?.map.queries ?? 1) - 1);
      if (first) choose(first);
    },
    clear: () => {
      chosen = undefined;
      root.hidden = true;
      tokens.shade();
    },
    point,
  };
}

/** The head that most clearly looks at something other than the beginning and the position itself. */
function sharpest(maps: readonly AttentionMap[]): Chosen | undefined {
  let best: { readonly chosen: Chosen; readonly score: number } | undefined;
  for (const map of maps) {
    for (let head = 0; head < map.heads; head++) {
      const chosen = { map, head };
      let score = 0;
      for (let query = 0; query < map.queries; query++)
        score += Math.max(0, ...rowOf(chosen, query).filter((_, key) => key > 0 && key !== query)) / map.queries;
      if (!best || score > best.score) best = { chosen, score };
    }
  }
  return best?.chosen;
}

const quoted = (text: string): string => `\u201c${text.trim() || "␣"}\u201d`;
const keyOf = ({ map, head }: Chosen): string => `${map.address} ${head ?? "mean"}`;
const nameOf = ({ map, head }: Chosen): string =>
  head === undefined ? `${map.address}, mean of its heads` : `${map.address}, head ${head}`;

function rowOf({ map, head }: Chosen, query: number): Float32Array {
  const { heads, queries, keys, shares } = map;
  const row = (n: number): Float32Array =>
    shares.subarray((n * queries + query) * keys, (n * queries + query + 1) * keys);
  if (head !== undefined) return row(head);
  return Float32Array.from({ length: keys }, (_, k) => {
    let sum = 0;
    for (let n = 0; n < heads; n++) sum += row(n)[k] ?? 0;
    return sum / heads;
  });
}

/** A square of the accent colour for each query and key, as strong as the share; the row that is pointed at has a frame. */
function drawMap(canvas: HTMLCanvasElement, chosen: Chosen, pointed: number | undefined): void {
  const { queries, keys } = chosen.map;
  const size = pointed === undefined ? 1 : Math.max(2, Math.min(14, Math.floor(420 / Math.max(keys, queries))));
  canvas.width = keys * size;
  canvas.height = queries * size;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  const style = getComputedStyle(document.documentElement);
  context.fillStyle = style.getPropertyValue("--share");
  for (let query = 0; query < queries; query++) {
    for (const [key, share] of rowOf(chosen, query).entries()) {
      context.globalAlpha = Math.sqrt(Math.min(1, Math.max(0, share)));
      context.fillRect(key * size, query * size, size, size);
    }
  }
  context.globalAlpha = 1;
  if (pointed === undefined) return;
  context.strokeStyle = style.getPropertyValue("--ink");
  context.strokeRect(0.5, pointed * size + 0.5, keys * size - 1, size - 1);
}
