import { expect, test } from "vitest";
import { examplesOf } from "../spec/page.js";
import { projectFiles, readText } from "../tidy/files.js";
import { problemsOf, unmended } from "./mended.js";

const pages = projectFiles.filter((path) => /^(docs\/.*|README)\.md$/.test(path));

test.each(pages)("the fixes of what %s reports mend it", (path) => {
  const wrong = examplesOf(readText(path)).flatMap(({ files, pageLine }) =>
    unmended(files, problemsOf(files)).map((text) => `line ${pageLine}: ${text}`),
  );
  expect(wrong).toEqual([]);
});
