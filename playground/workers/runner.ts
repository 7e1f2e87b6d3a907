/** Compiled models in a worker: on WebGPU where there is a real adapter, else on WebAssembly. */
import { serve } from "./calls.js";
import { runnerService } from "./runner-service.js";

serve(runnerService);
