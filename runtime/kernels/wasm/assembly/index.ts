/**
 * AssemblyScript: the kernels that work in the memory of tfjs's WebAssembly backend. `scripts/build-kernels.mjs` builds it.
 * Addresses and strides are bytes of that memory, where numbers are f32, row-major; the other parameters are counts. No
 * kernel allocates, and none has data of its own: the memory is the backend's.
 */
export { attend } from "./attend";
export { copyBlocks } from "./copy";
export { geluTanh, silu } from "./activations";
export { layerNorm, rmsNorm } from "./norm";
export { linear } from "./linear";
export { linearMany } from "./linear-many";
export { linearTransposed } from "./linear-transposed";
