import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { here } from "./here.js";
import { temporaryFolder } from "./temporary-folder.js";
import { tfmc } from "./tfmc.js";

const untidy = "config   a=M{d:4}   # small\n";
const tidy = "config a = M{d: 4}   # small\n";

function put(text: string): string {
  const file = join(temporaryFolder(), "a.tfm");
  writeFileSync(file, text);
  return file;
}

test("rewrites what is laid out otherwise, and is silent of the rest", async () => {
  const [first, second] = [put(untidy), put(tidy)];
  expect(await here("fmt", first, second)).toEqual({ status: 0, stdout: `wrote ${first}\n`, stderr: "" });
  expect(readFileSync(first, "utf8")).toBe(tidy);
  expect(await here("fmt", first)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("--check changes nothing", async () => {
  const file = put(untidy);
  expect(await here("fmt", "--check", file)).toEqual({
    status: 1,
    stdout: `${file} is laid out otherwise\n`,
    stderr: "",
  });
  expect(readFileSync(file, "utf8")).toBe(untidy);
  expect((await here("fmt", "--check", put(tidy))).status).toBe(0);
});

test("what does not parse is told and stays, and the other files are laid out", async () => {
  const [broken, other] = [put("config a = = M{}\n"), put(untidy)];
  const { status, stdout, stderr } = await here("fmt", broken, other);
  expect({ status, stdout }).toEqual({ status: 1, stdout: `wrote ${other}\n` });
  expect(stderr).toMatch(/^error\[S001\]/);
  expect(readFileSync(broken, "utf8")).toBe("config a = = M{}\n");
});

test("standard input goes to standard output", () => {
  expect(tfmc(["fmt", "-"], { input: untidy })).toEqual({ status: 0, stdout: tidy, stderr: "" });
});

test("the examples and the standard library are laid out", async () => {
  const files = ["examples", "compiler/std"].flatMap((folder) =>
    readdirSync(new URL(`../../${folder}/`, import.meta.url))
      .filter((name) => name.endsWith(".tfm"))
      .map((name) => fileURLToPath(new URL(`../../${folder}/${name}`, import.meta.url))),
  );
  expect(files.length).toBeGreaterThan(50);
  expect(await here("fmt", "--check", ...files)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("an example is a page: less than 120 lines, and GPT-2 less than 60", () => {
  const folder = new URL("../../examples/", import.meta.url);
  const lines = (name: string): number => readFileSync(new URL(name, folder), "utf8").split("\n").length - 1;
  expect(readdirSync(folder).filter((name) => lines(name) >= 120)).toEqual([]);
  expect(lines("gpt2.tfm")).toBeLessThan(60);
});
