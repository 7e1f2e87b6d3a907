/** The compiler in a worker: what the page's panes show of a model. Loads the emitter and the layout of pictures when they are asked for. */
import { compilerService } from "./compiler-service.js";
import { serve } from "./calls.js";

serve(compilerService);
