/** `quantize` and `prune` in a file, against the reference's outputs, from whole weights and from codes. */
import { describe, expect, test } from "vitest";
import { backendNames } from "tfmc/runtime";
import type { VerifyReport } from "../../cli/verify/verify.js";
import { verifyText } from "./verify-case.js";

/** The layer of the two cases, whose output goes by a name of the case. */
const layer = (output: string, d: number, out: number, rules: string): string => `
model Layer{d = ${d}, out = ${out}}(x: f32[batch, d]) -> f32[batch, out] {
  return x |> linear: Linear{out}
}

config small = Layer{}

${rules}

weights Layer from "someone/layer" {
  linear.(weight bias) = "{}"
  output output = "${output}"
}
`;

const verified = (text: string, weights: string, io: string, backend = "cpu"): Promise<VerifyReport> =>
  verifyText(text, { weights, io, tolerance: 1e-6, backend });

describe.each([
  ["int8", "quantize small { Linear.weight = int8[d] }"],
  ["int4", "quantize small { linear = int4[d](group: 32) }"],
])("%s", (name, rules) => {
  test.each(backendNames)("from whole weights and from codes, on %s", async (backend) => {
    for (const weights of ["model", name]) {
      const text = layer(`${name}_output`, 96, 11, rules);
      const report = await verified(
        text,
        `quantized_linear/${weights}.safetensors`,
        "quantized_linear/io.safetensors",
        backend,
      );
      expect(report).toMatchObject({ ok: true, outputs: { [`${name}_output`]: { ok: true } } });
    }
  });

  test("without the rule the numbers are others", async () => {
    const text = layer(`${name}_output`, 96, 11, "");
    const report = await verified(text, "quantized_linear/model.safetensors", "quantized_linear/io.safetensors");
    expect(report.ok).toBe(false);
  });
});

test.each([
  ["unstructured", "magnitude(0.5)"],
  ["structured", "two_of_four[d]"],
])("%s pruning", async (name, method) => {
  const text = layer(`${name}_output`, 20, 9, `prune small { * = ${method} }`);
  const report = await verified(text, "pruned_linear/model.safetensors", "pruned_linear/io.safetensors");
  expect(report).toMatchObject({ ok: true, outputs: { [`${name}_output`]: { ok: true } } });
});
