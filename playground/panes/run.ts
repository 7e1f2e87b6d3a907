/** Runs the model in the page: token by token where it generates, else a task on inputs; and shows what its attention attended to. */
import { element } from "../dom.js";
import { checkpoints } from "../examples/index.js";
import { connect, type Remote } from "../workers/calls.js";
import type { Asked } from "../workers/compiler-service.js";
import type { Ports } from "../workers/ports.js";
import type { Open, Opened, RunnerService, TaskResult } from "../workers/runner-service.js";
import { createAttention } from "./attention.js";
import type { Compiler, Pane } from "./pane.js";
import { formFor, type RunForm, type Wanted } from "./run-form.js";
import { createTokens } from "./tokens.js";

/** More parameters than this are not made at random in a page. */
const mostParameters = 40_000_000;

export interface RunPane extends Pane {
  readonly run: () => void;
}

interface Runner {
  readonly key: string;
  readonly worker: Worker;
  readonly call: Remote<RunnerService>;
  readonly opened: Promise<Opened>;
  /** Ends the path of what attention attends to. */
  readonly attentionTap: string;
}

/** `startRunner` makes a worker that computes. */
export function runPane(compiler: Compiler, startRunner: () => Worker): RunPane {
  const start = element("button", { type: "submit", class: "primary", disabled: true }, "Run");
  const stop = element("button", { type: "button", class: "quiet", hidden: true }, "Stop");
  const backends = ["", "webgpu", "wasm", "cpu"].map((name) =>
    element("option", { value: name }, name || "the best here"),
  );
  const backend = element("select", { name: "backend" }, ...backends);
  const place = element("div", {});
  const form = element(
    "form",
    { class: "run-form" },
    place,
    element(
      "div",
      { class: "row" },
      element("label", { class: "field" }, element("span", {}, "Computes on"), backend),
      element("span", { class: "space" }),
      stop,
      start,
    ),
  );
  const weights = element("p", { class: "note weights" });
  const status = element("p", { class: "note status", role: "status" });
  const result = element("div", { class: "results" });
  const tokens = createTokens((at) => attention.point(at));
  const attention = createAttention(tokens);
  const panel = element("div", { class: "pane run" }, weights, form, status, result, tokens.root, attention.root);

  const kept = new Map<string, string>();
  let asked: Asked | undefined;
  let ports: Ports | undefined;
  let fields: RunForm | undefined;
  let runner: Runner | undefined;
  let turn = 0;
  let isStopped = false;

  const prepare = async (next: Asked): Promise<void> => {
    const mine = ++turn;
    try {
      const made = await compiler("ports", next);
      if (mine !== turn) return;
      ports = made;
      asked = next;
      const checkpoint = checkpoints.get(made.config);
      for (const field of form.elements) if (isField(field) && field.name !== "") kept.set(field.name, field.value);
      fields = formFor(made, checkpoint !== undefined, kept);
      place.replaceChildren(fields.root);
      start.disabled = false;
      weights.classList.toggle("warning", checkpoint === undefined);
      weights.textContent = weightsText(made, checkpoint !== undefined);
    } catch (error) {
      if (mine !== turn) return;
      start.disabled = true;
      weights.classList.add("warning");
      weights.textContent = `Not to be run yet: ${messageOf(error)}.`;
    }
  };

  const runnerFor = async (given: Asked, config: string): Promise<Runner> => {
    const program = await compiler("program", given);
    if (isStopped) throw new Error("stopped");
    const open: Open = {
      code: program.code,
      tapped: program.tapped,
      checkpoint: checkpoints.get(config),
      backend: backend.value || undefined,
      files: new URL(".", document.baseURI).href,
    };
    const key = JSON.stringify(open);
    if (runner?.key === key) return runner;
    end();
    const worker = startRunner();
    const call = connect<RunnerService>(worker);
    runner = { key, worker, call, opened: call("open", open), attentionTap: program.attention };
    return runner;
  };
  const end = (): void => {
    runner?.worker.terminate();
    runner = undefined;
  };

  const run = async (): Promise<void> => {
    if (!asked || !ports || !fields || start.disabled) return;
    const { config, parameters } = ports;
    isStopped = false;
    busy(true);
    result.replaceChildren();
    tokens.clear();
    attention.clear();
    try {
      if (parameters > mostParameters && !checkpoints.has(config))
        throw new Error(
          `${config} has ${parameters.toLocaleString("en-US")} parameters, too many for a page: choose a smaller config`,
        );
      const wanted = fields.read();
      status.textContent = "Compiling …";
      const { call, opened, attentionTap } = await runnerFor(asked, config);
      status.textContent = "Reading weights …";
      const { backend: name, device } = await opened;
      status.textContent = `Running on ${name} …`;
      const speed = wanted.kind === "generate" ? await generate(call, wanted) : undefined;
      await look(call, wanted, attentionTap);
      status.textContent = `${[`Ran on ${name}${device ? ` (${device})` : ""}`, ...(speed ? [`${speed.toFixed(speed < 10 ? 1 : 0)} tokens a second`] : [])].join(", ")}.`;
    } catch (error) {
      end();
      status.textContent = isStopped ? "Stopped." : `It did not run: ${messageOf(error)}.`;
    } finally {
      busy(false);
    }
  };

  const generate = async (
    call: Remote<RunnerService>,
    wanted: Extract<Wanted, { kind: "generate" }>,
  ): Promise<number | undefined> => {
    const { prompt, inputs, temperature, maxTokens } = wanted;
    const seed = Math.floor(Math.random() * 2 ** 31);
    const done = await call("generate", { prompt, inputs, temperature, maxTokens, seed }, tokens.add);
    return done.tokensPerSecond;
  };

  /** Runs the task itself: for its outputs, or after a text was made, for what each of its tokens attended to. */
  const look = async (call: Remote<RunnerService>, wanted: Wanted, ending: string): Promise<void> => {
    const made = tokens.all();
    const text =
      wanted.kind === "generate"
        ? { ...wanted.inputs, [wanted.promptInput]: [made.map(({ id }) => id)] }
        : wanted.inputs;
    const { outputs, maps } = await call("run", { task: wanted.task, inputs: text, attention: ending });
    if (wanted.kind === "task") result.replaceChildren(outputsOf(outputs, ports, wanted.task));
    attention.tell(
      maps,
      made.map(({ text }) => text),
    );
  };

  const busy = (isBusy: boolean): void => {
    start.disabled = isBusy;
    stop.hidden = !isBusy;
    panel.classList.toggle("busy", isBusy);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void run();
  });
  stop.addEventListener("click", () => {
    isStopped = true;
    status.textContent = "Stopping …";
    runner?.call.cancel("stopped");
    end();
  });
  return {
    id: "run",
    title: "Run",
    panel,
    show: (next) => {
      if (JSON.stringify(next) !== JSON.stringify(asked)) void prepare(next);
    },
    clear: () => {
      asked = undefined;
      // Inputs of one model are none of another's; a prompt may be.
      for (const name of kept.keys()) if (name.startsWith("input-")) kept.delete(name);
      place.replaceChildren();
      status.textContent = "";
      result.replaceChildren();
      tokens.clear();
      attention.clear();
    },
    run: () => void run(),
  };
}

const isField = (field: Element): field is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement =>
  field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement;

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");

function weightsText({ config, parameters }: Ports, isTrained: boolean): string {
  const count = parameters.toLocaleString("en-US");
  return isTrained
    ? `The ${count} trained weights of ${config} come with this page.`
    : `Random weights: what comes out means nothing. This page has no others for the ${count} parameters of ${config}.`;
}

function outputsOf(outputs: TaskResult["outputs"], ports: Ports | undefined, task: string): HTMLElement {
  const names = ports?.tasks.find(({ name }) => name === task)?.outputs ?? [];
  const rows = outputs.map(({ shape, data }, n) => {
    const shown = Array.from({ length: Math.min(6, data.length) }, (_, at) =>
      String(Number((data[at] ?? NaN).toPrecision(4))),
    );
    const text = `[${shown.join(", ")}${data.length > shown.length ? ", …" : ""}]`;
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, names[n] ?? String(n)),
      element("td", {}, `[${shape.join(", ")}]`),
      element("td", { class: "formula" }, text),
    );
  });
  const heads = ["Output", "Shape", "Begins with"].map((text) => element("th", { scope: "col" }, text));
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Outputs" },
    element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)),
  );
}
