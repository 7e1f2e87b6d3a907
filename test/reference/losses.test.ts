/** Losses of the standard library against the reference's, each in a small file. */
import { describe, expect, test } from "vitest";
import { backendNames } from "tfmc/runtime";
import { verifyText } from "./verify-case.js";

const texts = {
  clip_contrastive_loss: `
outer image
outer text

model Pairs{wide = 26, narrow = 19, space = 11}
    (pictures: f32[image, wide], words: f32[text, narrow]) -> f32[image, space], f32[text, space] {
  param logit_scale: f32[] = 2.6592
  images = pictures |> image_projection: Linear{out: space, bias: false} |> unit
  texts = words |> text_projection: Linear{out: space, bias: false} |> unit
  return images, texts
}

task pair() on Pairs as images, texts -> f32[image, space], f32[text, space], f32[image, text], f32[] where image == text {
  logits = exp(logit_scale) * dot[space](images, texts)
  cost = contrastive(logits)
  return images, texts, logits, cost
}

config pairs = Pairs{}

weights Pairs from "someone/pairs" {
  * = "{}"
  input pictures = "image_features"
  input words = "text_features"
  output images = "image_embeds"
  output texts = "text_embeds"
  output logits = "logits_per_image"
  output cost = "loss"
}
`,
  distillation: `
block Mlp[n, d]{wide, classes, act: fn}(x: f32[n, d]) -> f32[n, classes] {
  return x |> hidden: Linear{out: wide} |> act |> output: Linear{out: classes}
}

model Taught[n]{d = 17, large = 41, small = 19, classes = 9}
    (x: f32[n, d]) -> f32[n, classes], f32[n, classes] {
  teacher_logits = x |> teacher: Mlp{wide: large, classes, act: gelu}
  student_logits = x |> student: Mlp{wide: small, classes, act: relu}
  return teacher_logits, student_logits
}

task teach(labels: i32[n]) on Taught as teacher_logits, student_logits
    -> f32[n, classes], f32[n, classes], f32[], f32[], f32[] {
  soft_loss = distillation[classes](student_logits, teacher_logits, temperature: 2.5)
  hard_loss = cross_entropy[classes](student_logits, labels)
  total = 0.7 * soft_loss + (1.0 - 0.7) * hard_loss
  return teacher_logits, student_logits, soft_loss, hard_loss, total
}

config taught = Taught{}

weights Taught from "someone/taught" {
  * = "{}"
  output total = "loss"
}
`,
};

describe.each(Object.entries(texts))("%s", (name, text) => {
  test.each(backendNames)("on %s", async (backend) => {
    const options = { weights: name, io: `${name}/io.safetensors`, tolerance: 1e-5, backend };
    const { ok, outputs } = await verifyText(text, options);
    expect(ok).toBe(true);
    expect(Object.keys(outputs).length).toBeGreaterThanOrEqual(4);
  });
});
