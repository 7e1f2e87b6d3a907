import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { examplesIn, rulesOf } from "../../cli/import/example-parts.js";
import { shipped } from "../../cli/import/families.js";
import { importCheckpoint, type ImportedFile } from "../../cli/import/import-checkpoint.js";
import { caseFolder } from "../reference/case-folders.js";
import { here } from "./here.js";
import { temporaryFolder } from "./temporary-folder.js";

type Json = Readonly<Record<string, unknown>>;

/** Writes a checkpoint's folder without weights. */
function checkpoint(config: Json | string, generation?: Json): string {
  const folder = temporaryFolder();
  const text = typeof config === "string" ? config : JSON.stringify(config);
  writeFileSync(join(folder, "config.json"), text);
  if (generation) writeFileSync(join(folder, "generation_config.json"), JSON.stringify(generation));
  return folder;
}

const imported = (config: Json, generation?: Json): ImportedFile =>
  importCheckpoint(checkpoint({ _name_or_path: "test", ...config }, generation), "test.tfm");

/** The config that was written, on one line. */
function configOf(config: Json): string {
  const { text, problems } = imported(config);
  expect(problems).toEqual([]);
  return (/^config test = (.*?\})$/ms.exec(text)?.[1] ?? "")
    .replace(/\s+/g, " ")
    .replace(/,? \}$/, "}")
    .replace("{ ", "{");
}

function refusalOf(config: Json): string {
  try {
    imported(config);
  } catch (error) {
    if (error instanceof Error) return error.message.replace(/^.*?config\.json/, "config.json");
    throw error;
  }
  return "none";
}

const llama = {
  model_type: "llama",
  vocab_size: 99,
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  eos_token_id: 2,
};

describe("the numbers", () => {
  test("of the published sizes are the example's own", () => {
    expect(configOf({ model_type: "gpt2" })).toBe("GPT2{}");
    expect(configOf({ model_type: "gpt2", n_embd: 1600, n_layer: 48, n_head: 25 })).toBe(
      "GPT2{d: 1600, depth: 48, heads: 25}",
    );
  });

  test("that follow from others are not said", () => {
    expect(configOf({ model_type: "gpt2", n_embd: 48, n_inner: 192 })).toBe("GPT2{d: 48}");
    expect(configOf({ model_type: "gpt2", n_embd: 48, n_inner: 200 })).toBe("GPT2{d: 48, ff: 200}");
    const small = "vocab: 99, ctx: 2048, d: 32, depth: 2, heads: 4, ff: 64, eps: 1e-6";
    expect(configOf({ ...llama, head_dim: 8, num_key_value_heads: null })).toBe(`Llama{${small}}`);
    expect(configOf({ ...llama, head_dim: 10, num_key_value_heads: 2 })).toBe(
      `Llama{${small.replace(" ff", " kv_heads: 2, head_dim: 10, ff")}}`,
    );
  });

  test("of the rotations, as transformers 5 writes them and as it used to", () => {
    const scaling = { factor: 32, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 16 };
    const now = configOf({ ...llama, rope_parameters: { ...scaling, rope_type: "llama3", rope_theta: 5e5 } });
    expect(now).toMatch(/theta: 5e5, eps: 1e-6, stretch: 32\.0, original: 16\}$/);
    expect(configOf({ ...llama, rope_theta: 5e5, rope_scaling: { ...scaling, rope_type: "llama3" } })).toBe(now);
    expect(configOf({ ...llama, rope_theta: 5e5, rope_scaling: { ...scaling, type: "llama3" } })).toBe(now);
    expect(configOf({ ...llama, rope_theta: 10000, rope_scaling: null })).toBe(configOf(llama));
    expect(configOf({ ...llama, rope_theta: 5e5, rope_scaling: null })).toContain("theta: 5e5");
    expect(configOf({ ...llama, rope_theta: 5e5, rope_scaling: { type: "default" } })).toContain("theta: 5e5");
  });

  test("of windows", () => {
    const mistral = { ...llama, model_type: "mistral", max_position_embeddings: 4000, num_key_value_heads: 2 };
    expect(configOf({ ...mistral, sliding_window: 7 })).toContain("span: 7");
    expect(configOf({ ...mistral, sliding_window: null })).toContain("span: 4000");
    expect(configOf(mistral)).not.toContain("span");
    const qwen = { ...llama, model_type: "qwen2", sliding_window: 7, num_key_value_heads: null };
    expect(configOf({ ...qwen, use_sliding_window: false })).toBe(
      configOf({ ...qwen, use_sliding_window: true, max_window_layers: 2 }),
    );
  });
});

describe("generation", () => {
  const generateOf = (config: Json, generation?: Json): string =>
    /^generate .*$/m.exec(imported({ ...llama, ...config }, generation).text)?.[0] ?? "";

  test("stops at the checkpoint's tokens; generation_config.json has the last word", () => {
    expect(generateOf({ eos_token_id: 7 })).toMatch(/^generate test\.lm over seq \{ .*, stop: 7 \}$/);
    expect(generateOf({ eos_token_id: [7, 8] })).toMatch(/stop: \[7, 8\] \}$/);
    expect(generateOf({ eos_token_id: 7 }, { eos_token_id: [5, 6] })).toMatch(/stop: \[5, 6\] \}$/);
    expect(generateOf({ eos_token_id: 7 }, {})).toMatch(/stop: 7 \}$/);
    expect(generateOf({ eos_token_id: null })).toMatch(/stop: \[\] \}$/);
  });

  test("samples as the checkpoint likes to be sampled", () => {
    expect(generateOf({}, { do_sample: true, temperature: 0.6, top_p: 0.95 })).toContain(
      "sample: top_p(0.95, temperature: 0.6)",
    );
    expect(generateOf({}, { do_sample: true, top_k: 40 })).toContain("sample: top_k(40)");
    expect(generateOf({}, { do_sample: false, temperature: 0.6 })).toBe(generateOf({}));
  });
});

test("what is written is the example with other numbers, and nothing of the published ones", () => {
  const { text } = importCheckpoint(caseFolder("gpt2_lm"), "gpt2_lm.tfm");
  expect(text).toContain("config gpt2_lm = GPT2{vocab: 99, ctx: 64, d: 32, depth: 2, heads: 4}\n");
  expect(text).toContain('weights GPT2 from "gpt2_lm" {');
  expect(text).toContain("# one fused tensor on disk");
  expect(text).not.toMatch(/^check|gpt2_xl|124_439_808/m);
});

test("no two examples are for one checkpoint", () => {
  const claims = shipped().flatMap(({ name, text }) =>
    examplesIn(name, text).flatMap(({ weights }) => {
      const classes = rulesOf(weights, "class-rule").flatMap((rule) => rule.classes.map(({ value }) => value));
      const types = rulesOf(weights, "type-rule").flatMap((rule) => rule.names.map(({ value }) => value));
      return types.flatMap((type) =>
        (classes.length > 0 ? [...new Set(classes)] : [""]).map((one) => `${type} ${one}`),
      );
    }),
  );
  expect(claims.length).toBeGreaterThan(5);
  expect(claims.filter((claim, n) => claims.indexOf(claim) < n)).toEqual([]);
});

test("a name becomes one of the language's", () => {
  const nameOf = (path: string): string | undefined =>
    /^config (\w+)/m.exec(imported({ model_type: "gpt2", _name_or_path: path }).text)?.[1];
  expect(nameOf("openai-community/gpt2-medium")).toBe("gpt2_medium");
  expect(nameOf("/models/7B Chat (v1.2)/")).toBe("gpt2");
  expect(nameOf("me/7B-Chat")).toBe("gpt2_7b_chat");
  expect(nameOf("lm")).toBe("lm_model");
  expect(nameOf("607a30d783dfa663caf39e06633721c8d4cfcd7e")).toBe("gpt2");
  expect(nameOf('x"{}\n evil')).toBe("x_evil");
});

describe("refused", () => {
  test.each<[Json, string]>([
    [{}, "config.json has no model_type"],
    [{ model_type: "brt" }, 'config.json: model_type "brt" is not known'],
    [{ ...llama, hidden_act: "gelu" }, 'config.json: hidden_act is "gelu", the example knows "silu" and "swish"'],
    [
      { model_type: "gpt2", scale_attn_by_inverse_layer_idx: true },
      "config.json: scale_attn_by_inverse_layer_idx is true, the example knows only false",
    ],
    [
      { model_type: "gpt2", tie_word_embeddings: false },
      "config.json: tie_word_embeddings is false, the example knows only true",
    ],
    [{ model_type: "gpt2", n_head: 2.5 }, "config.json: n_head is 2.5; a whole number is due"],
    [
      { model_type: "gpt2", architectures: ["GPT2ForSequenceClassification"] },
      'config.json: architectures is ["GPT2ForSequenceClassification"], the example knows GPT2LMHeadModel',
    ],
    [
      { ...llama, quantization_config: { bits: 4 } },
      'config.json: quantization_config is {"bits":4}, and packed weights are not supported',
    ],
    [
      { ...llama, rope_scaling: { type: "yarn", factor: 4 } },
      'config.json: rope_scaling.type is "yarn", the example knows "default" and "llama3"',
    ],
    [{ ...llama, rope_parameters: { rope_type: "llama3" } }, "config.json has no rope_parameters.factor"],
    [
      { ...llama, model_type: "mistral", rope_parameters: { rope_type: "llama3" } },
      'config.json: rope_parameters.rope_type is "llama3", the example knows only "default"',
    ],
    [
      { ...llama, model_type: "qwen2", use_sliding_window: true, max_window_layers: 1 },
      "config.json: use_sliding_window is true, the example knows only false",
    ],
    [
      { ...llama, model_type: "qwen2", use_sliding_window: true, max_window_layers: 0 },
      "config.json: use_sliding_window is true, the example knows only false",
    ],
    [
      { ...llama, model_type: "qwen3", use_sliding_window: true, layer_types: ["full_attention", "sliding_attention"] },
      'config.json: layer_types is ["full_attention","sliding_attention"], the example knows only "full_attention"',
    ],
    [{ ...llama, partial_rotary_factor: 0.5 }, "config.json: partial_rotary_factor is 0.5, the example knows only 1"],
  ])("%j", (config, message) => {
    expect(refusalOf(config)).toBe(message);
  });

  test("a folder without config.json, or with one that is no JSON", async () => {
    const empty = temporaryFolder();
    expect((await here("import", empty)).stderr).toBe(
      `error: cannot read ${empty}/config.json: no such file or folder\n`,
    );
    expect((await here("import", join(empty, "none"))).stderr).toMatch(/^error: .*none is no folder\n/);
    const broken = checkpoint("{");
    expect((await here("import", broken)).stderr).toMatch(/^error: .*config\.json is no JSON: /);
    expect((await here("import", checkpoint("[]"))).stderr).toMatch(/config\.json holds no JSON object\n$/);
  });

  test("numbers that do not fit together, by the checker, and the earlier file stays", async () => {
    const output = join(temporaryFolder(), "out.tfm");
    writeFileSync(output, "earlier");
    const folder = checkpoint({ model_type: "gpt2", _name_or_path: "odd", n_head: 10 });
    const { status, stdout, stderr } = await here("import", folder, "-o", output);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^error\[T201\] heads = 10 cannot split d = 768\n/);
    expect(stderr).toMatch(/config odd = GPT2\{heads: 10\}/);
    expect(readFileSync(output, "utf8")).toBe("earlier");
    expect(readdirSync(join(output, ".."))).toEqual(["out.tfm"]);
  });
});

test("fields that it does not know, and dropout that differs, are told", () => {
  const { notes } = imported({
    model_type: "gpt2",
    resid_pdrop: 0.2,
    embd_pdrop: 0.2,
    attn_pdrop: 0.3,
    logit_scale: 2,
    use_cache: true,
    n_ctx: 1024,
    foo: null,
  });
  expect(notes).toEqual([
    "attn_pdrop = 0.3 is left out, resid_pdrop = 0.2 stands for it: it acts in training only",
    expect.stringMatching(/config\.json: logit_scale is not known to tfmc import, and is ignored$/),
  ]);
});

test("without -o the text goes to standard output", async () => {
  const { status, stdout } = await here("import", caseFolder("qwen3_lm"));
  expect(status).toBe(0);
  expect(stdout).toBe(importCheckpoint(caseFolder("qwen3_lm"), "x.tfm").text);
  const json: unknown = JSON.parse((await here("import", caseFolder("qwen3_lm"), "--json")).stdout);
  expect(json).toEqual({ ok: true, text: stdout, notes: [] });
});
