import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { here } from "./here.js";
import { temporaryFolder } from "./temporary-folder.js";

const part = "block Part[d](x: f32[.., d]) -> f32[.., d] { return x |> l: Linear{out: d} }\n";
const from = (path: string): string => `import { Part } from "${path}"\n`;

/** Writes files into a new folder and checks `models/tiny.tfm`; what is printed speaks of the folder as FOLDER. */
async function check(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; printed: string }> {
  const folder = temporaryFolder();
  for (const name of ["models", "shared"]) mkdirSync(join(folder, "top", name), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  for (const [name, target] of Object.entries(links)) symlinkSync(join(folder, target), join(folder, name));
  const { status, stdout, stderr } = await here("check", join(folder, "top/models/tiny.tfm"));
  return { status, printed: (stdout + stderr).replaceAll(folder, "FOLDER") };
}

test.each(["package.json", ".git", ".tfmc"])("reach all of a project, which %s marks", async (marker) => {
  const files = {
    [`top/${marker}`]: "",
    "top/models/tiny.tfm": from("../shared/part.tfm"),
    "top/shared/part.tfm": part,
  };
  expect(await check(files)).toEqual({ status: 0, printed: "" });
});

test("reach the file's own folder where nothing marks a project", async () => {
  const beside = { "top/models/tiny.tfm": from("part.tfm"), "top/models/part.tfm": part };
  expect(await check(beside)).toEqual({ status: 0, printed: "" });
  const above = { "top/models/tiny.tfm": from("../shared/part.tfm"), "top/shared/part.tfm": part };
  expect(await check(above)).toMatchObject({
    status: 1,
    printed: expect.stringContaining('error[N105] import "../shared/part.tfm" lies outside the project\n') as string,
  });
});

test("do not leave the project, by a path or by a link", async () => {
  const files = { "top/.tfmc": "", "part.tfm": part, "top/models/tiny.tfm": from("../../part.tfm") };
  expect((await check(files)).printed).toContain('import "../../part.tfm" lies outside the project');
  const linked = { ...files, "top/models/tiny.tfm": from("part.tfm") };
  expect(await check(linked, { "top/models/part.tfm": "part.tfm" })).toEqual({
    status: 1,
    printed:
      "error: cannot read FOLDER/top/models/part.tfm: it links to FOLDER/part.tfm, which is no .tfm file of the project\n",
  });
  expect((await check(linked, { "top/models/part.tfm": "top/.tfmc" })).status).toBe(1);
});

test("follow links that stay inside", async () => {
  const files = { "top/.tfmc": "", "top/shared/part.tfm": part, "top/models/tiny.tfm": from("part.tfm") };
  expect(await check(files, { "top/models/part.tfm": "top/shared/part.tfm" })).toEqual({ status: 0, printed: "" });
});
