import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  disposeWeights,
  initialiseWeights,
  loadTokenizer,
  loadWeights,
  normal,
  param,
  read,
  repeat,
  saveWeights,
  useBackend,
} from "tfmc/runtime";

const parameters = { h: repeat(3, "i", { w: param("f32[d, d]", [600, 600], normal(1)) }) };
/** Its last layer alone: more than a megabyte of the file is of no use. */
const last = { w: param("f32[d, d]", [600, 600], normal(1), "h.2.w") };

let server: Server;
let base = "";
let file = new Uint8Array();
const asked: (string | undefined)[] = [];

/** /ranges/ answers ranges, /whole/ does not, /short/ breaks off, /split/ has shards. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? "";
  const range = /bytes=(\d+)-/.exec(request.headers.range ?? "");
  asked.push(request.headers.range);
  if (path === "/split/model.safetensors.index.json") {
    const text = '{"weight_map": {"h.0.w": "part.safetensors"}}';
    response.writeHead(200, { "content-length": text.length }).end(text);
  } else if (!/^\/(ranges|whole|short)\/model\.safetensors$/.test(path) && path !== "/split/part.safetensors") {
    response.writeHead(404).end();
  } else if (path.startsWith("/ranges") && range) {
    const from = Number(range[1]);
    response
      .writeHead(206, { "content-range": `bytes ${from}-${file.length - 1}/${file.length}` })
      .end(file.subarray(from));
  } else if (path.startsWith("/short")) {
    response.writeHead(200, { "content-length": file.length });
    response.write(file.subarray(0, 2_000_000), () => response.destroy());
  } else response.writeHead(200, { "content-length": file.length }).end(file);
}

beforeAll(async () => {
  await useBackend("cpu");
  const pieces: Uint8Array[] = [];
  const weights = initialiseWeights(parameters, 5);
  await saveWeights(parameters, weights, (bytes) => void pieces.push(bytes.slice()));
  file = new Uint8Array(Buffer.concat(pieces));
  disposeWeights(parameters, weights);
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port");
  base = `http://127.0.0.1:${address.port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function same(one: tf.Tensor, other: tf.Tensor | undefined): Promise<boolean> {
  return other !== undefined && Buffer.compare(bytesOf(await read(one)), bytesOf(await read(other))) === 0;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

describe("a checkpoint behind a URL", () => {
  it.each(["/ranges/model.safetensors", "/whole/model.safetensors", "/ranges", "/whole/", "/split"])(
    "%s",
    async (path) => {
      const due = initialiseWeights(parameters, 5);
      const weights = await loadWeights(parameters, base + path);
      for (const [at, layer] of weights.h.entries()) {
        expect(await same(layer.w, due.h[at]?.w)).toBe(true);
      }
      disposeWeights(parameters, due);
      disposeWeights(parameters, weights);
    },
  );

  it("skips what is not wanted, by ranges or by reading on", async () => {
    const due = initialiseWeights(parameters, 5);
    for (const [path, requests] of [
      ["/ranges", 2],
      ["/whole", 1],
    ] as const) {
      asked.length = 0;
      const weights = await loadWeights(last, new URL(`${base}${path}/model.safetensors`), { ignore: ["h.{i}.w"] });
      expect(await same(weights.w, due.h[2]?.w)).toBe(true);
      expect(asked).toHaveLength(requests);
      disposeWeights(last, weights);
    }
    disposeWeights(parameters, due);
  });

  it("says what went wrong", async () => {
    const before = tf.memory().numTensors;
    await expect(loadWeights(parameters, `${base}/none/model.safetensors`)).rejects.toThrow("there is no such file");
    await expect(loadWeights(parameters, `${base}/none`)).rejects.toThrow("neither model.safetensors nor");
    await expect(loadWeights(parameters, `${base}/short/model.safetensors`)).rejects.toThrow(
      /short\/model\.safetensors: the download ends at byte \d+ of/,
    );
    await expect(loadWeights(parameters, "http://127.0.0.1:1/model.safetensors")).rejects.toThrow("cannot be reached");
    expect(tf.memory().numTensors).toBe(before);
    expect(await loadTokenizer(`${base}/ranges`)).toBeUndefined();
  });
});
