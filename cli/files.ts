import { randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { Failure } from "./failure.js";
import { systemReason } from "./system-error.js";

/** No description of a model comes near; a checkpoint named by mistake does. */
export const largestSource = 16 * 1024 * 1024;

/** Reads a `.tfm` file, or another small text. Throws a `Failure` where it cannot be read as UTF-8. */
export function readSource(path: string): string {
  return decode(path, readBytes(path));
}

/** The same, or undefined where nothing is there. */
export function readSourceIfPresent(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? undefined : readSource(path);
}

/** Reads at most `largestSource` bytes, from pipes and devices too, whose size nobody knows before. */
function readBytes(path: string): Uint8Array {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const status = fstatSync(file);
    if (status.isDirectory()) throw new Failure(`cannot read ${path}: it is a folder`);
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(
        size === 0 && status.isFile() ? Math.min(status.size, largestSource) + 1 : 65536,
      );
      const read = readSync(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      size += read;
      if (size > largestSource) throw new Failure(`${path} is too large: more than ${largestSource / 1024 / 1024} MiB`);
    }
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new Failure(`cannot read ${path}: ${reason}`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const offset = firstInvalid(bytes);
    const line = bytes.subarray(0, offset).reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 1);
    const byte = (bytes[offset] ?? 0).toString(16).padStart(2, "0");
    throw new Failure(`${path}:${line} is not UTF-8: byte 0x${byte} at offset ${offset}`, "save the file as UTF-8");
  }
}

/** The offset at which the first sequence of bytes begins that is no character. */
function firstInvalid(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, middle), { mayEndWithin: true })) valid = middle;
    else invalid = middle;
  }
  // The longest prefix that could still become text may end with the first bytes of the wrong sequence.
  while (!isUtf8(bytes.subarray(0, valid), { mayEndWithin: false })) valid--;
  return valid;
}

function isUtf8(bytes: Uint8Array, { mayEndWithin }: { readonly mayEndWithin: boolean }): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: mayEndWithin });
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * Writes a file so that at every moment its path has either the earlier content or the new: first into a file beside
 * it, then renamed over it. A symbolic link keeps pointing where it points; a device or pipe is written as it is.
 * Throws a `Failure` where it cannot be written, and leaves nothing behind.
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  let temporary: string | undefined;
  try {
    const earlier = statSync(path, { throwIfNoEntry: false });
    if (earlier?.isDirectory()) throw new Failure(`cannot write ${path}: it is a folder`);
    if (earlier && !earlier.isFile()) {
      writeFileSync(path, content);
      return;
    }
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    const target = isLink && earlier ? realpathSync(path) : path;
    const candidate = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
    const file = openSync(candidate, "wx", earlier?.mode ?? 0o666);
    temporary = candidate;
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(candidate, target);
    temporary = undefined;
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    throw new Failure(`cannot write ${path}: ${reason}`);
  } finally {
    if (temporary !== undefined) rmSync(temporary, { force: true });
  }
}
