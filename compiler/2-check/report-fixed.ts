/** T212: weights are made once, so no size of theirs can be one that only a call knows. */
import type { Span } from "../../grammar/ast.js";
import type { Mark } from "../diagnostics/problem.js";
import { printDim, type Dim } from "../shapes/index.js";
import { report, type Scope } from "./scope.js";

const help =
  "a weight's sizes come from the config: rearrange so that a learned layer works along an axis of fixed size";

export function reportFixed(scope: Scope, address: string, size: Dim, at: Span | Mark): void {
  report(scope, "T212", { address, size: printDim(size) }, at, { help });
}
