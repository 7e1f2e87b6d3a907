import { expect, test } from "vitest";
import { projectFiles, readText } from "../tidy/files.js";
import { declaredIn, look, renameAndBack } from "./rename-and-back.js";

/** A few of each; the long tests take all. Which ones, differs from file to file. */
const examples = projectFiles.filter((path) =>
  /^examples\/(gpt|gpt2|moe|linformer|shaw|luong|positions|attention_scores|reformer_lsh|llama)\.tfm$/.test(path),
);

test.each(examples)("whatever %s declares may be renamed, and renamed back", (path) => {
  const text = readText(path);
  const declared = declaredIn(look(path, text), path);
  const step = Math.ceil(declared.length / 3);
  const chosen = declared.filter((_, n) => n % step === text.length % step);
  expect(chosen.length).toBeGreaterThan(1);
  for (const one of chosen) renameAndBack(path, text, one);
});
