import { expect, test } from "vitest";
import { readText, sourceFiles } from "./files.js";

const longest = 500;

test("a file over 500 lines says why at its top", () => {
  const unexplained = sourceFiles.filter((path) => {
    const text = readText(path);
    const top = text.split("\n", 5).join("\n");
    return text.split("\n").length - 1 > longest && !/\/\/ long: \S/.test(top);
  });
  expect(unexplained).toEqual([]);
});
