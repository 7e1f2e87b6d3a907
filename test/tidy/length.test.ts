import { expect, test } from "vitest";
import { readText, sourceFiles } from "./files.js";

const longest = 500;
/** What the compiler wrote is as long as its model. */
const isWritten = (path: string): boolean => path.startsWith("test/emitted/models/");

test("a file over 500 lines says why at its top", () => {
  const unexplained = sourceFiles.filter((path) => {
    if (isWritten(path)) return false;
    const text = readText(path);
    const top = text.split("\n", 5).join("\n");
    return text.split("\n").length - 1 > longest && !/\/\/ long: \S/.test(top);
  });
  expect(unexplained).toEqual([]);
});
