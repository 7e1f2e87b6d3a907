import { element } from "./dom.js";
import type { ToldProblem } from "./workers/compiler-service.js";

export interface ProblemsView {
  readonly tell: (problems: readonly ToldProblem[]) => void;
}

export interface ProblemsActions {
  readonly onGo: (offset: number) => void;
  readonly onMend: (problem: ToldProblem) => void;
  readonly onExplain: (code: string) => void;
}

/** What is wrong, as a terminal shows it. */
export function createProblems(verdict: HTMLElement, list: HTMLElement, actions: ProblemsActions): ProblemsView {
  return {
    tell: (problems) => {
      verdict.textContent = verdictOf(problems);
      verdict.dataset["severity"] = problems[0] ? worst(problems) : "none";
      list.replaceChildren(...problems.map((problem) => itemOf(problem, actions)));
    },
  };
}

function worst(problems: readonly ToldProblem[]): string {
  const severities = new Set(problems.map(({ severity }) => severity));
  return severities.has("error") ? "error" : severities.has("warning") ? "warning" : "hint";
}

function verdictOf(problems: readonly ToldProblem[]): string {
  if (problems.length === 0) return "No problems: every shape fits, for every size";
  const count = (severity: string): string[] => {
    const number = problems.filter((problem) => problem.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? "" : "s"}`];
  };
  return ["error", "warning", "hint"].flatMap(count).join(", ");
}

function itemOf(problem: ToldProblem, { onGo, onMend, onExplain }: ProblemsActions): HTMLElement {
  const { code, start, spans, mendName } = problem;
  const text = element(
    "pre",
    { tabindex: "0" },
    ...spans.map(({ text, colors }) =>
      element("span", { class: colors.map((color) => `told-${color}`).join(" ") }, text),
    ),
  );
  const button = (name: string, act: () => void, kind = "quiet"): HTMLElement => {
    const made = element("button", { type: "button", class: kind }, name);
    made.addEventListener("click", act);
    return made;
  };
  return element(
    "li",
    {},
    text,
    element(
      "div",
      { class: "actions" },
      mendName === undefined ? undefined : button(`Fix: ${mendName}`, () => onMend(problem), "primary"),
      start === undefined ? undefined : button("Go to it", () => onGo(start)),
      button(`Explain ${code}`, () => onExplain(code)),
    ),
  );
}
