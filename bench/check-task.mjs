// One process of `check.mjs`: `node check-task.mjs FILE` checks a file for the first time; with a number, also after so many edits.
import { readFileSync } from "node:fs";

const [file, edits] = process.argv.slice(2);
const started = performance.now();
// As the command does for itself.
const { optimizeLater } = await import("../dist/cli/optimize-later.js");
optimizeLater();
const { createChecker } = await import("../dist/compiler/index.js");
let text = readFileSync(file, "utf8");
const checker = createChecker(() => text);
const { problems } = checker.check(file);
const cold = performance.now() - started;
if (problems.length > 0) throw new Error(`${problems.length} problems, the first: ${problems[0].message}`);

/** Numbers that look random and are the same each time. */
let state = 1;
function below(limit) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

const times = [];
const first = text;
// Found once: to look for all of them before each edit leaves more garbage than all that is measured.
const tokens = [...first.matchAll(/"[^"\n]*"|\w+|\|>|->|[^\s\w]/g)].map(({ 0: own, index }) => ({ own, index }));

/** Another token in the place of one: what follows is read, and the next edit takes it back. */
function edited() {
  const { own, index } = tokens[below(tokens.length)];
  return first.slice(0, index) + tokens[below(tokens.length)].own + first.slice(index + own.length);
}

for (let n = 0; n < Number(edits ?? 0); n++) {
  for (const next of [edited(), first]) {
    text = next;
    const begun = performance.now();
    checker.check(file);
    times.push(performance.now() - begun);
  }
}
console.log(JSON.stringify({ cold, times }));
