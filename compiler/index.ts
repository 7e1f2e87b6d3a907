/** The compiler's public door: `check`, `compile`, and what speaks of problems. */
export { check, createChecker, type Checked, type Checker, type Shape } from "./check.js";
export { compile, lowerFile, toJavaScript, version } from "./compile.js";
export type { Lowered, Selection } from "./lower.js";
export { remembers } from "./ir/is-stateful.js";
export { parse, print, type Parsed } from "../grammar/index.js";
export type { Read } from "./1-resolve/resolve.js";
export { attentionTap, outputTap } from "./4-optimize/tap.js";
export { readFieldPath, type FieldStep } from "./3-lower/field-path.js";
export { countParameters } from "./3-lower/count-parameters.js";
export { catalogue, type Code } from "./diagnostics/catalogue.js";
export { applyEdits, type Edit } from "./diagnostics/edit.js";
export { hasErrors, type Mark, type Problem } from "./diagnostics/problem.js";
export { render, type Colors } from "./diagnostics/render.js";
export { closest } from "./diagnostics/suggest.js";
export { toJson, type JsonProblem } from "./diagnostics/to-json.js";
export { drawPage, drawSvg } from "./picture/draw.js";
export { summarise, type Amount, type Summary, type SummaryGroup, type TaskSummary } from "./summary/summarise.js";
export { standardLibrary } from "./std/index.js";
