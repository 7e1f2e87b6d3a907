// Writes the README's table of systems: imports and verifies each reference case on each backend, as `tfmc import` and
// `tfmc verify` do, and keeps the largest relative error of each example. Run after a build; takes minutes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const cases = join(root, "test/reference/cases");
const backends = ["cpu", "wasm", "webgpu"];
const [only] = process.argv.slice(2);

if (only) console.log(JSON.stringify(await errorsOn(only)));
else writeTable(backends.map((backend) => measured(backend)));

/** One process for each backend: a process has one. */
function measured(backend) {
  const script = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [script, backend], { encoding: "utf8", maxBuffer: 2 ** 26 }));
}

/** The largest relative error of each example on a backend, and whether what was decoded is equal. */
async function errorsOn(backend) {
  const { importCheckpoint } = await import("../dist/cli/import/import-checkpoint.js");
  const { verify } = await import("../dist/cli/verify/verify.js");
  const folder = mkdtempSync(join(tmpdir(), "tfmc-systems-"));
  const worst = {};
  try {
    for (const name of readdirSync(cases)) {
      const path = join(folder, `${name}.tfm`);
      const { text, example } = importCheckpoint(join(cases, name), path);
      writeFileSync(path, text);
      const options = { weights: join(cases, name), io: join(cases, name, "io.safetensors"), tolerance: 1e-4, backend };
      const report = await verify(path, options);
      if (!report.ok) throw new Error(`${name} does not verify on ${backend}`);
      const errors = Object.values(report.outputs).map(({ relativeError }) => relativeError);
      worst[example] = Math.max(worst[example] ?? 0, ...errors);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return worst;
}

function writeTable(measurements) {
  const examples = join(root, "examples");
  const rows = readdirSync(examples)
    .filter((file) => file.endsWith(".tfm"))
    .map((file) => {
      const text = readFileSync(join(examples, file), "utf8");
      const name = file.slice(0, -".tfm".length);
      const errors = measurements.map((worst) => (worst[name] === undefined ? "" : worst[name].toExponential(0)));
      return [`[${name}](examples/${file})`, text.trimEnd().split("\n").length, aboutOf(text), ...errors];
    });
  const head = ["System", "Lines", "What it is", ...backends];
  const table = [head, head.map((_, n) => (n === 0 || n === 2 ? "---" : "---:")), ...rows];
  const text = table.map((row) => `| ${row.join(" | ")} |`).join("\n");
  const readme = join(root, "README.md");
  const before = readFileSync(readme, "utf8");
  const after = before.replace(
    /(<!-- systems -->\n)[\s\S]*?(<!-- \/systems -->)/,
    (_, start, end) => `${start}\n${text}\n\n${end}`,
  );
  if (!after.includes(text)) throw new Error("README.md has no place for the table: <!-- systems -->");
  writeFileSync(readme, after);
}

/** The first sentence that an example says of itself. */
function aboutOf(text) {
  const lines = text.split("\n");
  const after = lines.findIndex((line) => !line.startsWith("##"));
  const words = lines
    .slice(0, after)
    .map((line) => line.replace(/^##\s*/, ""))
    .join(" ");
  const end = words.search(/(?<!\bal)\.(?: |$)/);
  return words.slice(0, end < 0 ? undefined : end).replaceAll("|", "\\|");
}
