import { describe, test } from "vitest";
import { projectFiles, readText } from "../tidy/files.js";
import { declaredIn, look, renameAndBack } from "./rename-and-back.js";

const examples = projectFiles.filter((path) => /^examples\/\w+\.tfm$/.test(path));

describe.each(examples)("%s", (path) => {
  const text = readText(path);
  const declared = declaredIn(look(path, text), path).filter((_, n) => n % 3 === 0);
  test.each(declared.map((one) => [one.symbol.key.slice(path.length + 1), one] as const))("%s", (_, one) => {
    renameAndBack(path, text, one);
  });
});
