import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limits, startExaminer, type Examiner } from "./examiner.js";
import * as programs from "./hostile-programs.js";
import type { Files } from "./corpus.js";

/** Far more than the watchdog waits for, since it counts otherwise. */
const patience = { timeout: 30 * limits.milliseconds };
let examiner: Examiner;
beforeAll(async () => void (examiner = await startExaminer()));
afterAll(() => examiner.close());

/** The problems of a program, in which nothing is amiss but what it says. */
async function problemsOf(program: string | Files): Promise<readonly string[]> {
  const files = typeof program === "string" ? new Map([["model.tfm", program]]) : program;
  const { faults, problems } = await examiner.examine({ files });
  expect(faults).toEqual([]);
  return problems;
}

const codesOf = (problems: readonly string[]): string[] => [...new Set(problems.map((each) => each.slice(0, 4)))];

describe("what doubles with each level is given up on:", patience, () => {
  test.each(Object.entries(programs.doubling))("%s", async (_, text) => {
    expect(await problemsOf(text)).toEqual([expect.stringMatching(/^L701 reading \w+ takes more than 40_000 steps$/)]);
  });
});

describe("what leads back to itself is refused:", patience, () => {
  test.each(Object.entries(programs.endless))("%s", async (_, text) => {
    expect(codesOf(await problemsOf(text))).toEqual(["N109"]);
  });
});

describe("a chain that is too long is refused:", patience, () => {
  test.each(Object.entries(programs.chains))("%s", async (_, text) => {
    expect(await problemsOf(text)).toEqual(["L701 definitions that use each other nest more than 100 levels deep"]);
  });
});

describe("much that is right is read:", patience, () => {
  test.each(Object.entries(programs.large))("%s", async (_, text) => {
    expect(await problemsOf(text)).toEqual([]);
  });
});

describe("of much that is wrong a part is told:", patience, () => {
  test.each(Object.entries(programs.wrong))("%s", async (_, text) => {
    const problems = await problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(100);
  });
});

describe("past a limit of the grammar one problem says what it is:", patience, () => {
  test.each(Object.entries(programs.excessive))("%s", async (_, [text, limit]) => {
    expect(await problemsOf(text)).toEqual([expect.stringContaining(`S001 expected ${limit}`)]);
  });
});

describe("a number that is too large is refused where it stands:", patience, () => {
  test.each(Object.entries(programs.numbers))("%s", async (_, [text, code]) => {
    const problems = await problemsOf(text);
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${code}`))]);
    expect(problems.join().length).toBeLessThan(1_000);
  });
});

describe("names that every object has", patience, () => {
  test("are names like others", async () => {
    expect(await problemsOf(programs.stolenNames)).toEqual([]);
  });

  test("but for the one that no object can have", async () => {
    const text = programs.modelOf("  x += x |> __proto__: FFN");
    expect(await problemsOf(text)).toEqual(['S001 expected another name, found "__proto__"']);
  });

  test.each(programs.unknownStolen)("are unknown where nothing declares them (%#)", async (text) => {
    expect(codesOf(await problemsOf(text))).toContain("N102");
  });
});

describe("characters", patience, () => {
  const text = programs.modelOf("  x += x |> l: FFN");

  test.each(Object.entries(programs.dressed))("%s change nothing", async (_, dress) => {
    expect(await problemsOf(dress(text))).toEqual([]);
  });

  test.each(programs.strange)("%j is refused, once", async (character) => {
    const problems = await problemsOf(text.replace("FFN", `FFN ${character}`));
    expect(problems).toEqual([expect.stringMatching(/^S001 expected a name, a number or an operator, found "/)]);
  });

  test("old line ends make one line", async () => {
    expect(codesOf(await problemsOf(text.replaceAll("\n", "\r")))).not.toContain("L701");
  });
});

describe("imports", patience, () => {
  const piece = "block B(x: f32[2]) -> f32[2] { return x }";
  const from = (path: string): string => `import { B } from ${JSON.stringify(path)}`;

  test.each(["../../etc/x.tfm", "/etc/x.tfm", "sub/../../x.tfm", "..\\\\x.tfm", "./../x.tfm"])(
    "from %s leave the project",
    async (path) => {
      const files = new Map([
        ["model.tfm", from(path)],
        ["x.tfm", piece],
      ]);
      expect(await problemsOf(files)).toEqual([
        expect.stringMatching(/^N105 import ".*" (lies outside|cannot be read)/),
      ]);
    },
  );

  test.each(["/etc/passwd", "https://example.com/x", "", ".", "x.tfm/", "std/layers"])(
    "from %j name no .tfm file",
    async (path) => {
      expect(await problemsOf(from(path))).toEqual([expect.stringMatching(/^N105 import ".*" is not a \.tfm file$/)]);
    },
  );

  test("in a circle are told once", async () => {
    const files = new Map([
      ["model.tfm", from("b.tfm")],
      ["b.tfm", `import { A } from "model.tfm"\n${piece}`],
    ]);
    expect(codesOf(await problemsOf(files))).toEqual(["N103"]);
    expect(codesOf(await problemsOf(new Map([["model.tfm", from("model.tfm")]])))).toEqual(["N103"]);
  });

  test("one inside of the other have an end", async () => {
    const files = Array.from({ length: 5_000 }, (_, i): [string, string] => [
      `f${i}.tfm`,
      `import { B${i + 1} } from "f${i + 1}.tfm"\nblock B${i}(x: f32[2]) -> f32[2] { return x }`,
    ]);
    expect(await problemsOf(new Map(files))).toEqual([
      expect.stringMatching(/^N105 .* is nested more than 100 imports deep$/),
    ]);
  });

  test("of one file, again and again, read it once", async () => {
    const files = new Map([
      ["model.tfm", programs.many(20_000, () => from("b.tfm"))],
      ["b.tfm", piece],
    ]);
    expect(await problemsOf(files)).toEqual([]);
  });
});

test("a program of another kind is examined as thoroughly as any", async () => {
  expect(await problemsOf("\u007fELF\0\0\0")).not.toEqual([]);
});
