import { expect, test } from "vitest";
import { standardLibrary } from "../../compiler/std/index.js";
import { projectFiles, readText } from "./files.js";

test("compiler/std/index.ts holds the standard library's files as they are; `npm run update` writes it", () => {
  const files = projectFiles.filter((path) => /^compiler\/std\/[^/]+\.tfm$/.test(path));
  expect(files.length).toBeGreaterThan(0);
  const wanted = new Map(files.map((path) => [path.replace("compiler/", ""), readText(path).replaceAll("\r\n", "\n")]));
  expect(standardLibrary).toEqual(wanted);
});
