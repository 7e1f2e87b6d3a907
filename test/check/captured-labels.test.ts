import { check, compile } from "tfmc";
import { describe, expect, test } from "vitest";
import { verifyModule } from "../../compiler/ir/verify.js";

/** Axes of the model that are called as axes of the attention's own are: captured tensors have them too. */
const programs: Readonly<Record<string, string>> = {
  "a score with the axis d": `
    model M[seq]{d = 3, w = 4}(x: f32[batch, d, seq, w], y: f32[d, seq]) -> f32[batch, d, seq, w] {
      return x |> attn: Attention{heads: 2}(score: s + y[seq: k])
    }
    config m = M{}`,
  "a mask with the axis g": `
    model M[seq]{n = 3, w = 4}(x: f32[batch, g: n, seq, w], keep: bool[g: n, seq]) -> f32[batch, g: n, seq, w] {
      return x |> attn: Attention{heads: 2}(mask: keep[seq: k] & causal)
    }
    config m = M{}`,
};

describe("axes that step aside inside an attention", () => {
  test.each(Object.entries(programs))("%s", async (_, text) => {
    const { problems, lowered, code } = await compile("model.tfm", () => text);
    expect(problems).toEqual([]);
    expect(lowered && verifyModule(lowered.module, "lowered")).toEqual([]);
    expect(code).toContain("attend(");
  });

  test("an axis that the scores lack is still one", () => {
    const text = `
      model M[seq]{d = 3, w = 4}(x: f32[batch, d, seq, w], y: f32[e: 5, seq]) -> f32[batch, d, seq, w] {
        return x |> attn: Attention{heads: 2}(score: s + y[seq: k])
      }`;
    expect(check("model.tfm", () => text).problems.map(({ code }) => code)).toEqual(["T202"]);
  });
});
