import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";

it("shapes in types are real", () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const read = (path: string): string | undefined => ts.sys.readFile(path);
  const { options } = ts.parseJsonSourceFileConfigFileContent(
    ts.readJsonConfigFile(`${root}/tsconfig.json`, read),
    ts.sys,
    root,
  );
  const file = fileURLToPath(new URL("shapes-as-types.test-d.ts", import.meta.url));
  const program = ts.createProgram([file], options);
  const problems = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
  expect(problems.map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, "\n"))).toEqual([]);
});
