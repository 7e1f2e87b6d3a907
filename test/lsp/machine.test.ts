import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { openMachine } from "../../cli/editor/machine.js";
import { fileOf, uriOf } from "../../language-server/file-names.js";
import { temporaryFolder } from "../cli/temporary-folder.js";

test.each([
  "file:///home/a%20b/m%C3%A9.tfm",
  "untitled:Untitled-1",
  "vscode-vfs://github/o/r/a.tfm",
  "inmemory:///a.tfm",
])("%s is a file's name, and the other way round", (uri) => {
  expect(uriOf(fileOf(uri))).toBe(uri);
});

test.each([
  ["file:///c%3A/models/a.tfm", "/c:/models/a.tfm"],
  ["file:///C:/models/a.tfm", "/c:/models/a.tfm"],
  ["file:///a%ff.tfm", "/a%ff.tfm"],
  ["", ""],
])("%j is %j", (uri, file) => {
  expect(fileOf(uri)).toBe(file);
});

test("what cannot be read is not there; what has changed is read again", () => {
  const machine = openMachine();
  const folder = temporaryFolder();
  const [file, link] = [join(folder, "a.tfm"), join(folder, "link.tfm")];
  expect(machine.read(file, folder)).toBeUndefined();
  writeFileSync(file, "# one\n");
  expect(machine.read(file, folder)).toBe("# one\n");
  writeFileSync(file, "# another\n");
  expect(machine.read(file, folder)).toBe("# another\n");
  symlinkSync("/etc/hostname", link);
  expect(machine.read(link, folder)).toBeUndefined();
  writeFileSync(file, Buffer.from([0xff, 0xfe]));
  expect(machine.read(file, folder)).toBeUndefined();
  rmSync(file);
  expect(machine.read(file, folder)).toBeUndefined();
  for (const none of [folder, "/untitled:Untitled-1", "", "a.tfm", "/a\0b.tfm"])
    expect(machine.read(none, folder)).toBeUndefined();
});

test("a project's files are found, without its packages; the library is files", () => {
  const machine = openMachine();
  const folder = temporaryFolder();
  mkdirSync(join(folder, "models"));
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["package.json", "a.tfm", "models/b.tfm", "node_modules/c.tfm"])
    writeFileSync(join(folder, name), "");
  const root = machine.rootOf(join(folder, "models", "b.tfm"));
  expect(pathToFileURL(root).href).toBe(pathToFileURL(folder).href);
  expect(machine.list(root)).toEqual([join(root, "a.tfm"), join(root, "models/b.tfm")]);
  expect(machine.list("/untitled:")).toEqual([]);
  expect(machine.libraryUri("std/masks.tfm")).toMatch(/^file:.*\/compiler\/std\/masks\.tfm$/);
  expect(machine.pageOf("T201")).toMatch(/^file:.*\/docs\/errors\/T201\.md$/);
});

test("a checkpoint beside a file tells the names of its tensors and fields; one that is cut off tells none", () => {
  const machine = openMachine();
  const folder = temporaryFolder();
  const file = join(folder, "a.tfm");
  expect(machine.checkpointBeside(file)).toEqual({ tensors: [], fields: [] });
  const header = Buffer.from(JSON.stringify({ __metadata__: { format: "pt" }, "wte.weight": { dtype: "F32" } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(join(folder, "model.safetensors"), Buffer.concat([length, header]));
  writeFileSync(join(folder, "cut.safetensors"), Buffer.concat([length, header.subarray(0, 9)]));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ n_head: 12, text_config: { hidden_size: 768 } }));
  expect(machine.checkpointBeside(file)).toEqual({
    tensors: ["wte.weight"],
    fields: ["n_head", "text_config.hidden_size"],
  });
});
