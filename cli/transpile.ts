import { ts } from "ts-morph";

/** The emitted TypeScript without its types: an ES module to be written, or CommonJS to be evaluated here. */
export function toJavaScript(code: string, form: "module" | "commonjs"): string {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: form === "module" ? ts.ModuleKind.ES2022 : ts.ModuleKind.CommonJS,
    },
  });
  return outputText;
}
