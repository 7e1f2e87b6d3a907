import { element } from "../dom.js";
import type { Numbers } from "../workers/compiler-service.js";
import { computedPane, type Compiler, type Pane } from "./pane.js";

/** Parameters, FLOPs and bytes: numbers under this config, and formulas over any. */
export function numbersPane(compiler: Compiler): Pane {
  const length = element("input", { type: "number", min: "1", max: "1048576", value: "1024" });
  const tools = element(
    "div",
    { class: "tools" },
    element("label", { class: "field" }, element("span", {}, "Sequence length"), length),
  );
  const pane = computedPane("numbers", "Numbers", {
    tools,
    compute: (asked) => compiler("numbers", { ...asked, length: lengthOf(length) }),
    draw: (numbers, into) => into.replaceChildren(...tablesOf(numbers)),
  });
  length.addEventListener("change", () => pane.again());
  return pane;
}

const lengthOf = ({ value }: HTMLInputElement): number =>
  Math.min(1_048_576, Math.max(1, Math.trunc(Number(value)) || 1));

function tablesOf({ model, config, groups, totals }: Numbers): HTMLElement[] {
  const largest = Math.max(1, ...groups.map(({ value }) => Number(value)));
  const isRepeated = groups.some(({ depth }) => depth > 0);
  return [
    table(
      `All of ${config === model ? model : `${config} = ${model}`}`,
      totals.map(({ label, formula, value, unit }) =>
        row({ label, depth: 0, formula, text: unit === "bytes" ? bytesOf(value) : counted(value), title: value }),
      ),
    ),
    table(
      "Parameters, label by label",
      groups.map(({ label, depth, formula, value }) =>
        row({ label, depth, formula, text: counted(value), title: value, share: Number(value) / largest }),
      ),
    ),
    ...(isRepeated
      ? [
          element(
            "p",
            { class: "note" },
            "Indented rows count one of the repeated. FLOPs are those of matrix products and attention.",
          ),
        ]
      : []),
  ];
}

interface Row {
  readonly label: string;
  readonly depth: number;
  readonly formula: string;
  readonly text: string;
  readonly title: bigint;
  readonly share?: number;
}

function row({ label, depth, formula, text, title, share }: Row): HTMLElement {
  const bar =
    share === undefined
      ? undefined
      : element("span", { class: "bar-of", style: `width: ${(100 * share).toFixed(1)}%` });
  return element(
    "tr",
    {},
    element("th", { scope: "row", style: `padding-left: ${8 + 16 * depth}px` }, label),
    element("td", { class: "number", title: title.toLocaleString("en-US") }, text, bar),
    element("td", { class: "formula" }, formula),
  );
}

function table(caption: string, rows: readonly HTMLElement[]): HTMLElement {
  const heads = ["What", "Number", "Formula"].map((text) => element("th", { scope: "col" }, text));
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    ),
  );
}

const counted = (value: bigint): string => value.toLocaleString("en-US");

function bytesOf(value: bigint): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let amount = Number(value);
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount >= 100 || unit === 0 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}
