import { readFileSync } from "node:fs";

/** The text of a model in `examples/`. */
export const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}`, import.meta.url), "utf8");
