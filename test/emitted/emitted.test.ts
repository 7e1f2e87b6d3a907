import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { compile } from "tfmc";
import { examples, sourceOf } from "./examples.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

async function emitted(name: string): Promise<string> {
  const { code, problems } = await compile(`examples/${name}.tfm`, sourceOf);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  return code ?? "";
}

describe.each(examples)("the TypeScript of %s", (name) => {
  it("is what it was", async () => {
    await expect(await emitted(name)).toMatchFileSnapshot(`models/${name}.ts`);
  });

  it("has no any and no cast", async () => {
    const file = ts.createSourceFile("model.ts", await emitted(name), ts.ScriptTarget.Latest, true);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      const isCast = ts.isAsExpression(node) || ts.isTypeAssertionExpression(node) || ts.isNonNullExpression(node);
      if (isCast || node.kind === ts.SyntaxKind.AnyKeyword) found.push(node.getText());
      ts.forEachChild(node, visit);
    };
    visit(file);
    expect(found).toEqual([]);
  });

  it("imports tfjs and the runtime, nothing else", async () => {
    const imports = [...(await emitted(name)).matchAll(/from "([^"]+)"/g)].map(([, from]) => from);
    expect(imports).toEqual(["@tensorflow/tfjs-core", "tfmc/runtime"]);
  });
});

it("GPT-2 is at most 250 lines", async () => {
  expect((await emitted("gpt2")).split("\n").length).toBeLessThanOrEqual(250);
});

it("a layer whose parts are all results runs once", async () => {
  const text = `
    model M[seq]{d = 4}(x: f32[batch, seq, d]) -> f32[batch, seq], f32[batch, seq] {
      ends = x |> ends: Linear{out: 2} |> rearrange[.. end -> .. end]
      return ends[end: 0], ends[end: 1]
    }
    config m = M{}`;
  const { code = "" } = await compile("m.tfm", (path) => (path === "m.tfm" ? text : undefined));
  expect(code.match(/ linear\(/g)).toHaveLength(1);
});

it("the modules compile under strict, and hidden states do not pass for logits", () => {
  const read = (path: string): string | undefined => ts.sys.readFile(path);
  const config = ts.readJsonConfigFile(`${root}/tsconfig.json`, read);
  const { options } = ts.parseJsonSourceFileConfigFileContent(config, ts.sys, root);
  const files = [
    ...examples.map((name) => `${root}/test/emitted/models/${name}.ts`),
    `${root}/test/emitted/use.test-d.ts`,
  ];
  const program = ts.createProgram(files, options);
  const problems = files.flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});

it("every example is here", () => {
  expect(examples.length).toBeGreaterThan(0);
  for (const name of examples) expect(readFileSync(`${root}/examples/${name}.tfm`, "utf8")).toContain("model ");
});
