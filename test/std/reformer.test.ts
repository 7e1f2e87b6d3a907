import { beforeAll, describe, test } from "vitest";
import { backendNames, useBackend } from "tfmc/runtime";
import { randomArray } from "../ir/random-weights.js";
import { at, expectModel, range, softmax, sum, value } from "./expect-run.js";

/** Hashing, sorting, chunking and looking one chunk back (Kitaev et al. 2020, section 2), of queries that are the keys. */
const body = `
  turned = dot[c](x, rotations)
  code = argmax[b](concat[b](turned[half -> b], (-turned)[half -> b]))
  order = argsort[n](code * n + @n)
  xs = x[n: order] |> rearrange[batch heads (m i) c -> batch heads m i c; i = chunk]
  codes = code[n: order] |> rearrange[batch heads (m i) -> batch heads m i; i = chunk]
  places = order |> rearrange[batch heads (m i) -> batch heads m i; i = chunk]
  keys = concat[j](roll[m: 1](xs)[i -> j], xs[i -> j])
  key_codes = concat[j](roll[m: 1](codes)[i -> j], codes[i -> j])
  key_places = concat[j](roll[m: 1](places)[i -> j], places[i -> j])
  y = attend[i, j](xs, keys, keys) {
    scale: c ^ -0.5,
    mask: codes[i: q] == key_codes[j: k] & key_places[j: k] <= places[i: q],
    score: if places[i: q] == key_places[j: k] then -1e5 else s
  }
  sorted = y |> rearrange[batch heads m i c -> batch heads (n: m i) c]
  return sorted[n: argsort[n](order)]`;

describe.each(backendNames)("on %s", (backend) => {
  beforeAll(async () => void (await useBackend(backend)));

  test("attention by locality-sensitive hashing", async () => {
    const [b, heads, n, c, chunk] = [2, 3, 12, 4, 3];
    const x = randomArray([b, heads, n, c], "x");
    const rotations = randomArray([heads, c, 2], "rotations");
    const due = value([b, heads, n, c], (m, h, i, channel) => {
      const codes = range(n).map((position) => {
        const turned = range(2).map((r) => sum(range(c).map((k) => at(x, m, h, position, k) * at(rotations, h, k, r))));
        const all = [...turned, ...turned.map((t) => -t)];
        return all.indexOf(Math.max(...all));
      });
      const sorted = range(n).sort((p, q) => (codes[p] ?? 0) - (codes[q] ?? 0) || p - q);
      const chunkOf = (position: number): number => Math.floor(sorted.indexOf(position) / chunk);
      const seen = range(n).filter((j) => {
        const back = (chunkOf(i) - chunkOf(j) + n / chunk) % (n / chunk);
        return codes[i] === codes[j] && j <= i && back <= 1;
      });
      const scores = seen.map((j) =>
        i === j ? -1e5 : sum(range(c).map((k) => at(x, m, h, i, k) * at(x, m, h, j, k))) / Math.sqrt(c),
      );
      return sum(softmax(scores).map((weight, s) => weight * at(x, m, h, seen[s] ?? 0, channel)));
    });
    await expectModel(
      {
        variables: "[n]",
        config: "heads = 3, c = 4, chunk = 3",
        inputs: "x: f32[batch, heads, n, c], rotations: f32[heads, c, half: 2]",
        where: "n % chunk == 0",
        result: "f32[batch, heads, n, c]",
        body,
        values: { x, rotations },
      },
      due,
    );
  });
});
