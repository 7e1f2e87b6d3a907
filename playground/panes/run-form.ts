import { element } from "../dom.js";
import type { Ports, TaskPort } from "../workers/ports.js";
import { madeUpFor, readInput, readTokenIds, type Inputs } from "./inputs.js";

/** What the reader asks for. */
export type Wanted =
  | {
      readonly kind: "generate";
      readonly task: string;
      readonly prompt: string | readonly number[];
      /** What else the model is given; the prompt's own input has this name. */
      readonly inputs: Inputs | undefined;
      readonly promptInput: string;
      readonly temperature: number | undefined;
      readonly maxTokens: number;
    }
  | { readonly kind: "task"; readonly task: string; readonly inputs: Inputs };

export interface RunForm {
  readonly root: HTMLElement;
  /** @throws Error that says what the reader is to change. */
  readonly read: () => Wanted;
}

/** What a run needs to be told, which depends on what the model takes. `hasText`: there is a tokenizer. */
export function formFor({ tasks, generation }: Ports, hasText: boolean, kept: ReadonlyMap<string, string>): RunForm {
  const generating = tasks.find(({ name }) => name === generation?.task);
  return generation && generating
    ? generateForm(generating, generation.prompt, hasText, generation.maxTokens, kept)
    : taskForm(tasks, kept);
}

function generateForm(
  task: TaskPort,
  promptInput: string,
  hasText: boolean,
  most: number | undefined,
  kept: ReadonlyMap<string, string>,
): RunForm {
  const others = madeUpFor(task, promptInput);
  const text = others.length > 0 ? undefined : promptField(hasText, kept);
  const fields = others.map((input) => inputField(input, kept));
  const temperature = element("input", {
    type: "number",
    name: "temperature",
    min: "0",
    max: "5",
    step: "0.1",
    placeholder: "from file",
    value: kept.get("temperature") ?? "",
  });
  const maxTokens = element("input", {
    type: "number",
    name: "maxTokens",
    min: "1",
    max: "1000",
    value: kept.get("maxTokens") ?? String(most ?? 20),
  });
  const root = element(
    "div",
    { class: "fields" },
    text?.label,
    ...fields.map(({ root }) => root),
    element("div", { class: "row" }, labelled("Temperature", temperature), labelled("Tokens at most", maxTokens)),
  );
  return {
    root,
    read: () => ({
      kind: "generate",
      task: task.name,
      promptInput,
      prompt: text ? (hasText ? text.area.value : readTokenIds(text.area.value)) : [],
      inputs: others.length > 0 ? Object.fromEntries(fields.map(({ read }) => read())) : undefined,
      temperature: temperature.value === "" ? undefined : Number(temperature.value),
      maxTokens: Math.max(1, Math.trunc(Number(maxTokens.value)) || 20),
    }),
  };
}

function promptField(
  hasText: boolean,
  kept: ReadonlyMap<string, string>,
): { label: HTMLElement; area: HTMLTextAreaElement } {
  const name = hasText ? "prompt" : "ids";
  const area = element("textarea", { rows: "2", name, spellcheck: "false" });
  area.value = kept.get(name) ?? (hasText ? "Mia had a red" : "5, 17, 3, 8");
  return { area, label: labelled(hasText ? "Prompt" : "Prompt, as token ids", area) };
}

function taskForm(tasks: readonly TaskPort[], kept: ReadonlyMap<string, string>): RunForm {
  const choice = element(
    "select",
    { name: "task" },
    ...tasks.map(({ name }) => element("option", { value: name }, name)),
  );
  if (tasks.some(({ name }) => name === kept.get("task"))) choice.value = kept.get("task") ?? "";
  const place = element("div", { class: "fields" });
  let fields: Field[] = [];
  const fill = (): void => {
    const task = tasks.find(({ name }) => name === choice.value);
    fields = task ? madeUpFor(task).map((input) => inputField(input, kept)) : [];
    place.replaceChildren(...fields.map(({ root }) => root));
  };
  choice.addEventListener("change", fill);
  fill();
  return {
    root: element("div", { class: "fields" }, tasks.length > 0 ? labelled("Task", choice) : undefined, place),
    read: () => {
      if (tasks.length === 0)
        throw new Error("the model has no task: declare one, such as `task lm() on Model as x { ... }`");
      return { kind: "task", task: choice.value, inputs: Object.fromEntries(fields.map(({ read }) => read())) };
    },
  };
}

interface Field {
  readonly root: HTMLElement;
  readonly read: () => [string, Inputs[string]];
}

function inputField(
  { name, type, value, isShown }: ReturnType<typeof madeUpFor>[number],
  kept: ReadonlyMap<string, string>,
): Field {
  if (!isShown) {
    const root = element("p", { class: "note" }, `${name}: ${type}, numbers made up here`);
    return { root, read: () => [name, value] };
  }
  const area = element("textarea", { rows: "2", name: `input-${name}`, spellcheck: "false" });
  area.value = kept.get(`input-${name}`) ?? JSON.stringify(value).replaceAll(",", ", ");
  return { root: labelled(`${name}: ${type}`, area), read: () => [name, readInput(name, area.value)] };
}

const labelled = (name: string, field: HTMLElement): HTMLElement =>
  element("label", { class: "field" }, element("span", {}, name), field);
