/** Runs one compiled model. For another, or to break off, the page ends this worker and starts a new one. */
import * as tf from "@tensorflow/tfjs-core";
import { assertNoGpuErrors, loadTokenizer, read, useBackend, type Tokenizer } from "../../runtime/index.js";
import { watchAttention, type AttentionMap } from "./attention-maps.js";
import { execute, type Executable, type Inputs } from "./execute.js";

export interface Open {
  readonly code: string;
  /** The module that stores what attention attends to. */
  readonly tapped: string;
  /** A checkpoint's folder; random weights if not given. */
  readonly checkpoint: string | undefined;
  /** The backend by name; the best of this machine if not given. */
  readonly backend: string | undefined;
  /** Where the page's own files are. */
  readonly files: string;
}

export interface Opened {
  readonly backend: string;
  readonly device: string | undefined;
  readonly hasTokenizer: boolean;
}

export interface Generate {
  /** A text, where there is a tokenizer, or token ids. */
  readonly prompt: string | readonly number[];
  /** Inputs besides, where the text is made of others. */
  readonly inputs: Inputs | undefined;
  readonly temperature: number | undefined;
  readonly seed: number;
  readonly maxTokens: number;
}

/** A token of the prompt or of what follows it. */
export interface Token {
  readonly id: number;
  readonly text: string;
  readonly isPrompt: boolean;
  /** A token that ends the text is not part of it. */
  readonly isEnd?: boolean;
}

export interface RunTask {
  readonly task: string;
  readonly inputs: Inputs;
  /** Ends the path of what attention attends to. */
  readonly attention: string;
}

export interface TaskResult {
  readonly outputs: readonly { readonly shape: readonly number[]; readonly data: ArrayLike<number> }[];
  readonly maps: readonly AttentionMap[];
}

interface Model {
  readonly plain: Executable;
  readonly tapped: Executable;
  readonly weights: unknown;
  readonly tokenizer: Tokenizer | undefined;
}

let model: Model | undefined;

function current(): Model {
  if (!model) throw new Error("no model is open");
  return model;
}

export const runnerService = {
  open: async (open: Open): Promise<Opened> => {
    const files = new URL(open.files);
    const { name, device } = await useBackend(open.backend, { wasmFiles: new URL("wasm/", files).href });
    const plain = execute(open.code);
    const folder = open.checkpoint === undefined ? undefined : new URL(`${open.checkpoint}/`, files);
    const weights = folder ? await plain.load(new URL("model.safetensors", folder)) : plain.initialise(1);
    const tokenizer = folder && (await loadTokenizer(folder));
    model = { plain, tapped: execute(open.tapped), weights, tokenizer };
    return { backend: name, device, hasTokenizer: tokenizer !== undefined };
  },

  /** Tells each token as soon as it is there, those of the prompt first. */
  generate: async (
    request: Generate,
    tell: (token: Token) => void,
  ): Promise<{ readonly tokensPerSecond: number | undefined }> => {
    const { plain, weights, tokenizer } = current();
    const { prompt, inputs, temperature, seed, maxTokens } = request;
    const ids = typeof prompt === "string" ? (tokenizer?.encode(prompt) ?? []) : prompt;
    const isIn = typeof prompt === "string" ? tokenizer?.stream() : undefined;
    for (const id of ids) tell({ id, text: isIn ? isIn.push(id) : `${id} `, isPrompt: true });
    const stream = tokenizer?.stream();
    let count = 0;
    let first = performance.now();
    const options = { seed, maxTokens, ...(temperature !== undefined && { temperature, beams: 1 }) };
    for await (const id of plain.generate(weights, inputs ?? ids, options)) {
      if (count++ === 0) first = performance.now();
      const text = stream ? stream.push(id) : `${id} `;
      tell({ id, text, isPrompt: false, ...(stream && text === "" && { isEnd: true }) });
      // The page's messages get their turn.
      await new Promise((resolve) => setTimeout(resolve));
    }
    const seconds = (performance.now() - first) / 1000;
    return { tokensPerSecond: count > 1 ? (count - 1) / seconds : undefined };
  },

  /** Runs a task once, and reads what its attention attended to. */
  run: async ({ task, inputs, attention }: RunTask): Promise<TaskResult> => {
    const { tapped, weights } = current();
    const watched = watchAttention(attention);
    const results = tapped.run(task, weights, inputs, watched.state);
    try {
      const outputs: TaskResult["outputs"][number][] = [];
      for (const result of results) outputs.push({ shape: result.shape, data: await read(result) });
      const maps = await watched.maps();
      assertNoGpuErrors();
      return { outputs, maps };
    } finally {
      tf.dispose([...results]);
    }
  },
};

export type RunnerService = typeof runnerService;
