// Writes runtime/kernels/wasm/binary.ts from the AssemblyScript beside it, so that the runtime has its WebAssembly without
// fetching a file. `--check` writes nothing and fails where the file is out of date.
import { Buffer } from "node:buffer";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { main as compile } from "assemblyscript/asc";

const entry = "runtime/kernels/wasm/assembly/index.ts";
const target = new URL("../runtime/kernels/wasm/binary.ts", import.meta.url);

/** The text that runtime/kernels/wasm/binary.ts ought to have. */
export async function embedded() {
  let binary;
  const { error, stderr } = await compile(
    [
      ...[entry, "--outFile", "kernels.wasm", "-O3", "--noAssert", "--enable", "simd", "--runtime", "stub"],
      // The memory is the backend's. Functions that pass v128 are not exported: warning 112 is of no use.
      ...["--importMemory", "--noExportMemory", "--initialMemory", "0", "--disableWarning", "112"],
    ],
    {
      readFile: (name, base) => {
        const file = new URL(name, pathToFileURL(`${fileURLToPath(new URL("..", import.meta.url))}${base}/`));
        return existsSync(file) ? readFileSync(file, "utf8") : null;
      },
      writeFile: (_, contents) => (binary = contents),
    },
  );
  if (error || !binary) throw new Error(`${entry}: ${stderr.toString() || error}`);
  const lines =
    Buffer.from(binary)
      .toString("base64")
      .match(/.{1,110}/g) ?? [];
  return [
    "/** The WebAssembly of `assembly/`, in base64. Written by scripts/build-kernels.mjs; `npm run update` writes it again. */\n",
    "export const binary =\n",
    lines.map((line) => `  "${line}"`).join(" +\n"),
    ";\n",
  ].join("");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const text = await embedded();
  const stale = !existsSync(target) || readFileSync(target, "utf8") !== text;
  if (stale && process.argv.includes("--check")) {
    console.error(`${fileURLToPath(target)} is out of date: run \`npm run update\`.`);
    process.exitCode = 1;
  } else if (stale) {
    writeFileSync(target, text);
  }
}
