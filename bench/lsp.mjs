// The language server as editors run it: from its start to the first diagnostics, from a keystroke to the next ones, and what
// it holds after very many of them.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { largeFile } from "./large-file.mjs";
import { openEditor } from "./lsp-client.mjs";
import { atShare, median } from "./statistics.mjs";

const rounds = 9;
const text = largeFile(1_000);
const typed = "  extra = x |> Linear{out: 3 * 5}";

/** The lines in bodies, behind which a statement may be typed. */
const places = text
  .split("\n")
  .flatMap((line, number) => (/^ {2}\w+ = .*[^{([,]$/.test(line) ? [{ number, line }] : []));

const seconds = async (action) => {
  const started = performance.now();
  await action();
  return (performance.now() - started) / 1e3;
};

const starts = [];
const wholes = [];
const bare = [];
for (let round = 0; round < rounds; round++) {
  bare.push(await seconds(() => execFileSync(process.execPath, ["-e", "0"])));
  let editor;
  let problems;
  wholes.push(
    await seconds(async () => {
      starts.push(await seconds(async () => void (editor = await openEditor(text))));
      problems = await editor.all;
    }),
  );
  if (problems.length > 0) throw new Error(`the file has mistakes: ${problems[0].message}`);
  await editor.close();
}

const editor = await openEditor(text);
await editor.all;
const times = [];
const press = async (key, start, end) => {
  const started = performance.now();
  await editor.type(key, start, end);
  times.push(performance.now() - started);
};
for (let n = 0; n < 12; n++) {
  const { number, line } = places[Math.floor(((n + 0.5) * places.length) / 12)];
  await press("\n", { line: number, character: line.length });
  for (const [at, key] of [...typed].entries()) await press(key, { line: number + 1, character: at });
  await press("", { line: number, character: line.length }, { line: number + 1, character: typed.length });
}
await editor.close();

const task = fileURLToPath(new URL("lsp-memory-task.mjs", import.meta.url));
const heap = JSON.parse(execFileSync(process.execPath, ["--expose-gc", task], { encoding: "utf8" }));

console.log(
  JSON.stringify([
    { name: "node -e 0", unit: "s", value: median(bare) },
    { name: "start to first diagnostics, 1,000 lines", unit: "s", value: median(starts), aim: { atMost: 0.5 } },
    { name: "start to all diagnostics, 1,000 lines", unit: "s", value: median(wholes) },
    { name: "keystroke to diagnostics, median", unit: "ms", value: median(times), aim: { atMost: 5 } },
    { name: "keystroke to diagnostics, 95 %", unit: "ms", value: atShare(times, 0.95), aim: { atMost: 15 } },
    { name: "heap in use, edits 1 to 5,000", unit: "MB", value: heap.early / 1e6 },
    {
      name: "heap in use, edits 5,001 to 10,000, more",
      unit: "MB",
      value: (heap.late - heap.early) / 1e6,
      aim: { atMost: 10 },
    },
  ]),
);
