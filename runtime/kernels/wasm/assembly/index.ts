/**
 * AssemblyScript: the kernels that work in the memory of tfjs's WebAssembly backend. Built by `scripts/build-kernels.mjs`.
 * Addresses are bytes of that memory, where numbers are f32, row-major; the other parameters are counts. No kernel
 * allocates, and none has data of its own: the memory is the backend's.
 */
export { attendStep } from "./attend";
export { geluTanh, silu } from "./activations";
export { layerNorm, rmsNorm } from "./norm";
export { linear, linearTransposed } from "./linear";
