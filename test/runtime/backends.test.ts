import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { describe, expect, it } from "vitest";
import { assertNoGpuErrors, initialiseWeights, ones, param, read, useBackend } from "tfmc/runtime";

describe("useBackend", () => {
  it("says what it took and why", async () => {
    const chosen = await useBackend();
    expect(chosen.reason).not.toBe("");
    expect(tf.getBackend()).toBe(chosen.name);
    if (chosen.name !== "webgpu") expect(chosen.reason).toContain("webgpu: no adapter");
    expect(await useBackend("cpu")).toEqual({ name: "cpu", reason: "asked for by name" });
    expect((await useBackend("wasm")).name).toBe("wasm");
    const gpu = await useBackend("webgpu");
    expect(gpu.name).toBe("webgpu");
    expect(gpu.device).toBeTruthy();
  });

  it("knows no other names", async () => {
    await expect(useBackend("cuda")).rejects.toThrow('no backend "cuda"; there are webgpu, wasm, cpu');
  });

  it("does not take a software adapter unasked, though one is running", async () => {
    const gpu = await useBackend("webgpu");
    if (gpu.reason.includes("software")) expect((await useBackend()).name).toBe("wasm");
  });
});

describe("the GPU's errors", () => {
  it("are thrown where the numbers are read", async () => {
    await useBackend("webgpu");
    const x = tf.tensor1d([1, 2, 3]);
    const backend = gpu();
    const broken = {
      outputShape: [3],
      dispatchLayout: { x: [0] },
      dispatch: [1, 1, 1] as [number, number, number],
      workgroupSize: [64, 1, 1] as [number, number, number],
      variableNames: ["x"],
      shaderKey: "broken",
      size: true,
      getUserCode: () => "fn main(index: i32) { nonsense; }",
    };
    const info = backend.runWebGPUProgram(broken, [x], "float32");
    const y = tf.engine().makeTensorFromTensorInfo(info);
    await expect(read(y)).rejects.toThrow(/^webgpu: /);
    assertNoGpuErrors();
    expect(Array.from(await read(tf.tensor1d([1])))).toEqual([1]);
    tf.dispose([x, y]);
  });
});

describe("memory", () => {
  it("that WebAssembly does not have is an error, and it goes on after", async () => {
    await useBackend("wasm");
    const backend = tf.backend();
    if (!isWriter(backend)) throw new Error("the backend writes");
    const kept: object[] = [];
    // Nothing is written, so that the machine need not have the memory.
    expect(() => {
      for (let n = 0; n < 9; n++) kept.push(backend.write(null, [2 ** 27], "float32"));
    }).toThrow(/^wasm: out of memory: 512\.0 MiB more than its 4 GiB/);
    expect(kept.length).toBeGreaterThan(5);
    for (const id of kept) tf.backend().disposeData(id);
    expect(Array.from(await read(tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1))))).toEqual([2, 3]);
  });

  it("is asked for before any weight is made", async () => {
    await useBackend("wasm");
    const huge = { a: param("f32[n]", [2 ** 29], ones), b: param("f32[n]", [2 ** 29 + 1], ones) };
    expect(() => initialiseWeights(huge, 0)).toThrow("wasm: the weights are 4.00 GiB, more than its 4 GiB");
    await useBackend("webgpu");
    const wide = { a: param("f32[n]", [2 ** 40], ones) };
    expect(() => initialiseWeights(wide, 0)).toThrow("webgpu: a is 4096.00 GiB; this adapter holds ");
  });
});

function gpu(): WebGPUBackend {
  const backend = tf.backend();
  if (!isGpu(backend)) throw new Error("webgpu is not in use");
  return backend;
}

function isGpu(backend: object): backend is WebGPUBackend {
  return "runWebGPUProgram" in backend;
}

function isWriter(backend: object): backend is { write(values: null, shape: number[], dtype: string): object } {
  return "write" in backend;
}
