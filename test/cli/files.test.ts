import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../../cli/failure.js";
import { largestSource, readSource, readSourceIfPresent, writeAtomically } from "../../cli/files.js";
import { temporaryFolder } from "./temporary-folder.js";

/** Asserts that it fails with a `Failure` and returns its message. */
function failureOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return error instanceof Failure ? error.message : "";
  }
  return expect.fail("it did not fail");
}

describe("readSource", () => {
  test("gives the text without a byte order mark", () => {
    const path = join(temporaryFolder(), "a.tfm");
    writeFileSync(path, "\ufeffmodel Größe\r\n");
    expect(readSource(path)).toBe("model Größe\r\n");
  });

  test("says what is wrong with a path", () => {
    const folder = temporaryFolder();
    const file = join(folder, "a.tfm");
    writeFileSync(file, "");
    expect(failureOf(() => readSource(join(folder, "b.tfm")))).toBe(
      `cannot read ${folder}/b.tfm: no such file or folder`,
    );
    expect(failureOf(() => readSource(folder))).toBe(`cannot read ${folder}: it is a folder`);
    expect(failureOf(() => readSource(join(file, "c.tfm")))).toBe(
      `cannot read ${file}/c.tfm: a part of the path is not a folder`,
    );
    expect(readSourceIfPresent(join(folder, "b.tfm"))).toBeUndefined();
    expect(readSource(file)).toBe("");
  });

  test("says where a file is not UTF-8", () => {
    const path = join(temporaryFolder(), "a.tfm");
    writeFileSync(path, Buffer.concat([Buffer.from("é = 1\nb = "), Buffer.from([0xe9]), Buffer.from("\nc")]));
    expect(failureOf(() => readSource(path))).toBe(`${path}:2 is not UTF-8: byte 0xe9 at offset 11`);
    writeFileSync(path, Buffer.from([0x61, 0xe2, 0x82]));
    expect(failureOf(() => readSource(path))).toBe(`${path}:1 is not UTF-8: byte 0xe2 at offset 1`);
  });

  test("finds the first byte that is not UTF-8, wherever it is", () => {
    const path = join(temporaryFolder(), "a.tfm");
    const texts = fc.string({ unit: "binary", maxLength: 20 });
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const start = Buffer.from(before);
        writeFileSync(path, Buffer.concat([start, Buffer.from([0xff]), Buffer.from(after)]));
        expect(failureOf(() => readSource(path))).toContain(`byte 0xff at offset ${start.length}`);
      }),
      { numRuns: 30 },
    );
  });

  test("refuses what is too large, from a device without an end too", () => {
    const path = join(temporaryFolder(), "a.tfm");
    writeFileSync(path, "");
    truncateSync(path, largestSource + 1);
    expect(failureOf(() => readSource(path))).toBe(`${path} is too large: more than 16 MiB`);
    expect(failureOf(() => readSource("/dev/zero"))).toBe("/dev/zero is too large: more than 16 MiB");
  });

  test("reads a pipe", () => {
    const path = join(temporaryFolder(), "pipe");
    execFileSync("mkfifo", [path]);
    execFileSync("sh", ["-c", `printf 'a = 1' > "${path}" &`], { stdio: "ignore" });
    expect(readSource(path)).toBe("a = 1");
  });
});

describe("writeAtomically", () => {
  test("replaces a file, keeps its mode, and leaves nothing beside it", () => {
    const folder = temporaryFolder();
    const path = join(folder, "out.ts");
    writeFileSync(path, "earlier", { mode: 0o640 });
    writeAtomically(path, "later");
    expect(readFileSync(path, "utf8")).toBe("later");
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(["out.ts"]);
  });

  test("writes through a symbolic link", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "real.ts"), "earlier");
    symlinkSync("real.ts", join(folder, "link.ts"));
    writeAtomically(join(folder, "link.ts"), "later");
    expect(lstatSync(join(folder, "link.ts")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real.ts"), "utf8")).toBe("later");
  });

  test("says why it cannot, and leaves what was there", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "models"));
    const missing = join(folder, "none", "out.ts");
    expect(failureOf(() => writeAtomically(missing, "x"))).toBe(`cannot write ${missing}: no such file or folder`);
    expect(failureOf(() => writeAtomically(join(folder, "models"), "x"))).toBe(
      `cannot write ${folder}/models: it is a folder`,
    );
    expect(readdirSync(folder)).toEqual(["models"]);
  });

  test("a disk that fills up leaves the earlier file and nothing beside it", () => {
    const folder = temporaryFolder();
    const path = join(folder, "out.ts");
    writeFileSync(path, "earlier");
    // A limit on the size of files stands in for the full disk; node must not be killed by its signal.
    const script = `
      process.on("SIGXFSZ", () => {});
      const { writeAtomically } = await import(${JSON.stringify(new URL("../../dist/cli/files.js", import.meta.url).href)});
      try { writeAtomically(${JSON.stringify(path)}, "x".repeat(100_000)); } catch (error) { console.log(error.message); }`;
    const shell = `ulimit -f 8; exec "${process.execPath}" --input-type=module -e '${script}'`;
    const said = execFileSync("bash", ["-c", shell], { encoding: "utf8" });
    expect(said).toBe(`cannot write ${path}: the file would be too large\n`);
    expect(readFileSync(path, "utf8")).toBe("earlier");
    expect(readdirSync(folder)).toEqual(["out.ts"]);
  });

  test("a device is written, not replaced", () => {
    writeAtomically("/dev/null", "x");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});
