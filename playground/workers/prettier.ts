/** `prettier` for a browser: the same function with the one language that the emitter writes. */
import * as estree from "prettier/plugins/estree";
import * as typescript from "prettier/plugins/typescript";
import type { Options } from "prettier";
import { format as formatWith } from "prettier/standalone";

export const format = (text: string, options: Options): Promise<string> =>
  formatWith(text, { ...options, plugins: [estree, typescript] });
