import * as tf from "@tensorflow/tfjs-core";
import { checkFits } from "../capacity.js";
import { assertNoGpuErrors } from "../faults.js";
import type { Bytes } from "../platform/platform.js";
import type { Tensor } from "../tensor.js";
import { webgpuBackend } from "../webgpu-backend.js";
import { carve } from "./carve.js";
import { compress, expand } from "./compress/compress.js";
import { noteCarried, noteOrigin, type Carried } from "./origin.js";
import { plant, type Parameters, type Weights } from "./parameters.js";
import { planLoad, type LoadOptions, type Reading } from "./plan-load.js";
import type { Dtype } from "./safetensors/dtype.js";
import type { StoredFloat } from "./safetensors/encode.js";
import type { TensorEntry } from "./safetensors/header.js";
import { closeAll, openCheckpoint, type Source } from "./safetensors/open.js";
import { readEntry } from "./safetensors/read.js";
import { product } from "./layout.js";

export interface LoadWeightsOptions extends LoadOptions {
  /** Told after each tensor how many bytes are read, of how many in all. */
  readonly progress?: (bytes: number, of: number) => void;
}

/**
 * A checkpoint's weights. Names and shapes are checked first, from the headers; the numbers are then read tensor by
 * tensor, so that memory holds the model and one tensor more.
 *
 * @throws Error if a file is not whole, a weight is missing, a tensor is left over or a shape differs. No tensor is then
 *   left behind.
 */
export async function loadWeights<P>(
  parameters: P & Parameters,
  source: Source,
  options: LoadWeightsOptions = {},
): Promise<Weights<P>> {
  const files = await openCheckpoint(source);
  const tensors = new Map<string, Tensor>();
  const kept: Carried[] = [];
  try {
    const { readings, carried } = await planLoad(parameters, files, options);
    checkFits(readings.flatMap(demandsOf));
    const size = readings.reduce((sum, { entry }) => sum + entry.to - entry.from, 0);
    let done = 0;
    for (const reading of readings) {
      await take(reading, tensors);
      options.progress?.((done += reading.entry.to - reading.entry.from), size);
    }
    for (const { file, entry } of carried) kept.push({ ...entry, bytes: await file.read(entry.from, entry.to) });
    assertNoGpuErrors();
  } catch (error) {
    tf.dispose([...tensors.values()]);
    throw error;
  } finally {
    await closeAll(files);
  }
  const weights = plant<P>(parameters, tensors);
  noteCarried(weights, kept);
  return weights;
}

function demandsOf({ entry, parts }: Reading): { name: string; bytes: number }[] {
  return parts.map(({ leaf }) => ({ name: entry.name, bytes: 4 * product(leaf.param.sizes) }));
}

async function take(reading: Reading, tensors: Map<string, Tensor>): Promise<void> {
  const { entry, parts } = reading;
  const { numbers, scales } = await numbersOf(reading);
  for (const { leaf, layout } of parts) {
    const tensor = tf.keep(tf.tensor(carve(numbers, layout), [...leaf.param.sizes], "float32"));
    noteOrigin(tensor, { name: entry.name, dtype: widthOf(entry.dtype), scales });
    tensors.set(leaf.address, tensor);
    // Else the numbers would stay in memory beside the GPU's until the tensor is first used.
    webgpuBackend()?.uploadToGPU(tensor.dataId);
  }
}

/** Those that the model computes with, in the order of the file. */
async function numbersOf({
  file,
  entry,
  parts,
  scales,
}: Reading): Promise<{ numbers: Float32Array; scales?: Float32Array }> {
  const { layout, leaf } = parts[0] ?? {};
  const compression = leaf?.param.compression;
  if (scales && layout && compression?.quantize) {
    const known = await floatsOf(scales.file, scales.entry);
    const bytes = await file.read(entry.from, entry.to);
    return { numbers: expand(bytes, known, compression.quantize, layout), scales: known };
  }
  const numbers = await floatsOf(file, entry);
  return compression && layout ? compress(numbers, compression, layout) : { numbers };
}

async function floatsOf(file: Bytes, entry: TensorEntry): Promise<Float32Array> {
  const read = await readEntry(file, entry);
  return read instanceof Float32Array ? read : Float32Array.from(read);
}

/** Of wider floats no more than 32 bits are kept. */
const widthOf = (dtype: Dtype): StoredFloat => (dtype === "F16" || dtype === "BF16" ? dtype : "F32");
