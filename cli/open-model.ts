import type { Lowered } from "../compiler/index.js";
import { useBackend, type Backend } from "../runtime/index.js";
import { compileFile, type CompileOptions } from "./compile-file.js";
import { execute, type Executable } from "./execute.js";
import { Failure } from "./failure.js";
import { localCheckpoint } from "./hub/local-checkpoint.js";
import { orFailure } from "./refusal.js";

export interface ModelOptions extends CompileOptions {
  /** The checkpoint: a folder, a file, or a model of the Hub. */
  readonly weights?: string | undefined;
  /** Random weights of this seed, where no checkpoint is given. */
  readonly seed?: number | undefined;
  readonly backend?: string | undefined;
}

export interface OpenModel {
  readonly lowered: Lowered;
  readonly executable: Executable;
  readonly backend: Backend;
  readonly weights: unknown;
}

/** A file compiled in memory, on a backend, with its weights. Names and shapes are checked before anything is read. */
export async function openModel(file: string, options: ModelOptions): Promise<OpenModel> {
  const { lowered, code } = await compileFile(file, options);
  const executable = await execute(code, `${file} (compiled)`);
  const backend = await orFailure(() => useBackend(options.backend));
  const weights = await orFailure(() => readWeights(executable, options));
  return { lowered, executable, backend, weights };
}

async function readWeights(executable: Executable, { weights, seed }: ModelOptions): Promise<unknown> {
  if (weights !== undefined) return executable.load(await localCheckpoint(weights, "checkpoint"));
  if (seed !== undefined) return executable.initialise(seed);
  throw new Failure("no weights are given", "--weights FOLDER takes a checkpoint's, --seed 1 random ones");
}
