import { element } from "../dom.js";
import { computedPane, type Compiler, type Pane } from "./pane.js";

/** The architecture, with shapes on its edges. */
export function picturePane(compiler: Compiler): Pane {
  const scale = element(
    "select",
    {},
    ...[
      ["fit", "Fit width"],
      ["1", "Full size"],
    ].map(([value, text]) => element("option", { value: value ?? "" }, text)),
  );
  const tools = element(
    "div",
    { class: "tools" },
    element("label", { class: "field" }, element("span", {}, "Size"), scale),
  );
  const pane = computedPane("picture", "Picture", {
    tools,
    compute: (asked) => compiler("picture", asked),
    draw: (svg, into) => {
      const { documentElement } = new DOMParser().parseFromString(svg, "image/svg+xml");
      into.replaceChildren(
        element(
          "div",
          { class: "drawing", tabindex: "0", role: "region", "aria-label": "Picture of the architecture" },
          document.importNode(documentElement, true),
        ),
      );
    },
  });
  scale.addEventListener("change", () => pane.panel.classList.toggle("full-size", scale.value === "1"));
  return pane;
}
