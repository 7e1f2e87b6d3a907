import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { importCheckpoint } from "../../cli/import/import-checkpoint.js";
import { verify, type VerifyOptions, type VerifyReport } from "../../cli/verify/verify.js";
import { safetensors } from "../cli/safetensors.js";
import { temporaryFolder } from "../cli/temporary-folder.js";
import { entriesOf } from "../cli/tiny.js";
import { caseFolder, ioOf } from "./case-folders.js";

/** Software WebGPU takes seconds for a token on a busy machine. */
export const webgpuTimeout = 300_000;

/** Imports a case into `folder` and verifies it there, as `tfmc import` and `tfmc verify` do. */
export function verifyCase(name: string, backend: string, folder: string, io = ioOf(name)): Promise<VerifyReport> {
  const path = join(folder, `${name}.tfm`);
  writeFileSync(path, importCheckpoint(caseFolder(name), path).text);
  return verify(path, { weights: caseFolder(name), io, tolerance: 1e-4, backend });
}

/** Verifies a file that is written for one feature, by what `features/NAME` holds of it. */
export function verifyText(text: string, options: VerifyOptions): Promise<VerifyReport> {
  const path = join(temporaryFolder(), "feature.tfm");
  writeFileSync(path, text);
  return verify(path, { ...options, weights: feature(options.weights), io: feature(options.io) });
}

const feature = (path: string): string => fileURLToPath(new URL(`features/${path}`, import.meta.url));

/** The reference of a case without what was decoded. */
export async function ioWithoutGreedy(name: string, folder: string): Promise<string> {
  const { "out.greedy": _, ...entries } = await entriesOf(ioOf(name));
  const path = join(folder, `${name}.io.safetensors`);
  writeFileSync(path, safetensors(entries));
  return path;
}
