/** The runtime in a browser: WebGPU is the browser's own, and there is no file system. */
import type { Adapter, Platform } from "./platform.js";

export const platform: Platform = {
  order: ["webgpu", "wasm", "cpu"],

  async prepareWasm(files) {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    if (files !== undefined) setWasmPaths(files);
    return () => undefined;
  },

  async prepareWebGpu(named): Promise<Adapter | undefined> {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) return undefined;
    const { info } = adapter;
    const software = info.isFallbackAdapter || info.architecture === "swiftshader";
    if (software && !named) return undefined;
    return {
      description: info.description || `${info.vendor} ${info.architecture}`.trim(),
      software,
      ...(software && { note: "computing in software" }),
      release: () => undefined,
    };
  },

  openPath: (path) => Promise.reject(noFiles(path)),
  kindOfPath: (path) => Promise.reject(noFiles(path)),
  joinPath: (folder, name) => `${folder}/${name}`,
  createFile: (path) => Promise.reject(noFiles(path)),
};

function noFiles(path: string): Error {
  return new Error(`${path}: a browser has no file paths; pass a URL, a File or a Blob`);
}
