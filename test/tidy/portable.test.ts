import { expect, test } from "vitest";
import { projectFiles, readText } from "./files.js";

// Written in parts, so that this file does not contain what it looks for.
const registries = ["npmjs", "yarnpkg", "npmmirror"].map((name) => `registry\\.${name}\\.`);
const folders = ["work", "root", "farm", "Users"].map((name) => `(?<![\\w.*-])/${name}/\\w`);
const elsewhere = new RegExp([...registries, ...folders, `/${"tmp"}/[a-z]`].join("|"));

const texts = projectFiles.filter((path) => !/\.(safetensors|png|svg|wasm|bin)$/.test(path));

test("no file names a registry or a path of someone's machine", () => {
  const found = texts.flatMap((path) =>
    readText(path)
      .split("\n")
      .flatMap((line, index) => (elsewhere.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [])),
  );
  expect(found).toEqual([]);
});

test("the lock file has checksums and no addresses", () => {
  const lock = readText("package-lock.json");
  expect(lock).toContain('"integrity"');
  expect(lock).not.toContain('"resolved"');
});
