import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** One script of `code` that may import `tfmc/runtime` and tfjs, for a browser or for Node. */
export async function bundle(code: string, target: "browser" | "node"): Promise<string> {
  const result = await build({
    stdin: { contents: code, resolveDir: source("."), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: target,
    logLevel: "silent",
    alias: {
      "tfmc/runtime": source("runtime/index.ts"),
      "#platform": source(`runtime/platform/${target}.ts`),
    },
    ...(target === "node" && { packages: "external" }),
  });
  const [output] = result.outputFiles;
  if (!output) throw new Error("a bundle is one file");
  return output.text;
}
