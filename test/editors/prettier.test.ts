import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { format, check, type Options } from "prettier";
import { describe, expect, it } from "vitest";
import * as plugin from "../../editors/prettier/index.js";
import { temporaryFolder } from "../cli/temporary-folder.js";

const untidy = "config   a=M{d:4}   # small\n";
const tidy = "config a = M{d: 4}   # small\n";
const options: Options = { plugins: [plugin], filepath: "a.tfm" };

describe("the plugin of Prettier", () => {
  it("lays a file out as tfmc fmt does", async () => {
    expect(await format(untidy, options)).toBe(tidy);
    expect(await check(tidy, options)).toBe(true);
    expect(await check(untidy, options)).toBe(false);
    expect(await format("", options)).toBe("");
    const gpt2 = readFileSync(new URL("../../examples/gpt2.tfm", import.meta.url), "utf8");
    expect(await format(gpt2, options)).toBe(gpt2);
    expect(await format(gpt2.replaceAll(/\n\n+/g, "\n\n\n").replaceAll(" = ", "  ="), options)).toBe(gpt2);
  });

  it("ends lines as Prettier is told", async () => {
    expect(await format(untidy.repeat(2), { ...options, endOfLine: "crlf" })).toBe(
      tidy.repeat(2).replaceAll("\n", "\r\n"),
    );
  });

  it("tells where a mistake is", async () => {
    await expect(format("outer a\nconfig a = = M{}\n", options)).rejects.toMatchObject({
      name: "SyntaxError",
      message: expect.stringContaining("expected") as string,
      loc: { start: { line: 2, column: 12 } },
    });
  });

  it("lays out blocks in Markdown, but for those with mistakes", async () => {
    const page = (block: string): string => `# Title\n\n- An item:\n\n  \`\`\`tfm\n  ${block}  \`\`\`\n`;
    const markdown: Options = { plugins: [plugin], parser: "markdown" };
    expect(await format(page(untidy), markdown)).toBe(page(tidy));
    expect(await format(page("config   a = = M{}\n"), markdown)).toBe(page("config   a = = M{}\n"));
  });

  it("is found by its name from a project's settings", async () => {
    const project = temporaryFolder();
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const installed = join(project, "node_modules");
    mkdirSync(installed);
    cpSync(join(root, "editors/prettier"), join(installed, "prettier-plugin-tfm"), { recursive: true });
    symlinkSync(root, join(installed, "tfmc"), "dir");
    symlinkSync(join(root, "node_modules/prettier"), join(installed, "prettier"), "dir");
    writeFileSync(join(project, ".prettierrc"), '{ "plugins": ["prettier-plugin-tfm"] }');
    writeFileSync(join(project, "a.tfm"), untidy);
    const prettier = (...parameters: string[]): Promise<unknown> =>
      promisify(execFile)(process.execPath, [join(installed, "prettier/bin/prettier.cjs"), ...parameters], {
        cwd: project,
      });
    await expect(prettier("--check", "a.tfm")).rejects.toMatchObject({ code: 1 });
    await prettier("--write", "a.tfm");
    expect(readFileSync(join(project, "a.tfm"), "utf8")).toBe(tidy);
    await prettier("--check", "a.tfm");
  });
});
