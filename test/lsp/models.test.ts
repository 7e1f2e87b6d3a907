import { expect, test } from "vitest";
import type { ModelRequests } from "../../language-server/protocol.js";
import { clientHere, type Client } from "./client.js";
import { example } from "./example.js";

const uri = "file:///models/gpt2.tfm";

async function opened() {
  const client = await clientHere();
  await client.open(uri, example("gpt2.tfm"));
  return client;
}
const textDocument = { uri };

const ask = <M extends keyof ModelRequests>({ connection }: Client, method: M, params: ModelRequests[M]["params"]) =>
  connection.sendRequest<ModelRequests[M]["result"]>(method, params);

test("a client can show the model: its configs, its numbers, its picture, its TypeScript", async () => {
  const client = await opened();
  const configs = await ask(client, "tfmc/configs", { textDocument });
  expect(configs?.map(({ name, model, isChosen }) => ({ name, model, isChosen }))).toMatchInlineSnapshot(`
    [
      {
        "isChosen": true,
        "model": "GPT2",
        "name": "gpt2",
      },
      {
        "isChosen": false,
        "model": "GPT2",
        "name": "gpt2_xl",
      },
    ]
  `);
  const summary = await ask(client, "tfmc/summary", { textDocument, length: 128 });
  expect(summary).toMatchObject({ config: configs?.[0]?.name, length: 128, parameters: { value: 124_439_808 } });
  expect(await ask(client, "tfmc/graph", { textDocument })).toMatchObject({
    svg: expect.stringContaining("<svg") as string,
  });
  expect(await ask(client, "tfmc/compile", { textDocument })).toMatchObject({
    code: expect.stringContaining("export") as string,
  });
  expect(client.log).toEqual([]);
});
