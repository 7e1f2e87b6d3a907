import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { temporaryFolder } from "./temporary-folder.js";

export const commit = "0123456789abcdef0123456789abcdef01234567";

export interface Hub {
  /** What was asked for, in order: `GET /path`, with the range. */
  readonly asked: string[];
  /** After how many bytes the next download breaks off. */
  breakAfter: number | undefined;
  readonly cache: string;
  readonly close: () => void;
}

/** A server that answers for `someone/small` as the Hugging Face Hub does. It is the Hub for the test that starts it. */
export async function startHub(files: Readonly<Record<string, Uint8Array>>): Promise<Hub> {
  const asked: string[] = [];
  const cache = temporaryFolder();
  const entries = Object.entries(files).map(([path, content]) => {
    const etag = (algorithm: string): string => createHash(algorithm).update(content).digest("hex");
    const lfs = path.endsWith(".safetensors") && {
      lfs: { oid: etag("sha256"), size: content.length, pointerSize: 100 },
    };
    return { type: "file", path, size: content.length, oid: etag("sha1"), ...lfs };
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://hub");
    const { range, authorization } = request.headers;
    asked.push([request.method, pathname, range, authorization].filter(Boolean).join(" "));
    const json = (value: unknown): void =>
      void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (/^\/api\/models\/someone\/small\/revision\/(main|v1)$/.test(pathname))
      return json({ id: "someone/small", sha: commit });
    if (pathname === `/api/models/someone/small/tree/${commit}`)
      return json([...entries, { type: "directory", path: "onnx", size: 0 }]);
    const content = files[/^\/someone\/small\/resolve\/[0-9a-f]{40}\/(.*)$/.exec(pathname)?.[1] ?? ""];
    if (!content)
      return void response.writeHead(401, { "content-type": "application/json" }).end('{"error":"no such model"}');
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    const rest = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length });
    if (hub.breakAfter === undefined) return void response.end(rest);
    response.write(rest.subarray(0, hub.breakAfter));
    hub.breakAfter = undefined;
    // What is on the way when a connection breaks is lost: it breaks once something has been kept.
    const waiting = setInterval(() => {
      if (!hasPart(cache)) return;
      clearInterval(waiting);
      response.destroy();
    }, 5);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("HF_ENDPOINT", `http://127.0.0.1:${port}/`);
  vi.stubEnv("HF_HUB_CACHE", cache);
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(() => {
    close();
    vi.unstubAllEnvs();
  });
  const hub: Hub = { asked, breakAfter: undefined, cache, close };
  return hub;
}

function hasPart(folder: string): boolean {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.some((name) => name.endsWith(".incomplete") && statSync(join(folder, name)).size > 0);
}
