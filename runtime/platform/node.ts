/** The runtime in Node: WebGPU is Dawn, from the npm package `webgpu`, and files are the file system's. */
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { randomUUID } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { prepareDawn } from "./dawn.js";
import type { Platform } from "./platform.js";

export const platform: Platform = {
  order: ["webgpu", "wasm", "cpu"],

  async prepareWasm(files) {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const main = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(files ?? dirname(main) + sep);
    // The module catches the process's uncaught errors, only to throw them anew: a detour that costs the exit status.
    const before = new Set(uncaughtListeners().map(({ listener }) => listener));
    return () => {
      for (const { event, listener } of uncaughtListeners()) if (!before.has(listener)) events.off(event, listener);
    };
  },

  prepareWebGpu: prepareDawn,

  async openPath(path) {
    const file = await open(path, "r").catch((error: unknown) => {
      throw new Error(`${path}: ${reason(error)}`, { cause: error });
    });
    const { size } = await file.stat();
    return {
      name: path,
      size,
      async read(from, to) {
        const bytes = new Uint8Array(to - from);
        let filled = 0;
        while (filled < bytes.length) {
          // One system call reads at most 2 GiB.
          const length = Math.min(bytes.length - filled, 2 ** 30);
          const { bytesRead } = await file.read(bytes, filled, length, from + filled);
          if (bytesRead === 0) throw new Error(`${path}: ends at byte ${from + filled}, ${to} are due`);
          filled += bytesRead;
        }
        return bytes;
      },
      close: () => file.close(),
    };
  },

  async kindOfPath(path) {
    const found = await stat(path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw new Error(`${path}: ${reason(error)}`, { cause: error });
    });
    return found && (found.isDirectory() ? "folder" : "file");
  },

  joinPath: join,

  async createFile(path) {
    // Written beside its place and renamed when whole: a full disk leaves the earlier file as it was.
    const partial = `${path}.${randomUUID()}.partial`;
    const fail = (error: unknown): never => {
      throw new Error(`${path}: ${reason(error)}`, { cause: error });
    };
    const file = await open(partial, "wx").catch(fail);
    return {
      name: path,
      async write(bytes) {
        let written = 0;
        while (written < bytes.length) {
          const length = Math.min(bytes.length - written, 2 ** 30);
          written += (await file.write(bytes, written, length).catch(fail)).bytesWritten;
        }
      },
      async finish() {
        await file.sync().catch(fail);
        await file.close();
        await rename(partial, path).catch(fail);
      },
      async abandon() {
        await file.close();
        await rm(partial, { force: true });
      },
    };
  },
};

type Listener = Parameters<EventEmitter["on"]>[1];

const events: EventEmitter = process;

function uncaughtListeners(): { event: string; listener: Listener }[] {
  const listeners = (event: string): Listener[] => events.rawListeners(event).filter(isListener);
  return ["uncaughtException", "unhandledRejection"].flatMap((event) =>
    listeners(event).map((listener) => ({ event, listener })),
  );
}

function isListener(listener: unknown): listener is Listener {
  return typeof listener === "function";
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function reason(error: unknown): string {
  if (isMissing(error)) return "no such file";
  return error instanceof Error ? error.message : String(error);
}
