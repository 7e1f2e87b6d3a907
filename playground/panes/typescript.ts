import { copyOnClick } from "../copy-button.js";
import { element } from "../dom.js";
import { colored } from "./colored.js";
import { computedPane, type Compiler, type Pane } from "./pane.js";

/** The TypeScript module that the model compiles to. */
export function typescriptPane(compiler: Compiler): Pane {
  const copy = element("button", { type: "button", class: "quiet" }, "Copy");
  const told = element("span", { class: "told" });
  let code = "";
  copyOnClick(copy, () => code);
  return computedPane("typescript", "TypeScript", {
    tools: element("div", { class: "tools" }, told, element("span", { class: "space" }), copy),
    compute: (asked) => compiler("typescript", asked),
    draw: (text, into) => {
      code = text;
      told.textContent = `${text.split("\n").length - 1} lines, as \u201ctfmc compile\u201d writes them`;
      into.replaceChildren(
        element(
          "pre",
          { class: "code", tabindex: "0", role: "region", "aria-label": "TypeScript" },
          element("code", {}, ...colored(text)),
        ),
      );
    },
  });
}
