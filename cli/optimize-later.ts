import { setFlagsFromString } from "node:v8";

/**
 * V8 optimizes a function when it has run for some time, and throws the result away when it meets what it had not met by then. In
 * the first second of a checker that is so for most of them: waiting four times as long saves a third of that second.
 */
export const optimizeLater = (): void => setFlagsFromString("--interrupt-budget=500000");
