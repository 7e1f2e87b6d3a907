import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

export interface Served {
  readonly address: string;
  /** What was asked for since it was last emptied. */
  readonly given: Map<string, Buffer>;
  readonly close: () => void;
}

/** Serves a folder below a sub-path, as any static host does: without ranges, without special headers. */
export async function serve(folder: string): Promise<Served> {
  const given = new Map<string, Buffer>();
  const server: Server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname));
    const name = path.startsWith("/some/path/") ? path.slice("/some/path/".length) || "index.html" : undefined;
    if (name === undefined) return void response.writeHead(404).end();
    readFile(join(folder, name)).then(
      (bytes) => {
        given.set(name, bytes);
        response
          .writeHead(200, { "content-type": types[extname(name)] ?? "text/plain", "content-length": bytes.length })
          .end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  // WebGPU wants a secure origin; localhost is one.
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a port");
  return {
    given,
    address: `http://localhost:${address.port}/some/path/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
