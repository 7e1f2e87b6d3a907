/** What generated code calls. Nothing here knows the language or its compiler. */
export { useBackend, type Backend, type BackendOptions } from "./backends.js";
export { createCache, type Cache } from "./cache.js";
export { createState, recall, store, within, type State } from "./state.js";
export { assertNoGpuErrors, read } from "./faults.js";
export { guard, input, positions, type InputRule } from "./input.js";
export { gelu } from "./kernels/activations/gelu.js";
export { geluTanh } from "./kernels/activations/gelu-tanh.js";
export { quickGelu } from "./kernels/activations/quick-gelu.js";
export { relu } from "./kernels/activations/relu.js";
export { silu } from "./kernels/activations/silu.js";
export { both, causal, either, inverse, where, window, type Mask, type MaskTest } from "./kernels/attend/mask.js";
export { attend } from "./kernels/attend/attend.js";
export { type AttendOptions } from "./kernels/attend/options.js";
export { crossEntropy, type CrossEntropyOptions } from "./kernels/cross-entropy/reference.js";
export { embedding } from "./kernels/embedding/reference.js";
export { linear, linearTransposed } from "./kernels/linear/linear.js";
export { rearrange } from "./kernels/rearrange/reference.js";
export { backendNames, type BackendName } from "./platform/platform.js";
export type { Input, Nested, Tensor } from "./tensor.js";
export type { Compression } from "./weights/compress/compression.js";
export { initialiseWeights } from "./weights/initialise.js";
export { constant, normal, ones, uniform, zeros, type Initialiser } from "./weights/initialiser.js";
export { loadWeights, type LoadWeightsOptions } from "./weights/load.js";
export {
  disposeWeights,
  list,
  param,
  repeat,
  type Param,
  type Parameters,
  type Repeat,
  type Weights,
} from "./weights/parameters.js";
export { type Dtype } from "./weights/safetensors/dtype.js";
export { type Source } from "./weights/safetensors/open.js";
export { readSafetensors, type StoredTensor } from "./weights/safetensors/read.js";
export { saveWeights } from "./weights/save.js";
export { type Sink } from "./weights/sink.js";
export { cut, type Stored, type StoredRule } from "./weights/stored.js";
export { type BeamOptions } from "./generate/beams.js";
export { decode, type DecodeOptions, type GenerateOptions } from "./generate/decode.js";
export { type Step } from "./generate/step.js";
export { sampleToken, type SampleOptions } from "./generate/sample.js";
export { loadTokenizer, streamText, type TextStream, type Tokenizer } from "./generate/tokenizer.js";
export { argmax, argsort, cumsum } from "./kernels/along/reference.js";
export { contract } from "./kernels/contract/reference.js";
export { conv, type ConvOptions } from "./kernels/conv/reference.js";
export { layerNorm } from "./kernels/norm/layer-norm.js";
export { rmsNorm } from "./kernels/norm/rms-norm.js";
export { carry, once, resume } from "./once.js";
export { pick } from "./kernels/pick/reference.js";
export { lookUp } from "./kernels/pick/look-up.js";
export { roll } from "./kernels/pick/roll.js";
export { concat, slice, stack } from "./kernels/pick/parts.js";
export { lastPosition, onlyLast, take } from "./kernels/pick/take.js";
export { table } from "./kernels/table/reference.js";
export { at, sizeOf } from "./sizes.js";
