import { element } from "../dom.js";
import type { DrawnMask } from "../workers/draw-masks.js";
import { computedPane, type Compiler, type Pane } from "./pane.js";

/** Which keys each query sees, and what is said of positions. `onGo`: to the place in the text. */
export function masksPane(compiler: Compiler, onGo: (offset: number) => void): Pane {
  return computedPane("masks", "Masks", {
    compute: (asked) => compiler("masks", asked),
    draw: (masks, into) =>
      into.replaceChildren(
        ...(masks.length > 0
          ? masks.map((mask) => figureOf(mask, onGo))
          : [
              element(
                "p",
                { class: "note" },
                "No attention of this file has a mask or a score of its own, and none is told of positions.",
              ),
            ]),
      ),
  });
}

function figureOf({ source, where, start, svg, caption }: DrawnMask, onGo: (offset: number) => void): HTMLElement {
  const { documentElement } = new DOMParser().parseFromString(svg, "image/svg+xml");
  const drawing = document.importNode(documentElement, true);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${source}: ${caption}`);
  const go = element("button", { type: "button", class: "link" }, where);
  go.addEventListener("click", () => onGo(start));
  return element(
    "figure",
    { class: "mask" },
    drawing,
    element(
      "figcaption",
      {},
      go,
      element("code", {}, source),
      element("span", { class: "note" }, caption.replaceAll("`", "")),
    ),
  );
}
