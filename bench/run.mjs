// `npm run bench [name ...]`: runs the measurements of that name, or all; `--json` prints them as JSON, `--json FILE` writes
// them there as well as printing the table.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const known = ["cold", "check", "lsp", "decode", "memory"];

const [args, json] = split(process.argv.slice(2));
const unknown = args.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no measurement ${unknown.join(", ")}; there are ${known.join(", ")}`);
  process.exit(1);
}

const names = args.length > 0 ? args : known;
const report = {
  machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
  results: names.flatMap((name) => measure(name)),
};
if (json !== "-") print(report);
if (json === "-") console.log(JSON.stringify(report, undefined, 2));
else if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);

/** Each in a process of its own, so that none inherits the memory or the warmth of another. */
function measure(name) {
  process.stderr.write(`measuring ${name} ...\n`);
  const script = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const output = execFileSync(process.execPath, [script], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return JSON.parse(output).map((result) => ({ measurement: name, ...result, met: isMet(result) }));
}

function isMet({ value, aim }) {
  if (!aim) return undefined;
  return aim.atMost === undefined ? value >= aim.atLeast : value <= aim.atMost;
}

function print({ machine, node, results }) {
  console.log(`${machine}, Node ${node}`);
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, value, unit, aim, met } of results) {
    const bound = aim && (aim.atMost === undefined ? `at least ${shown(aim.atLeast)}` : `at most ${shown(aim.atMost)}`);
    const verdict = bound ? `   aim: ${bound} ${unit}${met ? "" : ", missed"}` : "";
    console.log(`${name.padEnd(width)}  ${shown(value).padStart(9)} ${unit}${verdict}`);
  }
}

function shown(value) {
  return value < 10 ? value.toFixed(3) : value.toFixed(1);
}

function split(given) {
  const at = given.indexOf("--json");
  if (at < 0) return [given, undefined];
  const target = given[at + 1];
  const file = target !== undefined && !known.includes(target) ? target : undefined;
  return [given.filter((_, index) => index !== at && !(file !== undefined && index === at + 1)), file ?? "-"];
}
