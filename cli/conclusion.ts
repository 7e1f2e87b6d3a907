import type { Problem } from "../compiler/index.js";
import { colorsForErrors } from "./colors.js";

/** `gpt2.tfm: all checks passed`, or how many problems there are. */
export function conclusion(files: readonly string[], problems: readonly Problem[]): string {
  const colors = colorsForErrors();
  const count = (severity: Problem["severity"]): string | undefined => {
    const { length } = problems.filter((problem) => problem.severity === severity);
    return length === 0 ? undefined : `${length} ${severity}${length === 1 ? "" : "s"}`;
  };
  const found = [count("error"), count("warning"), count("hint")].filter((text) => text !== undefined);
  const checked = files.length === 1 ? files[0] : `${files.length} files`;
  if (found.length === 0) return `${checked}: ${colors.green("all checks passed")}`;
  return `${checked}: ${found.join(", ")}`;
}
