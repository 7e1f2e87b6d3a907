// One process of bench/memory.mjs: `save` writes random weights, `start` starts the runtime, `load` also loads the weights.
// Prints the most memory that the process ever had, in bytes.
import { useBackend } from "tfmc/runtime";

const [task, module, file, backend = "cpu"] = process.argv.slice(2);
const gpt2 = await import(module);
await useBackend(backend);
if (task === "save") await gpt2.save(gpt2.initialise(1), file);
if (task === "load") await gpt2.load(file);
console.log(process.resourceUsage().maxRSS * 1024);
process.exit(0);
