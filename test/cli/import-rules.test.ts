/** What the rules of a `weights` block make of a config.json, with a file of one's own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importCheckpoint, type ImportedFile } from "../../cli/import/import-checkpoint.js";
import { temporaryFolder } from "./temporary-folder.js";

const blocks = `
  model M[n]{vocab = 9, d = 4, ff = 2 * d, act: fn = gelu, gain = 1.5, tied = false, kinds = "x", eps = 1e-5}
      (ids: i32[batch, n]) -> f32[batch, n, d] {
    return ids |> embed: Embedding{size: vocab, d} |> mlp: FFN{ff, act}
  }
  ## Words that follow.
  task lm() on M as x -> f32[batch, n, vocab] {
    if tied { return dot[d](x, embed.weight) }
    else { return x |> head: Linear{out: vocab, bias: false} }
  }
  ## Which of the classes a text is of.
  task sort{classes = 2}() on M as x -> f32[batch, classes] { return x[n: 0] |> sorter: Linear{out: classes} }
  config published = M{}
  config tied = M{tied: true}
  check params(published) == 112
  generate published.lm over n { stop: 1 }
`;

interface Given {
  readonly rules?: string;
  readonly config?: Readonly<Record<string, unknown>> | undefined;
}

function imported({ rules = "", config = {} }: Given): ImportedFile {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "config.json"), JSON.stringify({ model_type: "own", _name_or_path: "test", ...config }));
  const text = `${blocks}weights M from "someone/m" {\n type "own"\n ${rules.trim().replaceAll("\n", "\n ")}\n * = "{}"\n}`;
  return importCheckpoint(folder, "test.tfm", { sources: [{ name: "own", text }] });
}

/** The entries that are given, on one line. */
function entries(given: Given): string {
  const { text, problems } = imported(given);
  expect(problems).toEqual([]);
  return (/^config test = M\{([^}]*)\}$/m.exec(text)?.[1] ?? "none").replace(/\s+/g, " ").replace(/^ |,? $/g, "");
}

function refusal(given: Given): string {
  try {
    imported(given);
  } catch (error) {
    if (error instanceof Error) return error.message.replace(/^.*?config\.json/, "config.json");
    throw error;
  }
  return "none";
}

describe("a config rule", () => {
  test.each<[rule: string, config: Given["config"], entries: string]>([
    ['config d = "size"', { size: 6 }, "d: 6"],
    ['config d = "size"', {}, ""],
    ['config d = "size" else 8', {}, "d: 8"],
    ['config d = "size" else 8', { size: null }, "d: 8"],
    ['config d = "a" | "b"', { b: 3 }, "d: 3"],
    ['config d = "a" | "b"', { a: null, b: 3 }, "d: 3"],
    ['config d = "inner.size"', { inner: { size: 3 } }, "d: 3"],
    ['config d = "sizes[1]"', { sizes: [3, 5] }, "d: 5"],
    ['config d = "sizes[1::2]"', { sizes: [3, 5, 4, 5] }, "d: 5"],
    ['config d = "sizes[:]" else 7', { sizes: [] }, "d: 7"],
    ['config d = count("names")', { names: { 0: "a", 1: "b", 2: "c" } }, "d: 3"],
    ['config d = "size", ff = "ratio" * d', { size: 4, ratio: 3.5 }, "ff: 14"],
    ['config ff = "inner" else 4 * d, d = "size"', { size: 6 }, "d: 6, ff: 24"],
    ['config d = if "wide" then 32 else 16', { wide: true }, "d: 32"],
    ['config d = "kind" is {"small": 3, "large": "size"}', { kind: "large", size: 5 }, "d: 5"],
    ['config d = "size" is {null: 12} else 16', { size: null }, "d: 12"],
    ['config d = "size" is {null: 12} else 16', {}, "d: 16"],
    ['config d = "size" is {null: 12, 3: 30} else 16', { size: 3 }, "d: 30"],
    ['config act = "act"', { act: "gelu_new" }, "act: gelu_tanh"],
    ['config act = "act" is {"odd": relu}', { act: "odd" }, "act: relu"],
    ['config gain = "gain"', { gain: 2 }, "gain: 2.0"],
    ['config eps = "eps"', { eps: 1e-12 }, "eps: 1e-12"],
    ['config kinds = "kind"', { kind: "y" }, 'kinds: "y"'],
    ['config tied = "share" else false', { share: true }, "tied: true"],
    ['config eps = "rope_parameters.rope_theta"', { rope_theta: 0.5 }, "eps: 0.5"],
    ['config eps = "rope_parameters.factor"', { rope_scaling: { factor: 0.5 } }, "eps: 0.5"],
  ])("%s of %j", (rules, config, found) => {
    expect(entries({ rules, config })).toBe(found);
  });
});

describe("refused", () => {
  test.each<[rule: string, config: Given["config"], message: string]>([
    ['config d = "size"', { size: "big" }, 'config.json: size is "big"; a whole number is due'],
    ['config d = "size"', { size: 2.5 }, "config.json: size is 2.5; a whole number is due"],
    ['config ff = "ratio" * d', { ratio: 0.3 }, "config.json: ff would be 1.2; a whole number is due"],
    ['config tied = "share"', { share: 1 }, "config.json: share is 1; true or false is due"],
    [
      'config act = "act" is {"odd": relu}',
      { act: "even" },
      'config.json: act is "even", the example knows only "odd"',
    ],
    [
      'config d = "sizes[:]"',
      { sizes: [1, 2] },
      "config.json: sizes is [1,2], the example has one value for all of these",
    ],
    ['config d = "kind" is {"own": "size"}', { kind: "own" }, "config.json has no size"],
    ['expect "kind" = "a" | "b"', { kind: "c" }, 'config.json: kind is "c", the example knows "a" and "b"'],
    [
      'expect "kinds[::2]" = "a"',
      { kinds: ["a", "b", "c"] },
      'config.json: kinds[::2] is ["a","c"], the example knows only "a"',
    ],
    ['expect "depth" = -1', { depth: 2 }, "config.json: depth is 2, the example knows only -1"],
    ['expect "depth" = null', { depth: 2 }, "config.json: depth is 2, the example knows only null"],
    [
      'expect "on" = false when "from" < d',
      { on: true, from: 3 },
      "config.json: on is true, the example knows only false",
    ],
    [
      'task lm = "MForLM"',
      { architectures: ["MForLL"] },
      'config.json: architectures is ["MForLL"], the example knows MForLM',
    ],
    ["", { model_type: "owm" }, 'config.json: model_type "owm" is not known'],
    [
      "",
      { quantization_config: { bits: 4 } },
      'config.json: quantization_config is {"bits":4}, and packed weights are not supported',
    ],
  ])("%s of %j", (rules, config, message) => {
    expect(refusal({ rules, config })).toBe(message);
  });

  test.each<[rule: string, config: Given["config"]]>([
    ['expect "kind" = "a"', {}],
    ['expect "kind" = "a"', { kind: null }],
    ['expect "kinds[:]" = "a"', { kinds: [] }],
    ['expect "on" = false when "from" < d', { on: true, from: 4 }],
    ['expect "on" = false when "from" < d', { on: true }],
  ])("not: %s of %j", (rules, config) => {
    expect(refusal({ rules, config })).toBe("none");
  });
});

describe("tasks", () => {
  const rules = `
    task lm = "MForLM" | "MLMHead"
    task sort = "MForSorting"
    model M = "MModel"
    config tied = "share", classes = count("id2label")
    head = "head"
  `;
  const namesOf = ({ text }: ImportedFile): string[] => [...text.matchAll(/^(?:task|generate) [\w.]+/gm)].map(String);

  test("are those of the checkpoint's class; with the others go their documentation and their generate", () => {
    const both = imported({ rules });
    expect(namesOf(both)).toEqual(["task lm", "task sort", "generate test.lm"]);
    const one = imported({ rules, config: { architectures: ["MForSorting"], id2label: { 0: "a", 1: "b", 2: "c" } } });
    expect(namesOf(one)).toEqual(["task sort"]);
    expect(one.text).toContain("## Which of the classes a text is of.\ntask sort{classes = 2}");
    expect(one.text).toContain("config test = M{classes: 3}");
    expect(one.text).not.toContain("Words that follow");
    expect(namesOf(imported({ rules, config: { architectures: ["MLMHead"] } }))).toEqual([
      "task lm",
      "generate test.lm",
    ]);
    expect(namesOf(imported({ rules, config: { architectures: ["MModel"] } }))).toEqual([]);
  });

  test("rules for weights that the checkpoint lacks become names to ignore", () => {
    const rulesOf = (config: Given["config"]): string =>
      /^weights[^]*?^\}/m.exec(imported({ rules, config }).text)?.[0] ?? "";
    expect(rulesOf({ architectures: ["MForLM"] })).toBe('weights M from "test" {\n  head = "head"\n  * = "{}"\n}');
    const ignoring = 'weights M from "test" {\n  ignore "head.*"\n  * = "{}"\n}';
    expect(rulesOf({ architectures: ["MForLM"], share: true })).toBe(ignoring);
    expect(rulesOf({ architectures: ["MModel"] })).toBe(ignoring);
  });
});

test("fields that no rule asks for are told, as are those inside of others, and dropout that is another", () => {
  const rules = 'config d = "size.d", gain = "pdrop"\nexpect "size.e" = 1\nignore config "size.g", "odd"';
  const config = {
    size: { d: 4, e: 1, f: 2, g: 3, model_type: "x" },
    odd: 1,
    even: { a: 1 },
    pdrop: 1.5,
    attention_dropout: 0,
    hidden_dropout: 1.5,
    drop_path_rate: 0.2,
  };
  expect(imported({ rules, config }).notes.map((note) => note.replace(/^.*?config\.json/, "config.json"))).toEqual([
    "config.json: size.f is not known to tfmc import, and is ignored",
    "config.json: even is not known to tfmc import, and is ignored",
    "drop_path_rate = 0.2 is left out, pdrop = 1.5 stands for it: it acts in training only",
  ]);
});
