import * as tf from "@tensorflow/tfjs-core";
import { assertNoGpuErrors, read } from "../../runtime/index.js";
import { openModel, type ModelOptions } from "../open-model.js";
import { chooseTask, inputsFor, refuseStrangers } from "../ports.js";
import { orFailure } from "../refusal.js";
import { readInputs } from "./read-inputs.js";
import type { Output } from "./write-output.js";

export interface RunOptions extends ModelOptions {
  readonly input: readonly string[];
}

/** Runs one task of a file on inputs. */
export async function runTask(
  file: string,
  options: RunOptions,
): Promise<{ readonly outputs: readonly Output[]; readonly backend: string }> {
  const model = await openModel(file, options);
  const task = chooseTask(model.lowered, options.task);
  const given = await readInputs(options.input);
  try {
    refuseStrangers([task], given.keys(), "", "--input");
    const inputs = inputsFor(task, given, "--input");
    return await orFailure(async () => {
      const results = model.executable.run(task.name, model.weights, inputs);
      try {
        const outputs: Output[] = [];
        for (const [n, { external }] of task.outputs.entries()) {
          const result = results[n];
          if (!result) throw new TypeError(`${task.name} of the emitted module gives no ${external}`);
          outputs.push({ name: external, dtype: result.dtype, shape: result.shape, data: await read(result) });
        }
        assertNoGpuErrors();
        return { outputs, backend: model.backend.name };
      } finally {
        tf.dispose([...results]);
      }
    });
  } finally {
    tf.dispose([...given.values()].filter((value) => value instanceof tf.Tensor));
  }
}
