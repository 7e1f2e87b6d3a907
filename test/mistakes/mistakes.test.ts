import { render, standardLibrary } from "tfmc";
import { describe, expect, test } from "vitest";
import { mended, problemsOf } from "./mended.js";
import { mistakes, type Mistake } from "./programs.js";

const filesOf = ({ file, text }: Mistake): ReadonlyMap<string, string> => new Map([[file, text]]);

describe.each(mistakes)("$topic: $name", (mistake) => {
  const files = filesOf(mistake);
  const [problem, ...others] = problemsOf(files);

  test("is one problem, at the mistake", () => {
    expect(others).toEqual([]);
    expect(problem?.primary).toMatchObject({ file: mistake.file, span: mistake.span });
  });

  test("is mended by what the help says", () => {
    expect(problem?.help ?? problem?.primary?.label).toMatch(/./);
    expect(problem?.fixes).not.toEqual([]);
    expect(problem && problemsOf(mended(files, problem))).toEqual([]);
  });
});

test("there are the forty most likely", () => {
  expect(mistakes.length).toBeGreaterThanOrEqual(40);
});

/** What a terminal shows, and the lines that the fix changes. */
function shown(mistake: Mistake): string {
  const files = filesOf(mistake);
  return problemsOf(files)
    .map((problem) => {
      const text = render(problem, { source: (file) => standardLibrary.get(file) ?? files.get(file) });
      const fixed = mended(files, problem).get(mistake.file) ?? "";
      return `${text}\n\n${changes(mistake.text, fixed)}`;
    })
    .join("\n\n");
}

function changes(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const start = old.findIndex((line, n) => line !== now[n]);
  const end = old.findLastIndex((line, n) => line !== now[n + now.length - old.length]) + 1;
  const removed = old.slice(start, Math.max(end, start)).map((line) => `- ${line}`);
  const added = now.slice(start, Math.max(end + now.length - old.length, start)).map((line) => `+ ${line}`);
  return [...removed, ...added].join("\n");
}

test("each is told well; `npm run update` writes it anew", async () => {
  const text = mistakes.map((mistake) => `# ${mistake.topic}/${mistake.name}\n\n${shown(mistake)}\n`).join("\n\n");
  await expect(text).toMatchFileSnapshot("rendered.txt");
});

const cell = (text: string): string => text.replaceAll("|", "\\|");

test("the page has each; `npm run update` writes it anew", async () => {
  const topics = [...new Set(mistakes.map(({ topic }) => topic))];
  const sections = topics.flatMap((topic) => {
    const rows = mistakes.filter((mistake) => mistake.topic === topic).map(row);
    return [`## ${topic.charAt(0).toUpperCase()}${topic.slice(1)}`, "", ...columns, ...rows, ""];
  });
  await expect([...head, ...sections, ...tail].join("\n")).toMatchFileSnapshot("../../docs/mistakes.md");
});

function row(mistake: Mistake): string {
  const { elsewhere, thread, text, span } = mistake;
  const from = text.lastIndexOf("\n", span.start) + 1;
  const line = text.slice(from, text.indexOf("\n", Math.max(span.end, span.start + 1)));
  const [problem] = problemsOf(filesOf(mistake));
  const link = thread === undefined ? "" : ` ([thread](${thread}))`;
  const code = `[${problem?.code}](errors/${problem?.code}.md)`;
  const says = problem?.help ?? problem?.primary?.label ?? "";
  const cells = [
    `${elsewhere}${link}`,
    `\`${line.trim().replace(/ *\{$/, "")}\``,
    `${code}: ${unlinked(problem?.message ?? "")}. *${says}*`,
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

/** `softmax[axis](x)` is no link. */
const unlinked = (text: string): string => (text.includes("](") ? `\`${text}\`` : text);

const columns = ["| Elsewhere | Here | What tfmc says, and its help |", "| --- | --- | --- |"];

const head = [
  "# Mistakes, and what tfmc says of them",
  "",
  "What people get wrong when they write transformers, taken from threads about other systems, where most of these come as",
  "a failure of some later operation, or not at all. Each row is a test (`test/mistakes/programs/`): the program gives this",
  "one problem, it points at the mistake, and the program checks once the help's edit is made. `test/mistakes/rendered.txt`",
  "shows them as a terminal does.",
  "",
];

const tail = [
  "## Mistakes that cannot be written",
  "",
  "- **Heads viewed instead of transposed** (`view(batch, heads, seq, c)` of a `[batch, seq, heads * c]` tensor, which scrambles",
  "  the tokens): a `rearrange` names what it splits and where the parts go, and a split cannot cross axes.",
  "- **A missing transpose before the product of queries and keys**: `dot[c](q, k)` and `attend[i, j](q, k, v)` find axes by name.",
  "- **A softmax over the queries**: `attend[i, j]` is the softmax over `j`.",
  "- **A norm over the wrong axis**: the norms of the library take the last axis, and a tensor whose last axis is another one has",
  "  another type.",
  "- **Equal sizes swapped** (`[seq, d]` for `[d, seq]` where both are 64): axes are compared by name too.",
  "- **A size of 1 that stretches by accident**: operands are aligned by name, and 1 is a size like any other.",
  "- **Wrong lengths of a key-value cache**: decoding is derived from the model; there is no cache to size.",
  "- **Dropout left on while sampling**: `dropout` acts in training only.",
  "",
];
