import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commands } from "../../cli/commands.js";
import { temporaryFolder } from "./temporary-folder.js";
import { tfmc } from "./tfmc.js";

test("the version is the package's", () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(manifest).toMatchObject({ version: tfmc(["--version"]).stdout.trim() });
});

test("help lists the commands and goes to standard output", () => {
  const { status, stdout, stderr } = tfmc(["--help"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary}$`, "m"));
});

test.each(commands.map(({ name }) => name))("tfmc %s --help shows examples", (name) => {
  const { status, stdout } = tfmc([name, "--help"]);
  expect(status).toBe(0);
  expect(stdout).toContain(`Usage: tfmc ${name} `);
  expect(stdout).toMatch(new RegExp(`Examples:\n  tfmc ${name}`));
});

test.each([
  ["no command", [], /^Usage: tfmc/],
  ["an unknown command", ["chekc"], /^error: unknown command 'chekc'\n\(Did you mean check\?\)/],
  ["an unknown option", ["check", "a.tfm", "--jsn"], /^error: unknown option '--jsn'/],
  ["a missing argument", ["check"], /^error: missing required argument 'files'/],
  ["an argument too many", ["explain", "T201", "T202"], /^error: too many arguments/],
  ["a value that is no number", ["summary", "a.tfm", "--seq", "0"], /It must be a whole number, 1 or more\./],
  ["a setting without a value", ["compile", "a.tfm", "--set", "d"], /It must look like d=48\./],
  ["two prompts", ["generate", "a.tfm", "--weights", "b", "--prompt", "x", "--tokens", "1"], /cannot be used with/],
])("%s is wrong usage: one message, status 2", (_name, args, message) => {
  const { status, stdout, stderr } = tfmc(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ +at /m);
});

test("bad input is one message without a trace, status 1", () => {
  const { status, stdout, stderr } = tfmc(["check", "none.tfm"], { cwd: temporaryFolder() });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: "error: cannot read none.tfm: no such file or folder\n",
  });
});

test("what is not a terminal gets no colours, whatever the environment says", () => {
  const { stderr } = tfmc(["check", "none.tfm"], { cwd: temporaryFolder(), env: { CI: "true", FORCE_COLOR: "1" } });
  expect(stderr).toBe("error: cannot read none.tfm: no such file or folder\n");
});

test("a full disk behind standard output is one message, and a reader who leaves is none", () => {
  const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const stderrOf = (redirection: string): string =>
    spawnSync("bash", ["-c", `"${process.execPath}" "${main}" --help ${redirection}; echo "\${PIPESTATUS[0]}" >&2`], {
      encoding: "utf8",
    }).stderr;
  expect(stderrOf("> /dev/full")).toBe("error: cannot write standard output: the disk is full\n1\n");
  expect(stderrOf("| true")).toBe("0\n");
});

test("--json gives the same to programs", () => {
  const { status, stdout, stderr } = tfmc(["check", "none.tfm", "--json"], { cwd: temporaryFolder() });
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({
    ok: false,
    error: { kind: "input", message: "cannot read none.tfm: no such file or folder" },
  });
});

test("explain shows a page, lists all, and suggests", () => {
  expect(tfmc(["explain", "t201"]).stdout).toMatch(/^# T201: /);
  expect(tfmc(["explain"]).stdout).toMatch(/^N101: .*\nN102: /m);
  const { status, stderr } = tfmc(["explain", "T2O1"]);
  expect(status).toBe(1);
  expect(stderr).toBe("error: there is no diagnostic with the code T2O1\n  help: did you mean T201?\n");
  expect(tfmc(["explain", "../architecture"]).status).toBe(1);
});

/** The modules that a command loads, by path within the project. */
function loadedBy(...args: string[]): string[] {
  const hook = new URL("print-loads.mjs", import.meta.url).href;
  const { stderr } = tfmc(args, { env: { NODE_OPTIONS: `--import ${hook}` } });
  return stderr.split("\n").flatMap((line) => /^file:.*?\/((?:dist|node_modules)\/.*)$/.exec(line)?.[1] ?? []);
}

test("a command loads only what it uses", () => {
  const forVersion = loadedBy("--version");
  expect(forVersion).toContain("dist/cli/main.js");
  expect(
    forVersion.filter((path) => !/^(dist\/cli\/[^/]+\.js|node_modules\/(commander|picocolors)\/)/.test(path)),
  ).toEqual([]);

  const forCheck = loadedBy("check", "none.tfm");
  expect(forCheck).toContain("dist/cli/commands/check.js");
  expect(forCheck.filter((path) => /ts-morph|prettier|tfjs|dist\/(runtime|compiler\/5-)/.test(path))).toEqual([]);

  const forImport = loadedBy("import", "none");
  expect(forImport).toContain("dist/cli/import/import-checkpoint.js");
  expect(forImport.filter((path) => /ts-morph|prettier|tfjs|dist\/runtime/.test(path))).toEqual([]);
});

test("a file that may not be read is bad input", () => {
  const path = join(temporaryFolder(), "a.tfm");
  writeFileSync(path, "", { mode: 0 });
  // Root may read everything: then as nobody.
  const { status, stderr } = tfmc(["check", path], process.getuid?.() === 0 ? { uid: 65534 } : {});
  expect({ status, stderr }).toEqual({ status: 1, stderr: `error: cannot read ${path}: permission denied\n` });
});
