/** Emitted TypeScript without its types. */
import { ts } from "ts-morph";

/** `commonjs` serves a program that evaluates the module itself; `esm` a file. */
export function toJavaScript(code: string, format: "esm" | "commonjs"): string {
  const module = format === "esm" ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS;
  return ts.transpileModule(code, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } }).outputText;
}
