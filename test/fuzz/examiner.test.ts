import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problem, type Problem } from "../../compiler/diagnostics/problem.js";
import { startExaminer, type Examiner } from "./examiner.js";
import { faultsOfFormatting, faultsOfList, faultsOfText } from "./faults.js";

describe("a thread that fails is noticed, and the next input gets another:", { timeout: 300_000 }, () => {
  let examiner: Examiner;
  beforeAll(async () => void (examiner = await startExaminer("faulty-worker.ts", 2_000)));
  afterAll(() => examiner.close());

  test.each([
    ["hang", /^no answer in 2000 ms$/],
    ["eat", /^(the thread ended: .*memory limit|no answer)/],
    ["throw", /^the thread ended: thrown$/],
  ])("%s", async (deed, fault) => {
    const { faults } = await examiner.examine({ files: new Map([[deed, ""]]) });
    expect(faults).toEqual([expect.stringMatching(fault)]);
    expect(await examiner.examine({ files: new Map([["nothing", ""]]) })).toMatchObject({ faults: [] });
  });
});

describe("problems are amiss", () => {
  const files = new Map([["a.tfm", "outer a\n"]]);
  const at = (start: number, end: number, file = "a.tfm"): Problem =>
    problem("N102", { name: "x" }, { file, span: { start, end } });

  test.each([
    ["behind the text", [at(8, 9)]],
    ["with ends the wrong way round", [at(3, 2)]],
    ["in a file that nobody has", [at(0, 1, "b.tfm")]],
    ["out of order", [at(3, 4), at(1, 2)]],
    ["twice", [at(1, 2), at(1, 2)]],
  ])("%s", (_, problems) => {
    expect(faultsOfList(problems, files)).toHaveLength(1);
  });

  test("with values that are not there", () => {
    expect(faultsOfText(problem("D401", { what: "this is undefined" }, at(0, 1).primary), files)).toHaveLength(1);
    expect(faultsOfText(problem("D401", { what: "two\nlines" }, at(0, 1).primary), files)).toHaveLength(1);
  });

  test("unless nothing is", () => {
    expect(faultsOfList([at(1, 2), at(3, 4)], files)).toEqual([]);
    expect(faultsOfText(at(1, 2), files)).toEqual([]);
    expect(faultsOfFormatting("outer   a")).toEqual([]);
  });
});
